#!/usr/bin/env bash
# langchain-text-splitters: MarkdownHeaderTextSplitter takes the indentation from every line outside fences: nested lists
# become flat, and a comment in indented code becomes the heading of what follows, in place of the real one.
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet langchain-text-splitters==1.1.3 || exit 2
cat >"$work/try.py" <<'PY'
import sys
from importlib.metadata import version

from langchain_text_splitters import MarkdownHeaderTextSplitter

splitter = MarkdownHeaderTextSplitter([("#", "title")])
nested = splitter.split_text("# Costs\n- memory\n  - weights\n  - cache\n")[0].page_content
print(repr(nested))
code = [(part.metadata, part.page_content) for part in splitter.split_text("# Loss\nIn code:\n\n    # mean\n    x.mean()\n")]
print(code)
as_described = nested == "- memory\n- weights\n- cache" and code[-1] == ({"title": "mean"}, "x.mean()")
name = "langchain-text-splitters"
print(f"package {name}", version(name), "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
