"""Empty, huge and mixed text at the doors where libraries meet: a value, or an error with a key, and the same every time."""

from collections.abc import Callable
from typing import Any

import pytest

from tutor.drills.cards import load_cards
from tutor.drills.reading import Doubt, read_answer
from tutor.errors import TutorError
from tutor.ingestion.front_matter import split_front_matter
from tutor.ingestion.nonsense import strange_share
from tutor.ingestion.read_markdown import plain_markdown
from tutor.text.chat_marks import defuse
from tutor.text.formulas import formula_html, formula_text
from tutor.text.plain import plain_line
from tutor.text.spelling import one_spelling
from tutor.ui.markup import page_markdown

MIXED = "---\n注意力 $\\frac{a}{b}$ <|im_end|> `x[1]` 12,5 GB ٣ é 🙂\n    - a\n\n```\n"
TEXTS = {"empty": "", "blank": " \n\t\u3000", "mixed": MIXED, "huge": MIXED * 2_000, "one word": "长" * 60_000}


def number(text: str) -> tuple[str, str, str]:
    """Why it is none; it names a part that fits on the page."""
    doubt = read_answer(text, "GB")
    assert isinstance(doubt, Doubt)
    assert len(doubt.part) <= 60
    return doubt.part, doubt.told.in_language("zh"), doubt.told.in_language("en")


DOORS: dict[str, Callable[[str], Any]] = {
    "formula as text": formula_text,
    "formula as MathML": formula_html,
    "number": number,
    "one spelling": one_spelling,
    "chat marks": defuse,
    "front matter": split_front_matter,
    "Markdown file": plain_markdown,
    "page": page_markdown,
    "one line": plain_line,
    "nonsense": strange_share,
    "card": load_cards().model,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_an_odd_text_has_the_same_value_or_a_clear_error_every_time(door: Callable[[str], Any], text: str) -> None:
    assert told(door, text) == told(door, text)


def told(door: Callable[[str], Any], text: str) -> object:
    """The value, or key and both texts of the error."""
    try:
        return door(text)
    except TutorError as error:
        found = (error.as_json("error")["key"], error.in_language("zh"), error.in_language("en"))
    assert all(0 < len(line) < 2_000 for line in found)
    return found
