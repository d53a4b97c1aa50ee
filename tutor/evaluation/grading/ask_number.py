"""The simplest grader there is, for comparison: the language model reads question, reference and attempt and names a number."""

import random
import re
from collections.abc import Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

NUMBERED = 20  # attempts a set that are asked about: each takes seconds
_SYSTEM = "You are an examiner. Compare the student's answer with the reference answer. Reply with one number from 0 (wrong or empty) to 10 (complete and right), nothing else."
_MOST = 1_200  # characters of each text
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def sample_positions(count: int, size: int = NUMBERED, seed: int = 0) -> list[int]:
    """Which of `count` attempts are asked about."""
    return sorted(random.Random(seed).sample(range(count), min(count, size)))  # noqa: S311 - reproducible, nothing secret


def ask_number(model: BaseChatModel, question: str, reference: str, attempt: str) -> float:
    """What the model says, as 0..1; 0.5 where it names no number."""
    asked = f"Question: {question[:_MOST]}\n\nReference answer: {reference[:_MOST]}\n\nStudent's answer: {attempt[:_MOST]}\n\nNumber:"
    reply = model.bind(max_tokens=6, temperature=0).invoke([SystemMessage(_SYSTEM), HumanMessage(asked)])
    found = _NUMBER.search(str(reply.content))
    return min(1.0, float(found.group()) / 10) if found else 0.5


def ask_numbers(model: BaseChatModel, texts: Sequence[tuple[str, str, str]]) -> list[float]:
    """One number for each (question, reference, attempt)."""
    return [ask_number(model, *text) for text in texts]
