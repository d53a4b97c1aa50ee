"""Errors as a learner should see them: a headline in their language, then the detail with the next step.

Errors speak English where they are raised; problems_zh.yaml has every message in Chinese.
"""

import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from tutor.domain import Language
from tutor.errors import (
    AttemptError,
    BankError,
    DocumentError,
    DrillError,
    ExerciseError,
    HistoryError,
    InterviewError,
    ModelError,
    TutorError,
    VectorIndexError,
)
from tutor.ui.strings import say

log = logging.getLogger(__name__)

_HEADLINES: tuple[tuple[type[TutorError], str], ...] = (
    (ModelError, "error_model"),
    (VectorIndexError, "error_index"),
    (HistoryError, "error_history"),
    (DocumentError, "error_document"),
    (InterviewError, "error_interview"),
    (BankError, "error_bank"),
    (DrillError, "error_drill"),
    (ExerciseError, "error_exercise"),
)
_SLOT = re.compile(r"\{(\d)\}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DEPTH = 5  # of messages within messages
_LISTS = (("\n", "\n"), ("; ", "；"), (", ", "、"))  # how messages join several reasons or names


def describe_problem(error: TutorError, language: Language) -> str:
    """One paragraph of plain text; the headline says what does not work, where the kind of error tells."""
    log.warning("%s: %s", type(error).__name__, error)
    message = str(error)
    detail = (_translated(message) or message) if language == "zh" else message
    key = next((key for kind, key in _HEADLINES if isinstance(error, kind)), "")
    if not key and (isinstance(error, AttemptError) or language == "en" or detail != message):
        return detail
    return say(key or "error", language) + ("：" if language == "zh" else ": ") + detail


def translate(message: str) -> str:
    """The English message in Chinese; what has no template stays as it is."""
    return _translated(message) or message


@dataclass(frozen=True)
class _Template:
    """One message: the English around its slots, and the Chinese."""

    literals: tuple[str, ...]
    zh: str

    @property
    def length(self) -> int:
        return sum(map(len, self.literals))

    def slots(self, message: str) -> list[str] | None:
        """What stands in the slots, each as short as can be; None when the message is another one.

        As a regex of non-greedy groups would have it, in time that grows only with the length of the message.
        """
        first, last = self.literals[0], self.literals[-1]
        if len(self.literals) == 1:
            return [] if message == first else None
        if not message.startswith(first) or not message.endswith(last):
            return None
        found, start, end = [], len(first), len(message) - len(last)
        for literal in self.literals[1:-1]:
            place = message.find(literal, start, end)
            if place < 0:
                return None
            found.append(message[start:place])
            start = place + len(literal)
        return [*found, message[start:end]] if start <= end else None

    def fill(self, slots: list[str], depth: int) -> str:
        """The Chinese; a slot in backquotes is a name, any other may hold a message of its own."""

        def fitting(match: re.Match[str]) -> str:
            number = int(match.group(1))
            is_name = self.literals[number - 1].endswith("`") and self.literals[number].startswith("`")
            return slots[number - 1] if is_name else _translated_piece(slots[number - 1], depth)

        return _SLOT.sub(fitting, self.zh)


@lru_cache(maxsize=1)
def _templates() -> tuple[_Template, ...]:
    """The most literal first, then the fewest slots: of two that fit, it is the one that was meant."""
    data = yaml.safe_load(files("tutor.ui").joinpath("problems_zh.yaml").read_text(encoding="utf-8"))
    templates = [_Template(tuple(_SLOT.split(pair["en"])[::2]), pair["zh"]) for pair in data]
    return tuple(sorted(templates, key=lambda template: (-template.length, len(template.literals))))


def _translated(message: str, depth: int = _DEPTH) -> str | None:
    """None where no template fits; a whole message is not told by a template without a Chinese word."""
    for template in _templates():
        slots = template.slots(message) if depth < _DEPTH or _HAN.search(template.zh) else None
        if slots is not None:
            return template.fill(slots, depth - 1)
    return None


def _translated_piece(piece: str, depth: int) -> str:
    """A message within a message: as a whole, or part by part where it lists several."""
    if depth == 0:
        return piece
    found = _translated(piece, depth)
    if found is not None:
        return found
    for joint, zh_joint in _LISTS:
        parts = piece.split(joint)
        translations = [_translated(part, depth) for part in parts]
        if len(parts) > 1 and (all(translations) or (joint == "\n" and any(translations))):
            return zh_joint.join(new or old for new, old in zip(translations, parts, strict=True))
    return piece
