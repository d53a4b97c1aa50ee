"""Chooses the questions of a mock interview. Pure: the seed and what was asked before come in as values."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tutor.bank.schema import GROUPS
from tutor.domain import LANGUAGES, Bilingual, Entry, Plan
from tutor.errors import InterviewError
from tutor.messages import Message

# Often asked questions are twice as likely as rare ones: enough to notice, too little to drown the rest.
_FREQUENCY_WEIGHTS = {"high": 2.0, "medium": 1.5, "low": 1.0}
RECENT_INTERVIEWS = 3  # what these asked is not asked again as long as others are left


def choose_entries(plan: Plan, entries: Iterable[Entry], recent: Sequence[str] = ()) -> Plan:
    """The plan with `questions` entry ids in the order to ask them, basic levels first.

    The same plan, bank and `recent` give the same choice. Groups, and levels within them, get equal shares as far as
    the bank allows. Entries of `recent` (ids, latest asked first) are taken only when no others are left, the
    one asked longest ago first. Raises InterviewError when the plan makes no sense or fewer entries fit.
    """
    bank = list(entries)
    fitting = fitting_entries(plan, bank)
    _check(plan, bank, fitting)
    rng = random.Random(plan.seed)  # noqa: S311 - a shuffle that can be repeated, no secret
    asked = {entry_id: age for age, entry_id in reversed(list(enumerate(recent)))}
    fresh = [entry for entry in fitting if entry.id not in asked]
    stale = sorted((entry for entry in fitting if entry.id in asked), key=lambda entry: -asked[entry.id])
    chosen = _spread(fresh, min(plan.questions, len(fresh)), rng)
    chosen += stale[: plan.questions - len(chosen)]
    chosen.sort(key=lambda entry: entry.level)  # stable: within a level the order stays mixed
    return replace(plan, entry_ids=tuple(entry.id for entry in chosen))


def fitting_entries(plan: Plan, entries: Iterable[Entry]) -> list[Entry]:
    """The entries of the plan's groups and levels: as many questions can be asked at most."""
    return [
        entry
        for entry in entries
        if (not plan.groups or entry.group in plan.groups) and (not plan.levels or entry.level in plan.levels)
    ]


def _spread(entries: Iterable[Entry], count: int, rng: random.Random) -> list[Entry]:
    """Each pick comes from the group with fewest picks, in it from the level with fewest; the rest is chance."""
    left = sorted(entries, key=lambda entry: entry.id)
    groups: Counter[str] = Counter()
    levels: Counter[int] = Counter()
    turn_of = {group: rng.random() for group in sorted({entry.group for entry in left})}
    chosen: list[Entry] = []
    while len(chosen) < count:
        group = min({entry.group for entry in left}, key=lambda name: (groups[name], turn_of[name]))
        rivals = [entry for entry in left if entry.group == group]
        fewest = min(levels[entry.level] for entry in rivals)
        rivals = [entry for entry in rivals if levels[entry.level] == fewest]
        pick = rng.choices(rivals, [_FREQUENCY_WEIGHTS[entry.frequency] for entry in rivals])[0]
        groups[pick.group] += 1
        levels[pick.level] += 1
        left.remove(pick)
        chosen.append(pick)
    return chosen


def _check(plan: Plan, bank: Sequence[Entry], fitting: Sequence[Entry]) -> None:
    if plan.questions < 1:
        raise InterviewError("interview.no_questions", found=plan.questions)
    if plan.language not in LANGUAGES:
        raise InterviewError("interview.unknown_language", known=LANGUAGES, found=plan.language)
    known = sorted({entry.group for entry in bank})
    unknown = [group for group in plan.groups if group not in known]
    if unknown:
        raise InterviewError(
            "interview.unknown_topics", known=list(map(_topic, known)), found=list(map(_topic, unknown))
        )
    if len(fitting) < plan.questions:
        raise _too_few(plan, len(fitting), len(bank))


def _too_few(plan: Plan, possible: int, total: int) -> InterviewError:
    wider = Message("interview.wider") if plan.groups or plan.levels else Message("interview.more_entries")
    return InterviewError(
        "interview.too_few",
        questions=plan.questions,
        topics=list(map(_topic, plan.groups)) or Message("interview.all"),
        levels=plan.levels or Message("interview.all"),
        possible=possible,
        step=Message("interview.fewer", possible=possible, wider=wider) if possible else wider,
        total=total,
    )


def _topic(group: str) -> Bilingual | str:
    return Bilingual(GROUPS[group].zh, group) if group in GROUPS else group
