"""Wording, polarity, rubrics and feedback: the small parts a grade is made of."""

import pytest

from tests.grading.samples import EN, ZH, key_points
from tutor.domain import KeyPointGrade, RepeatedMisconception
from tutor.errors import AttemptError
from tutor.grading import guards
from tutor.grading.feedback import write_feedback
from tutor.grading.rubric import MAX_STATEMENTS, read_request, rubric_from_request, split_statements
from tutor.text.reading import Text
from tutor.text.wording import number_agreement, read_wording, term_recall, weigh_terms

NOTHING = read_wording("")


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("The cache increases memory use.", "The cache decreases memory use."),
        ("BERT 的注意力是双向的。", "BERT 的注意力是单向的。"),
        ("Decoding is memory-bound.", "解码是计算受限的。"),
        ("学习率要变大", "the learning rate is reduced"),
    ],
)
def test_opposite_poles_are_found_within_and_across_languages(statement: str, evidence: str) -> None:
    one, other = Text(statement), Text(evidence)
    assert one.antonym_mismatch(other) >= 0.5
    assert one.antonym_mismatch(one) == other.antonym_mismatch(other) == 0.0


@pytest.mark.parametrize(
    ("statement", "evidence", "mismatch"),
    [
        ("The result is exact.", "The result is not exact.", True),
        ("结果是精确的", "结果不是精确的", True),
        ("The result is exact.", "Not only is the result exact, it is fast.", False),
        ("无监督学习需要数据", "无监督学习需要很多数据", False),
        ("It is not an approximation.", "It isn't an approximation.", False),
    ],
)
def test_negation_reaches_the_terms_behind_it(statement: str, evidence: str, mismatch: bool) -> None:
    assert (Text(statement).negation_mismatch(Text(evidence)) > 0) is mismatch


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("about 2.1 GB", (1.0, 0.0)), ("2.12 GB", (1.0, 0.0)), ("roughly 2100 MB", (1.0, 0.0)), ("about 21 GB", (0.0, 1.0)),
        ("quite a lot", (0.0, 0.0)),
    ],
)  # fmt: skip
def test_numbers_agree_across_units_and_rounding(said: str, expected: tuple[float, float]) -> None:
    assert number_agreement(read_wording("It takes 2.1 GB."), NOTHING, read_wording(said).numbers) == expected


def test_terms_that_the_question_gives_away_prove_less() -> None:
    statement, question = read_wording("Attention saturates the softmax."), read_wording("What about attention?")
    weights = weigh_terms([statement], question)
    given = term_recall(statement, read_wording("attention"), weights, crossed=False)
    own = term_recall(statement, read_wording("softmax"), weights, crossed=False)
    assert 0 < given < own < 1


def test_a_reference_becomes_statements_and_a_list_its_items() -> None:
    assert split_statements("方差等于 d_k。分数过大使 softmax 饱和。") == [
        "方差等于 d_k。",
        "分数过大使 softmax 饱和。",
    ]
    assert split_statements("分拣的主要因素：分区、订单分割、订单分批、分类。", "分拣的主要因素有哪些？") == [
        "分区",
        "订单分割",
        "订单分批",
        "分类",
    ]
    assert len(split_statements(". ".join(f"Statement about topic {i} here" for i in range(40)))) <= MAX_STATEMENTS


def test_a_list_that_is_too_long_keeps_its_own_separators_and_words_with_a_separator_in_them_stay_whole() -> None:
    assert split_statements("先加权求和、再归一化、最后饱和度归零。") == ["先加权求和", "再归一化", "最后饱和度归零"]
    items = [f"第{number}步清洗" for number in range(MAX_STATEMENTS + 6)]
    statements = split_statements("、".join(items) + "。")
    assert len(statements) == MAX_STATEMENTS
    assert "、".join(statements) == "、".join(items)


def test_only_pieces_of_a_reference_are_graded_as_such() -> None:
    long = "\n".join(f"- 第{number}步：清洗、去重、切分和编码。" for number in range(9))
    assert rubric_from_request("数据怎么处理？", (), long).from_reference
    assert not rubric_from_request("数据怎么处理？", ["清洗、去重。"], "清洗、去重。").from_reference


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ({"question": "Why?"}, "reference"), ({"question": 3, "reference": "x"}, "question"), ({"key_points": "a"}, "key_points"),
        ({"key_points": ["a", 1]}, "key_points"), ({"key_points": ["  "]}, "key_points"), ({"reference": "x" * 9_000}, "reference"),
        ({"key_points": ["a"] * 50}, "key_points"),
    ],
)  # fmt: skip
def test_a_malformed_request_names_its_field(line: dict[str, object], named: str) -> None:
    with pytest.raises(AttemptError, match=named):
        read_request(line)


def test_key_points_win_over_the_reference_and_the_language_is_theirs() -> None:
    rubric = rubric_from_request("为什么？", ["softmax 会饱和。"], "An English reference.")
    assert rubric.key_points == key_points(("softmax 会饱和。", 1.0))
    assert rubric.language == "zh"


def test_feedback_names_what_was_right_wrong_and_most_worth_adding() -> None:
    texts = [point.statement for point in ZH.key_points]
    points = (
        KeyPointGrade(texts[0], 2.0, 0.9, "covered", "方差是 d_k"),
        KeyPointGrade(texts[1], 3.0, 0.1, "missed", None),
        KeyPointGrade(texts[2], 1.0, 0.2, "missed", None),
    )
    repeated = (RepeatedMisconception(ZH.misconceptions[0].claim, ZH.misconceptions[0].correction, "主要防止溢出"),)
    lines = write_feedback(ZH, points, repeated, None, (guards.INJECTION,)).splitlines()
    assert lines[0] == "讲对了：点积的方差等于 d_k，维度越大分数越大。"
    assert lines[1] == f"这里说错了：“主要防止溢出”。{ZH.misconceptions[0].correction}"
    assert lines[2] == "最值得补上的一点：分数过大会使 softmax 饱和，梯度接近 0。"
    assert "没有计入" in lines[3]


def test_feedback_on_a_complete_answer_is_short_and_in_the_language_of_the_rubric() -> None:
    points = tuple(KeyPointGrade(point.statement, point.weight, 0.95, "covered", "words") for point in EN.key_points)
    assert write_feedback(EN, points, (), None, ()) == "You covered every key point; this is a complete answer."
