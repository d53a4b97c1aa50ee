"""Fits what tells an attempt at the question from one at another question, on rated attempts at both."""

from collections.abc import Sequence

from tutor.evaluation.grading.readings import Read
from tutor.evaluation.grading.samples import ELSEWHERE
from tutor.evaluation.statistics.logistic import Logistic, area_under_curve, fit_logistic
from tutor.grading.calibration import Logistic as Fitted
from tutor.grading.calibration import Topic
from tutor.grading.topic import topic_signals

# Below the first mark lies hardly an attempt at the question, above the second hardly one at another (`report_topic`).
OFF_BELOW, ON_FROM = 0.15, 0.4
_FOLDS = 8
_RIDGE = 2.0


def fit_topic(reads: Sequence[Read]) -> Logistic:
    """From rows of `topic_rows`; attempts at the question and at others count the same."""
    return fit_logistic(
        [_signals(read) for read in reads],
        [float(_is_here(read)) for read in reads],
        ridge=_RIDGE,
        shares=[1.0 if read.row.written_for and not _is_here(read) else float(ELSEWHERE) for read in reads],
    )


def as_topic(model: Logistic) -> Topic:
    """As the grader has it."""
    return Topic(Fitted(model.intercept, model.weights, model.mean, model.scale), OFF_BELOW, ON_FROM)


def kept(topic: Topic, read: Read) -> float:
    """What the attempt keeps of its score, 0..1, as the grader has it where no misconception is repeated."""
    return topic.share(_signals(read))


def report_topic(reads: Sequence[Read]) -> dict[str, dict[str, float]]:
    """Per size of the attempts, how well the two kinds are told apart and how many keep nothing, questions left out."""
    chances = _left_out(reads)
    sizes = dict.fromkeys(read.row.kind for read in reads)
    return {
        size: _report([(read, chance) for read, chance in zip(reads, chances, strict=True) if read.row.kind == size])
        for size in sizes
    }


def _report(told: Sequence[tuple[Read, float]]) -> dict[str, float]:
    here = [chance for read, chance in told if _is_here(read)]
    elsewhere = [chance for read, chance in told if not _is_here(read)]
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


def _left_out(reads: Sequence[Read]) -> list[float]:
    """Probabilities by fits that have seen neither the question nor any attempt that was written for it."""
    names = sorted({read.row.rubric.entry_id or "" for read in reads})
    found = [0.0] * len(reads)
    for fold in range(_FOLDS):
        held = set(names[fold::_FOLDS])
        rest = [r for r in reads if r.row.rubric.entry_id not in held and r.row.written_for not in held]
        model = fit_topic(rest)
        for number, read in enumerate(reads):
            if read.row.rubric.entry_id in held:
                found[number] = model.probability(_signals(read))
    return found


def _share_below(mark: float, chances: Sequence[float]) -> float:
    return round(sum(chance < mark for chance in chances) / len(chances), 4)


def _is_here(read: Read) -> bool:
    return read.row.written_for == read.row.rubric.entry_id


def _signals(read: Read) -> dict[str, float]:
    return topic_signals(read.points)
