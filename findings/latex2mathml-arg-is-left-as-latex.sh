#!/usr/bin/env bash
# latex2mathml 3.81.1: \arg is not known, though \max and \min are; it is put into the MathML as the text "\arg".
# Exits 0 while this behaviour is as seen, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q latex2mathml==3.81.1
"$folder/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

from latex2mathml.converter import convert

shown = convert(r"\arg\max_x f")
print("latex2mathml", version("latex2mathml"))
print(shown)
is_as_seen = r"<mi>\arg</mi>" in shown and "<mo>max</mo>" in shown
print("as seen" if is_as_seen else "CHANGED")
sys.exit(not is_as_seen)
PY
# Seen (2026-11-30):
# latex2mathml 3.81.1
# <math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><mi>\arg</mi><msub><mo>max</mo><mi>x</mi></msub><mi>f</mi></mrow></math>
# as seen
