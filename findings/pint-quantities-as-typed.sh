#!/usr/bin/env bash
# pint: quantities as people type them are read as something else, without a word. A comma as decimal mark vanishes (2,5 GB
# becomes 25 GB), Gb is a gilbert and Mb a megabarn, not bits, Gbps is gigabaud, 14 G is gauss, and "3 h 20 min" is
# a product of 60 hour-minutes. KB, which most people write for kB, is not known. A learner's answer must be read before pint sees it.
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet pint==0.25.3 || exit 2
cat >"$work/try.py" <<'PY'
import sys

import pint

registry = pint.UnitRegistry()
described = {
    "2,5 GB": "25 gigabyte",
    "1,500 MB": "1500 megabyte",
    "34 Gb": "34 gilbert",
    "34 Mb": "34 megabarn",
    "400 Gbps": "400 gigabaud",
    "14 G": "14 gauss",
    "3 h 20 min": "60 hour * minute",
    "5 KB": "UndefinedUnitError",
}
as_described = True
for typed, expected in described.items():
    try:
        read = str(registry.Quantity(typed))
    except pint.UndefinedUnitError as error:
        read = type(error).__name__
    print(f"{typed!r} is read as: {read}")
    as_described &= read == expected
print("package pint", pint.__version__, "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
