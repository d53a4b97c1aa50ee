"""Loads prompt texts. Knows no model and no purpose."""

import string
from functools import lru_cache
from importlib.resources import files

from tutor.domain import Language
from tutor.text.chat_marks import defuse


def fill_prompt(purpose: str, language: Language, **values: str) -> str:
    """The prompt `texts/<purpose>.<language>.md` with every $name filled. Raises KeyError for a name not given.

    The one door of text into a prompt: control marks in the values are taken apart, those of the prompt are not.

    `string.Template` leaves braces alone, which code and LaTeX in the values are full of.
    """
    return string.Template(_read(purpose, language)).substitute({name: defuse(value) for name, value in values.items()})


@lru_cache(maxsize=64)
def _read(purpose: str, language: Language) -> str:
    return files("tutor.prompts").joinpath("texts", f"{purpose}.{language}.md").read_text(encoding="utf-8").strip()
