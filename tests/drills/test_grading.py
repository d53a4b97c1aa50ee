"""Verdicts tell apart what went wrong: every slip of every kind of drill is made once and must be named."""

from dataclasses import replace

import pytest

from tutor.domain import Bilingual
from tutor.drills.formulas import FORMULAS, compute
from tutor.drills.generate import Drill, drill_kinds, generate_drill
from tutor.drills.grading import Mark, grade_answer, show_answer
from tutor.drills.slips import CALLS, Slip, load_slips, slipped_result
from tutor.drills.units import Quantity

# How a learner would write the units of the formulas.
WRITTEN = {"number": "", "share": "", "FLOP": " FLOP", "days": " days"}


def a_drill(kind: str, **values: float) -> Drill:
    facts = {"heads": 32} if kind == "kv_cache" else {}
    return Drill(kind, 1, 1, Bilingual("问", "q"), values, facts, compute(kind, values), exact=False)


def seven_b(**changed: float) -> Drill:
    """The 7B example of the interview texts: 4.29 GB, which a circulating answer gives as 2 GB."""
    values = {"layers": 32, "kv_heads": 32, "head_dim": 128, "context_tokens": 2048, "batch": 4, "bytes_per_value": 2}
    return a_drill("kv_cache", **{**values, **changed})


def training_175b() -> Drill:
    """The 175B example: 39 days, which a circulating answer gives as 3 to 4 months."""
    return a_drill("training_days", parameters=175e9, tokens=300e9, gpus=1000, peak_flops=312e12, mfu=0.3)


ALL_SLIPS = [(kind, slip) for kind, slips in load_slips().items() for slip in slips]


def distinct_drill(kind: str, slip: Slip) -> tuple[Drill, float]:
    """A drill where the slip changes the result, and the wrong result."""
    for seed in range(60):
        drill = generate_drill(seed, kind=kind)
        result = slipped_result(slip, FORMULAS[kind], drill.values, drill.facts)
        if result:
            wrong = FORMULAS[kind].quantity(result).value
            if abs(wrong / drill.answer.value - 1) > 0.015:
                return drill, wrong
    raise AssertionError(f"{slip.id} never differs from the right answer")


@pytest.mark.parametrize(("kind", "slip"), ALL_SLIPS, ids=[f"{kind}-{slip.id}" for kind, slip in ALL_SLIPS])
def test_every_slip_is_named(kind: str, slip: Slip) -> None:
    drill, wrong = distinct_drill(kind, slip)
    mark = grade_answer(drill, f"{wrong:.6g}{WRITTEN.get(drill.answer.unit, ' ' + drill.answer.unit)}")
    assert mark.verdict == "slip", mark
    assert slip.id in mark.slips
    assert slip.text.zh in mark.message.zh
    assert slip.text.en in mark.message.en
    assert not mark.passed


@pytest.mark.parametrize("kind", drill_kinds())
def test_the_right_answer_is_right_for_every_kind(kind: str) -> None:
    for seed in range(20):
        drill = generate_drill(seed, kind=kind)
        mark = grade_answer(drill, f"{drill.answer.value:.4g}{WRITTEN.get(drill.answer.unit, ' ' + drill.answer.unit)}")
        assert mark.verdict == "right", (drill, mark)


def test_every_formula_has_slips_in_both_languages_with_names_of_their_own() -> None:
    assert set(load_slips()) == set(FORMULAS)
    for kind, slips in load_slips().items():
        assert len({slip.id for slip in slips}) == len(slips) >= 2, kind
        assert all(slip.text.zh and slip.text.en for slip in slips)
        assert sum(bool(slip.set or slip.formula) + bool(slip.value) + bool(slip.call) for slip in slips) == len(slips)
    assert {slip.call for _, slip in ALL_SLIPS if slip.call} == set(CALLS)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("4.29 GB", "right"),
        ("4.3 GB", "right"),
        ("4 GiB", "right"),
        ("4,295 MB", "right"),
        ("4294967296 B", "right"),
        ("约 4.2 GB", "rounded"),
        ("4 GB", "binary"),
        ("4.3 GiB", "binary"),
        ("4096 MB", "binary"),
        ("2.15 GB", "slip"),
        ("1.07 GB", "slip"),
        ("4.29 TB", "slip"),
        ("34.4 GB", "slip"),
        ("3 GB", "magnitude"),
        ("55 GB", "wrong"),
        ("39 days", "unit"),
        ("4.3 GB/s", "unit"),
        ("four", "unreadable"),
        ("4.3", "unreadable"),
        ("0 GB", "wrong"),
        ("-4.3 GB", "wrong"),
    ],
)
def test_the_kv_cache_of_the_7b_example(answer: str, verdict: str) -> None:
    assert grade_answer(seven_b(), answer).verdict == verdict


