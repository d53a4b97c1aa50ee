"""Fits what tells an attempt at the question from one at another question, on rated attempts at both."""

from collections.abc import Sequence

from tutor.evaluation.grading.derived import ELSEWHERE
from tutor.evaluation.grading.readings import Reading
from tutor.evaluation.statistics.logistic import area_under_curve, fit_logistic
from tutor.fitted import Logistic
from tutor.grading.calibration import Topic
from tutor.grading.topic import topic_signals

# Below the first mark lies hardly an attempt at the question, above the second hardly one at another (`report_topic`).
OFF_BELOW, ON_FROM = 0.15, 0.4
_FOLDS = 8
_RIDGE = 2.0


def fit_topic(readings: Sequence[Reading]) -> Logistic:
    """From readings of `topic_samples`; attempts at the question and at others count the same."""
    return fit_logistic(
        [_signals(reading) for reading in readings],
        [float(_is_here(reading)) for reading in readings],
        ridge=_RIDGE,
        shares=[
            1.0 if reading.sample.written_for and not _is_here(reading) else float(ELSEWHERE) for reading in readings
        ],
    )


def kept(topic: Topic, reading: Reading) -> float:
    """What the attempt keeps of its score, 0..1, as the grader has it where no misconception is repeated."""
    return topic.share(_signals(reading))


def report_topic(readings: Sequence[Reading]) -> dict[str, dict[str, float]]:
    """Per size of the attempts, how well the two kinds are told apart and how many keep nothing, questions left out."""
    chances = _left_out(readings)
    sizes = dict.fromkeys(reading.sample.kind for reading in readings)
    return {
        size: _report(
            [
                (reading, chance)
                for reading, chance in zip(readings, chances, strict=True)
                if reading.sample.kind == size
            ]
        )
        for size in sizes
    }


def _report(told: Sequence[tuple[Reading, float]]) -> dict[str, float]:
    here = [chance for reading, chance in told if _is_here(reading)]
    elsewhere = [chance for reading, chance in told if not _is_here(reading)]
    apart = {"auc": round(area_under_curve(here, elsewhere), 4)} if here and elsewhere else {}
    return {**_lost("here", here), **_lost("elsewhere", elsewhere), **apart}


def _lost(name: str, chances: Sequence[float]) -> dict[str, float]:
    if not chances:
        return {}
    return {
        name: len(chances),
        f"{name}_keeps_nothing": _share_below(OFF_BELOW, chances),
        f"{name}_loses_some": _share_below(ON_FROM, chances),
    }


def _left_out(readings: Sequence[Reading]) -> list[float]:
    """Probabilities by fits that have seen neither the question nor any attempt that was written for it."""
    names = sorted({reading.sample.entry_id for reading in readings})
    found = [0.0] * len(readings)
    for fold in range(_FOLDS):
        held = set(names[fold::_FOLDS])
        rest = [r for r in readings if r.sample.entry_id not in held and r.sample.written_for not in held]
        model = fit_topic(rest)
        for number, reading in enumerate(readings):
            if reading.sample.entry_id in held:
                found[number] = model.probability(_signals(reading))
    return found


def _share_below(mark: float, chances: Sequence[float]) -> float:
    return round(sum(chance < mark for chance in chances) / len(chances), 4)


def _is_here(reading: Reading) -> bool:
    return reading.sample.written_for == reading.sample.entry_id


def _signals(reading: Reading) -> dict[str, float]:
    return topic_signals(reading.points)
