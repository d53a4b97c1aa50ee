"""Everything that may go wrong and is fit for a learner's eyes.

TutorError
├── SettingsError       a setting is missing, malformed or contradicts another
├── BankError           a bank file does not follow the schema; names file, entry and field
├── DocumentError       one document cannot be read; the rest of an ingestion goes on
├── VectorIndexError    the index is missing, locked, damaged or made by another embedder
├── ModelError          a model cannot be loaded or does not answer
│   └── WeightsError    weights are missing, cannot be fetched or have the wrong SHA-256
├── HistoryError        the learner's database cannot be opened, is newer than this program, or lacks a record
├── AttemptError        what was sent to the grader is malformed
├── ExerciseError       an exercise file is malformed or unknown, or learners' code may not run here
├── DrillError          a calculation names an unknown formula or parameter, or a value out of range
└── InterviewError      the interview cannot do that now (already finished, no such topic)

An error is raised with a key and values, `DrillError("drills.level", level=4)`; tutor/messages/drills.yaml has the key
`level` with a template in each language. Each names the thing, what was expected, what was found and the next step.
"""

from tutor.messages import Message


class TutorError(Message, Exception):
    """Root of all errors that may be told to a learner: `str` in English, `in_language` in either language."""


class SettingsError(TutorError):
    """A setting is missing, malformed or contradicts another one."""


class BankError(TutorError):
    """A bank file does not follow the schema; the fields name file, entry and field."""


class DocumentError(TutorError):
    """One document cannot be read; raised per document, the rest of an ingestion goes on."""


class VectorIndexError(TutorError):
    """The index is missing, locked, damaged, or was made by another embedding model."""


class ModelError(TutorError):
    """A model cannot be loaded or does not answer."""


class WeightsError(ModelError):
    """Weights are missing, cannot be fetched from any source, or have the wrong SHA-256."""


class HistoryError(TutorError):
    """The learner's database cannot be opened, is newer than this program, or lacks a record."""


class AttemptError(TutorError):
    """What was sent to the grader is malformed: a missing field or a wrong type."""


class ExerciseError(TutorError):
    """An exercise file is malformed or unknown, or learners' code may not run on this machine as it is set up."""


class DrillError(TutorError):
    """A calculation names an unknown formula or parameter, lacks one, or gives a value out of range."""


class InterviewError(TutorError):
    """The interview cannot do that now: it is finished, or no entry fits the plan."""
