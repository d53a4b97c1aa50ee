"""Citation marks stand behind their sentence, with a blank on both sides, and break no Markdown."""

import pytest

from tests.samples import hit
from tutor.chat.support import Support, cite, strip_marks

FOUND = hit("It grows. 键和值。")


@pytest.mark.parametrize(
    ("text", "sentences", "cited"),
    [
        ("缓存变大。缓解办法有三。", ["缓存变大。", "缓解办法有三。"], "缓存变大。 [1] 缓解办法有三。 [1]"),
        ("It grows. It stays.", ["It grows.", "It stays."], "It grows. [1] It stays. [1]"),
        ("- a.\n- b.", ["- a.", "- b."], "- a. [1]\n- b. [1]"),
        ("| a | b |\n|---|---|\n| c | d |", ["| c | d |"], "| a | b |\n|---|---|\n| c | d [1] |"),
        ("So:\n```\nx\n```\nEnd.", ["```\nx\n```"], "So:\n```\nx\n```\n\n[1]\nEnd."),
        ("So $$x$$", ["So $$x$$"], "So $$x$$\n\n[1]"),
    ],
)
def test_a_mark_is_glued_to_no_word_and_breaks_no_table_code_or_formula(
    text: str, sentences: list[str], cited: str
) -> None:
    supports = [Support(sentence, FOUND, "It grows.") for sentence in sentences]
    assert cite(text, supports)[0] == cited


def test_marks_that_a_model_made_up_go_but_what_code_and_formulas_index_stays() -> None:
    assert strip_marks("It grows [1]. So 【2】 `x[1]` and $a[0]$[3].") == "It grows. So `x[1]` and $a[0]$."
