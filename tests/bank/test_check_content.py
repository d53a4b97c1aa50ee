"""Content: languages that match, lengths, key points, aliases, marks."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.bank.folder import BankFolder

Make = Callable[..., dict[str, Any]]


def test_the_limits_of_the_answer_hold_in_both_languages(bank: BankFolder, entry: Make) -> None:
    data = entry()
    data["answer"] = {"zh": "太短了，" * 20, "en": "far too short indeed " * 15}
    bank.write(data)
    problems = bank.problems()
    assert [problem.field for problem in problems] == ["answer.zh", "answer.en"]
    assert "expected 180-700 characters, found 60" in problems[0].problem
    assert "expected 120-350 words, found 60" in problems[1].problem


def test_an_answer_much_longer_in_one_language_is_reported(bank: BankFolder, entry: Make) -> None:
    data = entry()
    data["answer"]["zh"] += "这一句是多出来的内容。" * 22
    bank.write(data)
    assert "Chinese characters per English word" in bank.the_problem().problem


def test_a_number_in_one_language_only_is_reported_at_the_text_that_has_it(bank: BankFolder, entry: Make) -> None:
    data = entry()
    data["answer"]["en"] += "\nMeasured on 1,536 prompts."
    data["key_points"][0]["zh"] = "温度在 softmax 之前除以每个 logit，共 32000 个。"
    bank.write(data)
    problems = bank.problems()
    assert [problem.field for problem in problems] == ["answer.en", "key_points.0.zh"]
    assert "1,536" in problems[0].problem
    assert "32000" in problems[1].problem


def test_english_in_the_chinese_text_and_the_reverse_are_reported(bank: BankFolder, entry: Make) -> None:
    data = entry()
    data["hints"][0] = {"zh": "Think of the softmax.", "en": "想一想 softmax 之前发生了什么。"}
    bank.write(data)
    assert [problem.field for problem in bank.problems()] == ["hints.0.zh", "hints.0.en"]


@pytest.mark.parametrize(
    ("zh", "en", "words"),
    [
        ("温度除以 logit", "The temperature divides every logit", ["ends with 。", "ends with ."]),
        ("温度。", "Divides logits.", ["expected 5-45 words, found 2"]),
        ("温度除以 logit。", "**Temperature** divides every single logit.", ["a heading, bold text"]),
        ("温度除以 logit。", "Word " * 46 + "end.", ["expected 5-45 words, found 47"]),
    ],
)
def test_a_key_point_is_one_plain_sentence(bank: BankFolder, entry: Make, zh: str, en: str, words: list[str]) -> None:
    data = entry()
    data["key_points"][0] |= {"zh": zh, "en": en}
    bank.write(data)
    problems = bank.problems()
    assert len(problems) == len(words)
    assert all(expected in problem.problem for expected, problem in zip(words, problems, strict=True))


def test_headings_are_reported_and_comments_in_code_are_not(bank: BankFolder, entry: Make) -> None:
    data = entry()
    data["answer"]["en"] += "\n```python\n# divide first\n```\n"
    data["answer"]["zh"] += "\n## 小结\n"
    bank.write(data)
    problem = bank.the_problem()
    assert (problem.field, problem.problem) == ("answer.zh", "a heading (#)")


def test_an_alias_that_is_the_question_of_another_entry_is_reported(bank: BankFolder, entry: Make) -> None:
    one, two = entry("one"), entry("two")
    two["aliases"]["en"][1] = one["question"]["en"].upper().replace("?", "")
    bank.write(one, two)
    problems = [problem for problem in bank.problems() if problem.entry == "two"]
    assert [problem.field for problem in problems] == ["aliases.en.1"]
    assert "also asked by entry `one`" in problems[0].problem


def test_an_alias_said_twice_in_its_entry_is_reported(bank: BankFolder, entry: Make) -> None:
    data = entry()
    data["aliases"]["zh"][2] = data["aliases"]["zh"][0]
    bank.write(data)
    assert bank.the_problem().field == "aliases.zh.2"


def test_open_formulas_are_reported_with_their_field(bank: BankFolder, entry: Make) -> None:
    data = entry()
    data["hints"][1]["en"] = "Write $\\frac{1}{T$ first."
    data["aliases"]["en"][0] = "What is $T at zero?"
    bank.write(data)
    problems = {problem.field: problem.problem for problem in bank.problems()}
    assert set(problems) == {"hints.1.en", "aliases.en.0"}
    assert "a { without }" in problems["hints.1.en"]
    assert "odd number of $" in problems["aliases.en.0"]
