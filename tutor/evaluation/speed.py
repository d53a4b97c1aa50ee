"""How fast the parts are on this machine: medians of a few runs, in seconds and milliseconds."""

import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel

from tutor.domain import Entry
from tutor.grading.grader import Grader
from tutor.grading.rubric import rubric_from_entry
from tutor.retrieval.hybrid import HybridRetriever
from tutor.text.tokens import estimate_tokens

_RUNS = 5
_QUERY = "KV cache 为什么能加速推理？"
_SENTENCE = "The draft model proposes several tokens and the large model verifies all of them in one forward pass. "


def measure_embeddings(embeddings: Embeddings) -> dict[str, float]:
    """Milliseconds for a query and for one token of a passage of about 350 tokens."""
    passage, run = _SENTENCE * 17, itertools.count()
    query_seconds = _median(lambda: embeddings.embed_query(_QUERY))
    passage_seconds = _median(
        lambda: embeddings.embed_documents([f"{next(run)} {passage}"])
    )  # a new one: known ones are kept
    return {
        "query_ms": round(query_seconds * 1_000, 1),
        "passage_ms_per_token": round(passage_seconds * 1_000 / estimate_tokens(passage), 2),
    }


def measure_search(retriever: HybridRetriever) -> dict[str, float]:
    """Milliseconds for one hybrid search over the current index."""
    return {"search_ms": round(_median(lambda: retriever.search(_QUERY)) * 1_000, 1)}


def measure_model(model: BaseChatModel) -> dict[str, float]:
    """Seconds to the first word of a prompt of about 350 tokens, new and repeated, and words a second after it."""
    new, repeated = _first_word(model, 1), _first_word(model, 1)
    return {
        "prompt_tokens": estimate_tokens(_prompt(1)),
        "first_word_new_prompt_s": round(new["first"], 2),
        "first_word_cached_prompt_s": round(repeated["first"], 2),
        "pieces_per_second": round(repeated["rate"], 1),
    }


def measure_grade(grader: Grader, entries: Sequence[Entry]) -> dict[str, float]:
    """Seconds to grade attempts of about 150 words at questions with five key points: when they were typed, so that most
    of the draft has been read, and when they were pasted, so that only the question has."""
    chosen = [entry for entry in entries if len(entry.key_points) == 5]
    typed = [_grade_seconds(grader, entry, 0.9) for entry in chosen[:_RUNS]]
    pasted = [_grade_seconds(grader, entry, 0.0) for entry in chosen[_RUNS : 2 * _RUNS]]
    return {
        name: round(statistics.median(seconds), 2)
        for name, seconds in {"grade_typed_s": typed, "grade_pasted_s": pasted}.items()
        if seconds
    }


def _grade_seconds(grader: Grader, entry: Entry, share: float) -> float:
    rubric, attempt = rubric_from_entry(entry, "en"), " ".join(entry.answer.en.split()[:150])
    grader.prepare(rubric, attempt[: int(share * len(attempt))])  # what was there a few seconds ago
    started = time.monotonic()
    grader.grade(rubric, attempt)
    return time.monotonic() - started


def _first_word(model: BaseChatModel, number: int) -> dict[str, float]:
    started = time.monotonic()
    first = 0.0
    pieces = 0
    for chunk in model.bind(max_tokens=48).stream(_prompt(number)):
        if chunk.text:
            first = first or time.monotonic()
            pieces += 1
    return {"first": first - started, "rate": (pieces - 1) / max(time.monotonic() - first, 1e-9)}


def _prompt(number: int) -> str:
    return f"Run {number}.\n{_SENTENCE * 16}\nExplain this in three sentences."


def _median(call: Callable[[], Any]) -> float:
    call()  # the first one pays for loading
    seconds = []
    for _ in range(_RUNS):
        started = time.monotonic()
        call()
        seconds.append(time.monotonic() - started)
    return statistics.median(seconds)
