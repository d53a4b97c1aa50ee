"""Reciprocal rank fusion of rankings."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

# Cormack, Clarke, Buettcher (SIGIR 2009) use 60 for pools of a thousand; with some dozens of entries the head must count
# for more. Chosen on the tune part of data/questions.jsonl, see docs/measurements/retrieval.md.
RANK_CONSTANT = 3


def fuse_rankings(rankings: Sequence[Sequence[Key]], rank_constant: int = RANK_CONSTANT) -> list[tuple[Key, float]]:
    """(key, score), best first: score = sum over rankings of 1 / (rank_constant + rank), rank from 1.

    A key counts once per ranking, at its best rank; ties keep the order of first appearance.
    """
    scores: dict[Key, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(dict.fromkeys(ranking), start=1):
            scores[key] = scores.get(key, 0.0) + 1.0 / (rank_constant + rank)
    return sorted(scores.items(), key=lambda item: -item[1])
