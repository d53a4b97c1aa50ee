"""The choice of questions: repeatable, spread, not the same ones again."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.interview.material import entry
from tutor.domain import Entry, Plan
from tutor.errors import InterviewError
from tutor.interview.plan import choose_entries, fitting_entries

GROUPS = ("foundations", "architecture", "training", "inference")
PLAN = Plan(groups=(), levels=(), questions=8, language="en", seed=1)


def bank_of(per_cell: int = 3) -> list[Entry]:
    return [
        entry(f"{group}-{level}-{n}", group=group, level=level)
        for group in GROUPS
        for level in (1, 2, 3)
        for n in range(per_cell)
    ]


def chosen(plan: Plan, entries: list[Entry], recent: tuple[str, ...] = ()) -> list[Entry]:
    by_id = {item.id: item for item in entries}
    return [by_id[name] for name in choose_entries(plan, entries, recent).entry_ids]


def test_the_same_seed_gives_the_same_questions_whatever_the_order_of_the_bank() -> None:
    entries = bank_of()
    first = choose_entries(PLAN, entries)
    assert first == choose_entries(PLAN, list(reversed(entries)))
    assert first.entry_ids != choose_entries(replace(PLAN, seed=2), entries).entry_ids
    assert replace(first, entry_ids=()) == PLAN


@pytest.mark.parametrize("seed", range(20))
def test_groups_and_levels_get_equal_shares(seed: int) -> None:
    picks = chosen(replace(PLAN, seed=seed, questions=12), bank_of())
    assert Counter(item.group for item in picks) == dict.fromkeys(GROUPS, 3)
    assert Counter(item.level for item in picks) == {1: 4, 2: 4, 3: 4}
    assert len({item.id for item in picks}) == 12


def test_basic_questions_come_first() -> None:
    levels = [item.level for item in chosen(PLAN, bank_of())]
    assert levels == sorted(levels)


def test_only_the_chosen_groups_and_levels_are_asked() -> None:
    plan = replace(PLAN, groups=("training", "inference"), levels=(2,), questions=4)
    picks = chosen(plan, bank_of())
    assert Counter((item.group, item.level) for item in picks) == {("training", 2): 2, ("inference", 2): 2}


def test_often_asked_questions_are_mildly_preferred() -> None:
    entries = [entry(f"{frequency}-{n}", frequency=frequency) for frequency in ("high", "low") for n in range(10)]
    picks = Counter(
        item.frequency for seed in range(300) for item in chosen(replace(PLAN, seed=seed, questions=2), entries)
    )
    assert 1.5 < picks["high"] / picks["low"] < 2.7


@pytest.mark.parametrize("seed", range(5))
def test_what_was_asked_recently_is_not_asked_while_there_is_something_else(seed: int) -> None:
    entries = bank_of()
    recent = tuple(item.id for item in entries[:20])
    picks = chosen(replace(PLAN, seed=seed), entries, recent)
    assert not {item.id for item in picks} & set(recent)


def test_when_everything_was_asked_recently_what_was_asked_longest_ago_comes_back() -> None:
    entries = [entry(f"e{n}") for n in range(6)]
    recent = ("e0", "e1", "e2", "e3", "e4", "e0")  # latest first; e0 again long ago
    picks = chosen(replace(PLAN, questions=3), entries, recent)
    assert {item.id for item in picks} == {"e5", "e4", "e3"}


def test_too_few_entries_is_said_with_what_is_possible() -> None:
    plan = replace(PLAN, groups=("training",), levels=(3,), questions=5)
    with pytest.raises(InterviewError) as caught:
        choose_entries(plan, bank_of())
    message = str(caught.value)
    assert "expected 5 questions (topics: training; levels: 3), found 3 that fit" in message
    assert "ask for at most 3, or choose more topics or levels; the whole bank has 36" in message
    assert len(fitting_entries(plan, bank_of())) == 3
    assert len(choose_entries(replace(plan, questions=3), bank_of()).entry_ids) == 3


def test_no_entry_at_all_offers_no_zero_questions() -> None:
    with pytest.raises(InterviewError, match=r"found 0 that fit\. You can choose more topics or levels"):
        choose_entries(replace(PLAN, levels=(9,)), bank_of())
    with pytest.raises(InterviewError, match="You can add entries to the bank"):
        choose_entries(PLAN, [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"questions": 0}, "at least 1 question, found 0"),
        ({"language": "fr"}, "expected one of the languages zh, en, found 'fr'"),
        ({"groups": ("cooking",)}, r"topics of the bank \(architecture.*\), found cooking"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(InterviewError, match=message):
        choose_entries(replace(PLAN, **change), bank_of())  # type: ignore[arg-type]
