"""Measures retrieval on data/questions.jsonl: python -m tutor eval retrieval [--write]

Questions of our own, phrased unlike the bank, each with the entries that answer it. They are split by entry, so that
what is tuned on one part has not seen the entries' questions of the other.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tutor.evaluation.rows import read_rows, wing_data
from tutor.evaluation.statistics.logistic import area_under_curve
from tutor.evaluation.statistics.tables import markdown_table
from tutor.retrieval.hybrid import HybridRetriever

_SHARES = (1, 3, 5)


@dataclass(frozen=True)
class Question:
    """One query with the ids of every entry that answers it; none when it is out of scope."""

    id: str
    language: str
    kind: str
    query: str
    entries: tuple[str, ...]
    scope: str

    @property
    def split(self) -> str:
        """`tune` or `test`, the same for all questions whose first entry is the same."""
        key = self.entries[0] if self.entries else self.id
        return "tune" if hashlib.sha256(key.encode()).digest()[0] % 2 else "test"


@dataclass(frozen=True)
class Ranked:
    """A question and, per ranking, the entry ids best first."""

    question: Question
    orders: dict[str, tuple[str, ...]]


def load_questions() -> list[Question]:
    rows = read_rows(wing_data("retrieval", "questions.jsonl"))
    return [Question(**{**row, "entries": tuple(row["entries"])}) for row in rows]


def rank_questions(retriever: HybridRetriever, questions: Iterable[Question]) -> list[Ranked]:
    """Ranks every question that has an answer in the bank."""
    return [Ranked(item, retriever.orders(item.query)) for item in questions if item.entries]


def first_rank(order: Sequence[str], right: Sequence[str]) -> float:
    """From 1; infinity when none of the right entries is there."""
    return next((rank for rank, entry in enumerate(order, start=1) if entry in right), math.inf)


def scores(orders: Sequence[tuple[Sequence[str], Sequence[str]]]) -> dict[str, float]:
    """Recall at 1, 3 and 5 (is any right entry there), mean reciprocal rank, and nDCG at 10 (binary relevance)."""
    ranks = [first_rank(order, right) for order, right in orders]
    shares = {f"recall@{k}": sum(rank <= k for rank in ranks) / len(ranks) for k in _SHARES}
    mrr = sum(1 / rank for rank in ranks) / len(ranks)
    ndcg = sum(_ndcg(order[:10], right) for order, right in orders) / len(orders)
    return {name: round(value, 4) for name, value in {**shares, "MRR": mrr, "nDCG@10": ndcg}.items()}


def _ndcg(order: Sequence[str], right: Sequence[str]) -> float:
    gain = sum(1 / math.log2(rank + 1) for rank, entry in enumerate(order, start=1) if entry in right)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(len(right), 10) + 1))


def table(ranked: Sequence[Ranked], group: Callable[[Question], str]) -> list[dict[str, object]]:
    """One row per group and ranking."""
    groups: dict[str, list[Ranked]] = defaultdict(list)
    for item in ranked:
        groups[group(item.question)].append(item)
    return [
        {"group": name, "ranking": ranking, "questions": len(items)}
        | scores([(item.orders[ranking], item.question.entries) for item in items])
        for name, items in sorted(groups.items())
        for ranking in items[0].orders
    ]


def measure_scope_unseen(retriever: HybridRetriever, questions: Sequence[Question]) -> dict[str, float]:
    """The shipped scope decision on the test part, which it was not fitted on."""
    unseen = [item for item in questions if item.split == "test"]
    results = [(bool(item.entries), retriever.search(item.query).scope) for item in unseen]
    inside = [scope for answerable, scope in results if answerable]
    outside = [scope for answerable, scope in results if not answerable]
    return {
        "in_scope": len(inside),
        "out_of_scope": len(outside),
        "auc": round(area_under_curve([s.confidence for s in inside], [s.confidence for s in outside]), 4),
        "refused_in_scope": round(sum(not scope.in_scope for scope in inside) / len(inside), 4),
        "answered_out_of_scope": round(sum(scope.in_scope for scope in outside) / len(outside), 4),
    }


def retrieval_markdown(ranked: Sequence[Ranked], scope: dict[str, float], measured_on: str, entries: int) -> str:
    """The page docs/measurements/retrieval.md."""
    parts = [
        "# Retrieval, measured",
        f"`python -m tutor eval retrieval --write` on {measured_on}, {entries} entries, bundled embedder. Questions of our own "
        "(tutor/evaluation/retrieval/data/questions.jsonl), phrased without looking at the entries' aliases, split by entry; choices "
        "were made on the tune part only. A question counts as found when one of the entries that answer it is found.",
    ]
    for split in ("test", "tune"):
        chosen = [item for item in ranked if item.question.split == split]
        parts.append(f"## {split.capitalize()} part")
        parts.append(markdown_table(table(chosen, lambda question: question.language)))
        if split == "test":
            fused = [row for row in table(chosen, lambda question: question.kind) if row["ranking"] == "fused"]
            parts.append(markdown_table(fused))
    parts.append("## Scope on the test part of these questions")
    parts.append("\n".join(f"- {name}: {value}" for name, value in scope.items()))
    return "\n\n".join(parts) + "\n"
