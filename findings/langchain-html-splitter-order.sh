#!/usr/bin/env bash
# langchain-text-splitters: HTMLHeaderTextSplitter puts the words of a paragraph into another order: the text of an element
# comes first, that of its bold, linked and code parts after it. "Scores are not divided" can read "Scores are divided not".
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet langchain-text-splitters==1.1.3 beautifulsoup4==4.15.0 lxml==6.1.3 || exit 2
cat >"$work/try.py" <<'PY'
import sys
from importlib.metadata import version

from langchain_text_splitters import HTMLHeaderTextSplitter

page = "<h1>Attention</h1><p>Scores are <b>not</b> divided by <code>d</code>, but by its root.</p>"
parts = [part.page_content for part in HTMLHeaderTextSplitter([("h1", "title")]).split_text(page)]
print(parts)
words = " ".join(parts[-1].split())
as_described = words.endswith("not d") and words.startswith("Scores are divided by")
name = "langchain-text-splitters"
print(f"package {name}", version(name), "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
