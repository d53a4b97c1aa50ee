"""Fits whether a message leans on what was said: python -m tutor eval follow-ups --write

On the tune part of data/dialogues.jsonl. Each voice of it is judged by a model fitted without that voice, so that its
figures tell what to expect of a voice never heard; the words of the cues and the rules were written with all of them read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tutor.evaluation.retrieval.dialogues import Heard
from tutor.evaluation.statistics.logistic import fit_logistic
from tutor.fitted import Logistic, write_fitted

_RIDGE = 8.0  # many signals, few voices
_THRESHOLD = 0.58  # where both errors are about alike on the voices left out


def fit_leaning(heard: Sequence[Heard]) -> Logistic:
    """The model of the sure messages that no rule decided; ValueError where there are none."""
    weighed = [(item.weighed, item.message.about is not None) for item in heard if _counts(item) and item.weighed]
    if not weighed:
        raise ValueError("leaning: expected messages that were weighed")
    model = fit_logistic([dict(row) for row, _ in weighed], [float(leans) for _, leans in weighed], ridge=_RIDGE)
    return replace(model, threshold=_THRESHOLD)


def leave_voices_out(heard: Sequence[Heard]) -> list[Heard]:
    """Each message of the tune part as a model would judge it that was fitted without its voice; others as they are."""
    tune = [item for item in heard if item.dialogue.split == "tune"]
    voices = sorted({item.dialogue.voice for item in tune})
    models = {name: fit_leaning([item for item in tune if item.dialogue.voice != name]) for name in voices}
    judged: list[Heard] = []
    for item in heard:
        model = models.get(item.dialogue.voice) if item.dialogue.split == "tune" else None
        if model and item.weighed:
            item = replace(item, leans=model.probability(item.weighed) >= model.threshold)
        judged.append(item)
    return judged


def write_leaning(heard: Sequence[Heard], report: Mapping[str, Any], *, embedder: str) -> Path:
    """Replaces the shipped parameters by those of the whole tune part."""
    model = fit_leaning([item for item in heard if item.dialogue.split == "tune"])
    provenance = {
        "command": "python -m tutor eval follow-ups --write",
        "embedder": embedder,
        "left_out": report["tune"],
    }
    return write_fitted("tutor.chat", "leaning", model.as_json(), provenance)


def _counts(item: Heard) -> bool:
    return bool(item.number) and not item.message.unsure
