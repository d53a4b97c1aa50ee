"""Is an attempt about the question at all? Decided without the language model, which follows whatever sounds right."""

from collections.abc import Mapping, Sequence


def topic_signals(points: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """From the signals of each key point (tutor.grading.evidence): is the attempt like question and key points, has a
    sentence of it a key point's rare words, and how hard was it to show either: how long is it, in which language?"""
    crossed, told = points[0]["crossed"], {name: points[0][name] for name in ("topic", "best_topic", "length")}
    told["local_recall"] = max(signals["local_recall"] for signals in points)
    return {**told, "crossed": crossed, **{f"crossed_{name}": crossed * value for name, value in told.items()}}
