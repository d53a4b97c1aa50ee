#!/usr/bin/env bash
# fsrs: a day is 24 hours since the last review, not a calendar day. A card reviewed at 8:00 and again at 7:59 the next
# morning counts as reviewed twice on one day (its stability does not grow); and until then its retrievability is exactly 1.
# Exit status 0: it behaves as described; 1: it behaves otherwise; 2: it could not be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv" || exit 2
"$work/venv/bin/pip" install --quiet fsrs==6.3.2 || exit 2
cat >"$work/try.py" <<'PY'
import sys
from datetime import datetime, timedelta, timezone
from importlib.metadata import version

from fsrs import Card, Rating, Scheduler

scheduler = Scheduler(enable_fuzzing=False)
first = datetime(2026, 12, 1, 8, tzinfo=timezone.utc)
card, _ = scheduler.review_card(Card(card_id=1), Rating.Easy, first)
stability, recalled = {}, {}
for hours in (23.98, 24.0):
    then = first + timedelta(hours=hours)
    recalled[hours] = scheduler.get_card_retrievability(card, then)
    stability[hours] = scheduler.review_card(card, Rating.Good, then)[0].stability
    print(f"after {hours} h: retrievability {recalled[hours]:.4f}, stability {card.stability:.2f} -> {stability[hours]:.2f}")
as_described = (
    recalled[23.98] == 1 and recalled[24.0] < 0.99 and stability[23.98] == card.stability and stability[24.0] > 13
)
name = "fsrs"
print(f"package {name}", version(name), "- as described" if as_described else "- NOT as described")
sys.exit(0 if as_described else 1)
PY
"$work/venv/bin/python" "$work/try.py"
