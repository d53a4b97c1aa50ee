#!/usr/bin/env bash
# jieba: a user word with a blank in it is accepted and never cut as one word, while one with a hyphen is; and full-width
# letters, as Chinese keyboards type them, fall apart into single characters where half-width ones stay a word.
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet jieba==0.42.1 || exit 2
cat >"$work/try.py" <<'PY'
import logging
import sys
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")
import jieba

jieba.setLogLevel(logging.WARNING)
for word in ("KV cache", "GPT-4o"):
    jieba.add_word(word)
blank, hyphen = jieba.lcut("KV cache的代价"), jieba.lcut("GPT-4o的代价")
wide, narrow = jieba.lcut("ＢＥＲＴ的层"), jieba.lcut("BERT的层")
print(blank, hyphen, wide, narrow, sep="\n")
as_described = (
    "KV cache" not in blank and "GPT-4o" in hyphen and wide[:4] == ["Ｂ", "Ｅ", "Ｒ", "Ｔ"] and narrow[0] == "BERT"
)
name = "jieba"
print(f"package {name}", version(name), "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
