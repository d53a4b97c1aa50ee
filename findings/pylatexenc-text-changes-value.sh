#!/usr/bin/env bash
# pylatexenc 2.10: LatexNodes2Text drops the brackets of fractions, knows no \binom, \tfrac and \|, and writes scripts
# beside their base, so that the text of a formula says another value than the formula.
# Exits 0 while this behaviour is as seen, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q pylatexenc==2.10
"$folder/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from pylatexenc.latex2text import LatexNodes2Text

seen = {
    r"\frac{p-1}{m+p-1}": "p-1/m+p-1",
    r"1-\binom{n-c}{k}/\binom{n}{k}": "1-n-ck/nk",
    r"\tfrac12": "12",
    r"D_{KL}(p\|q)": "D_KL(pq)",
}
print("pylatexenc", version("pylatexenc"))
found = {latex: LatexNodes2Text().latex_to_text(latex) for latex in seen}
for latex, text in found.items():
    print(f"{latex:32} -> {text!r}")
print("as seen" if found == seen else "CHANGED")
sys.exit(found != seen)
PY
# Seen (2026-11-30):
# pylatexenc 2.10
# \frac{p-1}{m+p-1}                -> 'p-1/m+p-1'
# 1-\binom{n-c}{k}/\binom{n}{k}    -> '1-n-ck/nk'
# \tfrac12                         -> '12'
# D_{KL}(p\|q)                     -> 'D_KL(pq)'
# as seen
