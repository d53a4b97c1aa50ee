import pytest

from tutor.entailment.denial import is_excused
from tutor.fitted import Logistic
from tutor.grading.misconceptions import EXCUSED, chance
from tutor.text.reading import Text

CLAIM_ZH, CORRECTION_ZH = "除以 d_k 让方差变成 1。", "除以 √d_k 才让方差变成 1。"
CLAIM_EN, CORRECTION_EN = (
    "The scores are divided by d_k.",
    "They are divided by sqrt(d_k), which keeps the variance at 1.",
)


@pytest.mark.parametrize(
    "said", ["除以根号 d_k，方差回到 1。", "除以 d_k 的平方根，方差回到 1。", "除以 √d_k。", r"除以 $\sqrt{d_k}$。"]
)
def test_a_root_that_the_claim_lost_is_heard_in_signs_and_in_chinese(said: str) -> None:
    assert is_excused(Text(CLAIM_ZH), Text(CORRECTION_ZH), Text(said))


@pytest.mark.parametrize(
    "said",
    [
        "We divide by the square root of d_k.",
        "We divide by root d_k, I mean the root of d_k.",
        "Divide by sqrt(d_k).",
        "d_k^(1/2) is the divisor.",
    ],
)
def test_a_root_that_the_claim_lost_is_heard_in_signs_and_in_english(said: str) -> None:
    assert is_excused(Text(CLAIM_EN), Text(CORRECTION_EN), Text(said))


def test_a_root_excuses_nothing_where_the_claim_has_one() -> None:
    assert not is_excused(
        Text("除的是 d_model 的平方根。"), Text("除的是每个头的 √d_k。"), Text("除以 d_model 的平方根。")
    )


@pytest.mark.parametrize(
    ("said", "excused"),
    [
        ("加起来大约 47B 参数。", True),
        ("就是 56B 参数。", False),
        ("总共 56B，不是 47B。", False),
        ("它有 8 个专家。", False),
    ],
)
def test_the_corrections_number_excuses_unless_the_claims_stands_beside_it(said: str, excused: bool) -> None:
    claim, correction = "8 个专家合起来有 56B 参数。", "注意力是共享的，总参数约 47B。"
    assert is_excused(Text(claim), Text(correction), Text(said)) is excused


@pytest.mark.parametrize(
    ("said", "excused"),
    [
        ("很多人以为 AMP 能让显存减半。", True),
        ("很多人以为 AMP 能让显存减半，其实不会。", True),
        ("其实常见的误区是 AMP 能让显存减半。", True),
        ("有人说没有用，其实 AMP 能让显存减半。", False),
        ("AMP 能让显存减半。", False),
    ],
)
def test_who_names_a_mistake_as_one_does_not_make_it(said: str, excused: bool) -> None:
    assert is_excused(Text("AMP 让显存减半。"), Text("省下的主要是激活。"), Text(said)) is excused


def test_what_is_excused_has_no_chance_however_alike() -> None:
    sure = Logistic({}, {}, {}, intercept=9.0)
    assert chance(sure, {EXCUSED: 1.0}) == 0.0
    assert chance(sure, {EXCUSED: 0.0}) > 0.99
