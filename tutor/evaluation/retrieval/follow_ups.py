"""Measures follow-ups on data/follow_ups.jsonl: python -m tutor eval follow-ups

A first question, what is asked next, and the entries that answer that. Found means that one of them is retrieved first
for the words the tutor searches with; a new topic must also not be tied to the old one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor.evaluation.rows import read_rows, wing_data
from tutor.retrieval.hybrid import HybridRetriever


@dataclass(frozen=True)
class Pair:
    """Two questions in a row."""

    id: str
    language: str
    split: str
    first: str
    follow_up: str
    entries: tuple[str, ...]  # any of them answers the follow-up
    new_topic: bool  # the second question stands alone


@dataclass(frozen=True)
class Resolved:
    """What became of a pair's second question."""

    pair: Pair
    search_text: str
    leans: bool  # taken as a follow-up
    found: str  # the entry retrieved first

    @property
    def is_right(self) -> bool:
        return self.found in self.pair.entries and not (self.pair.new_topic and self.leans)


# (first question, second question) -> (words to search with, whether it leans on the first)
Condense = Callable[[str, str], tuple[str, bool]]


def load_pairs() -> list[Pair]:
    rows = read_rows(wing_data("retrieval", "follow_ups.jsonl"))
    return [Pair(**{**row, "entries": tuple(row["entries"])}) for row in rows]


def resolve(pairs: Sequence[Pair], condense: Condense, retriever: HybridRetriever) -> list[Resolved]:
    resolved = []
    for pair in pairs:
        search_text, leans = condense(pair.first, pair.follow_up)
        order = retriever.orders(search_text)["fused"]
        resolved.append(Resolved(pair, search_text, leans, order[0] if order else ""))
    return resolved


def summarise_follow_ups(resolved: Sequence[Resolved]) -> dict[str, dict[str, float]]:
    """Shares right, per split, language and kind."""
    groups: dict[str, list[Resolved]] = {}
    for item in resolved:
        kind = "new topic" if item.pair.new_topic else "follow-up"
        for name in (
            item.pair.split,
            f"{item.pair.split} {item.pair.language}",
            f"{item.pair.split} {kind}",
        ):
            groups.setdefault(name, []).append(item)
    return {
        name: {"pairs": len(items), "right": round(sum(item.is_right for item in items) / len(items), 4)}
        for name, items in sorted(groups.items())
    }
