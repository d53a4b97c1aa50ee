"""Drills are realistic, repeatable and complete: every formula has one, in both languages, with a worked solution."""

import re

import pytest

from tutor.domain import LANGUAGES
from tutor.drills.cards import load_cards
from tutor.drills.draws import DRAWS
from tutor.drills.draws_by_hand import DRAWS_BY_HAND
from tutor.drills.formulas import FORMULAS, compute
from tutor.drills.generate import LEVELS, drill_kinds, generate_drill, load_questions, show_value
from tutor.drills.solution import render_solution
from tutor.errors import DrillError

CHINESE = re.compile("[\u4e00-\u9fff]")
SEEDS = range(12)


def test_every_formula_has_a_question_and_a_draw() -> None:
    assert set(load_questions()) == {**DRAWS, **DRAWS_BY_HAND}.keys() == FORMULAS.keys()


def test_there_are_at_least_twenty_kinds_over_three_levels() -> None:
    assert len(drill_kinds()) >= 20
    assert all(len(drill_kinds(level)) >= 6 for level in LEVELS)
    assert sum(len(drill_kinds(level)) for level in LEVELS) == len(drill_kinds())


@pytest.mark.parametrize("kind", drill_kinds())
def test_both_wordings_have_the_same_gaps(kind: str) -> None:
    text = load_questions()[kind].text
    assert sorted(re.findall(r"\{\w+\}", text.zh)) == sorted(re.findall(r"\{\w+\}", text.en))


@pytest.mark.parametrize("kind", drill_kinds())
def test_a_drill_is_the_same_for_a_seed_and_computes_what_it_says(kind: str) -> None:
    drills = [generate_drill(seed, kind=kind) for seed in SEEDS]
    assert drills == [generate_drill(seed, kind=kind) for seed in SEEDS]
    assert len({drill.question.en for drill in drills}) > 3
    for drill in drills:
        assert drill.answer == compute(kind, drill.values)
        assert drill.answer.value != 0
        assert CHINESE.search(drill.question.zh)
        assert not CHINESE.search(drill.question.en)
        assert "{" not in drill.question.zh + drill.question.en
        for language in LANGUAGES:
            assert render_solution(drill.steps, language)


@pytest.mark.parametrize("kind", drill_kinds())
def test_a_question_states_every_value(kind: str) -> None:
    """A value that is not in the text is one that the text fixes in words (a precision, a kind of optimiser)."""
    in_words = {"bits", "bytes_per_value", "bytes_per_parameter", "gated", "tied", "positions", "biases", "qkv_biases", "recomputed",
                "shared_experts", "weight_bytes", "gradient_bytes", "optimizer_bytes", "bytes_per_adapter_parameter", "matrices",
                "message_bytes"}  # fmt: skip
    stated = set(re.findall(r"\{(\w+)\}", load_questions()[kind].text.zh))
    assert set(generate_drill(1, kind=kind).values) - stated <= in_words


def test_shown_values_lose_nothing() -> None:
    cards = load_cards()
    assert {show_value("peak_flops", gpu.peak_flops) for gpu in cards.gpus} >= {
        "312 TFLOP/s",
        "989 TFLOP/s",
        "165.2 TFLOP/s",
    }
    assert show_value("bandwidth_bytes_per_second", 2039e9) == "2.039 TB/s"
    assert show_value("parameters", 6.74e9) == "6.74B"
    assert show_value("flops", 5.76e23) == "5.76e23"
    assert show_value("mfu", 0.35) == "35%"
    assert show_value("context_tokens", 32768) == "32,768"


def test_a_level_and_any_kind() -> None:
    assert {generate_drill(seed, level=3).level for seed in SEEDS} == {3}
    assert len({generate_drill(seed).kind for seed in SEEDS}) > 5


def test_kind_and_seed_fix_the_drill_whatever_level_is_asked_for() -> None:
    for seed in SEEDS:
        by_level = generate_drill(seed, level=2)
        assert generate_drill(seed, kind=by_level.kind) == by_level


def test_unknown_kinds_and_levels_are_named() -> None:
    with pytest.raises(DrillError, match=r"`kv`: expected one of .*kv_cache"):
        generate_drill(1, kind="kv")
    with pytest.raises(DrillError, match="`4`: expected 1, 2 or 3"):
        generate_drill(1, level=4)
    with pytest.raises(DrillError, match="Correct the kind or the level"):
        generate_drill(1, kind="kv_cache", level=1)
