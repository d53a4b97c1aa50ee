"""Errors as a learner should see them: a headline in their language, then the detail with the next step."""

import logging

from tutor.domain import Language
from tutor.errors import (
    AttemptError,
    BankError,
    DocumentError,
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
    (ExerciseError, "exercise_error"),
)


def describe_problem(error: TutorError, language: Language) -> str:
    """One paragraph of plain text."""
    if isinstance(error, AttemptError):
        return str(error)
    headline = next((key for kind, key in _HEADLINES if isinstance(error, kind)), "error")
    log.warning("%s: %s", type(error).__name__, error)
    return f"{say(headline, language)}: {error}"
