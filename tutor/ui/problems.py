"""Errors as a learner should see them: a headline in their language, then the detail with the next step."""

import logging

from tutor.domain import Language
from tutor.errors import (
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

# What does not work, where the kind of error tells; any other message says so itself.
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


def describe_problem(error: TutorError, language: Language) -> str:
    """One paragraph of plain text."""
    log.warning("%s: %s", type(error).__name__, error)
    detail = error.in_language(language)
    headline = next((key for kind, key in _HEADLINES if isinstance(error, kind)), "")
    return say(headline, language) + ("：" if language == "zh" else ": ") + detail if headline else detail