@pytest.mark.parametrize(
    ("answer", "verdict", "slip"),
    [
        ("39 days", "right", ""),
        ("约40天", "rounded", ""),
        ("935 小时", "right", ""),
        ("1.28 个月", "right", ""),
        ("13 days", "slip", "forward"),
        ("11.7 days", "slip", "mfu"),
        ("52 days", "slip", "recomputed"),
        ("39,000 days", "slip", "gpus"),
        ("100 days", "magnitude", ""),
        ("4个月", "magnitude", ""),
        ("一年", "wrong", ""),
    ],
)
def test_the_training_time_of_the_175b_example(answer: str, verdict: str, slip: str) -> None:
    mark = grade_answer(training_175b(), answer)
    assert mark.verdict == verdict
    assert not slip or slip in mark.slips


def test_query_heads_in_place_of_kv_heads_are_named() -> None:
    """A circulating formula holds for MHA only: with 8 KV heads the cache is 1 GiB, not 4."""
    assert grade_answer(seven_b(kv_heads=8), "1 GiB").verdict == "right"
    assert grade_answer(seven_b(kv_heads=8), "4 GiB").slips == ("heads",)


def test_training_states_of_7b_are_112_gb_and_weights_alone_are_a_slip() -> None:
    """A garbled circulating sum (2+4+2+"2 4") leaves out the optimiser's second moment or the master weights."""
    drill = a_drill("training_state_memory", parameters=7e9, bytes_per_parameter=16)
    assert grade_answer(drill, "112 GB").passed
    assert grade_answer(drill, "84 GB").slips == ("master",)
    assert grade_answer(drill, "14 GB").slips == ("weights-only",)


def test_several_slips_that_give_the_same_number_are_all_named() -> None:
    mark = grade_answer(seven_b(), "2.147 GB")
    assert mark.slips == ("k-and-v", "bytes")
    assert "或者" in mark.message.zh
    assert "; or " in mark.message.en


def test_a_message_does_not_give_the_answer_away() -> None:
    for answer in ("2.147 GB", "4 GB", "3 GB", "39 days"):
        mark: Mark = grade_answer(seven_b(), answer)
        assert "4.29" not in mark.message.zh + mark.message.en


@pytest.mark.parametrize(
    ("answer", "verdict"), [("53", "right"), ("52", "wrong"), ("52.92", "slip"), ("53.0", "right")]
)
def test_a_whole_number_must_be_hit(answer: str, verdict: str) -> None:
    values = {"values": (0.5, -1.2, 0.3), "position": 1, "bits": 8}
    drill = replace(a_drill("absmax_quantized", **values), exact=True)  # type: ignore[arg-type]
    assert grade_answer(drill, answer).verdict == verdict


def test_a_share_may_be_a_percentage_and_percent_forgotten_is_told() -> None:
    drill = a_drill("pipeline_bubble", stages=8, micro_batches=32)
    assert grade_answer(drill, "17.9%").verdict == "right"
    assert grade_answer(drill, "0.18").verdict == "right"
    assert grade_answer(drill, "17.9").slips == ("unit",)
    assert grade_answer(drill, "7/32").slips == ("relative",)


def test_answers_are_shown_in_the_words_of_a_language() -> None:
    assert show_answer(Quantity(38.95, "days"), "zh") == "38.95 天"
    assert show_answer(Quantity(38.95, "days"), "en") == "38.95 days"
    assert show_answer(Quantity(4.294967296, "GB"), "en") == "4.295 GB = 4 GiB"
    assert show_answer(Quantity(0.179487, "share"), "zh") == "0.1795 (17.95%)"
    assert show_answer(Quantity(3.15e23, "FLOP"), "en") == "3.15 × 10^23 FLOP"
