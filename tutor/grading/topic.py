"""Is an attempt about the question at all? Decided without the language model, which follows whatever sounds right.

What else it could be about tells more than how like the question it is: all texts of one trade are like each other.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files

from tutor.domain import LANGUAGES, Entry, Language, Rubric
from tutor.entailment.likeness import MAX_EMBEDDED
from tutor.grading.rubric import rubric_from_entry
from tutor.text.language import detect_language
from tutor.text.spans import clean

Topics = Mapping[Language, Sequence[str]]  # what attempts may be about: each question of a bank, and none

# How like the question the attempt is in the mean of its texts and at best, and how far it is ahead of the most alike of
# the bank's other questions in both.
TOPIC_SIGNALS = ("topic", "best_topic", "ahead", "best_ahead")


def topic_text(rubric: Rubric) -> str:
    """What the question is about: itself and all key points, as far as that is embedded."""
    return clean(" ".join([rubric.question, *(point.statement for point in rubric.key_points)]))[:MAX_EMBEDDED]


def bank_topics(entries: Sequence[Entry]) -> Topics:
    """`topic_text` of every entry, and everyday texts for what is about none; these vectors ship with the bank."""
    everyday = files("tutor.grading").joinpath("everyday.txt").read_text(encoding="utf-8").splitlines()
    return {
        language: [
            *(topic_text(rubric_from_entry(entry, language)) for entry in entries),
            *(text for text in everyday if detect_language(text) == language),
        ]
        for language in LANGUAGES
    }


def topic_signals(points: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """From the signals of each key point (tutor.grading.evidence): is the attempt like question and key points, and more so
    than like another question, has a sentence of it a key point's rare words, and how hard was it to show any of this: how
    long is it, in which language?"""
    crossed, told = points[0]["crossed"], {name: points[0][name] for name in (*TOPIC_SIGNALS, "length")}
    told["local_recall"] = max(signals["local_recall"] for signals in points)
    return {**told, "crossed": crossed, **{f"crossed_{name}": crossed * value for name, value in told.items()}}
