"""Vectors, sentences and rankings for the calculations by hand: small enough for paper, never degenerate."""

import random
from collections.abc import Mapping

from tutor.drills.cards import Cards
from tutor.drills.draws import Draw, Drawing

_SENTENCES = (
    "the model reads the whole prompt before it writes the first token",
    "a small batch leaves most of the compute of the card idle",
    "the cache keeps the keys and the values of all earlier tokens",
    "the teacher gives the student soft labels for every word",
    "retrieval finds the passages and the model writes the answer",
    "the router sends each token to the two best experts",
)
_FILLERS = ("often", "some", "new", "data", "then")


def softmax_probability(rng: random.Random, _: Cards) -> Draw:
    scores = rng.sample(range(5), 3)
    return Draw({"scores": _listed(scores), "position": rng.randint(1, 3), "temperature": rng.choice((0.5, 2, 1.5))})


def attention_weight(rng: random.Random, _: Cards) -> Draw:
    query, keys = _heads(rng)
    return Draw({"query": _listed(query), "keys": _rows(keys), "position": 1})


def attention_output(rng: random.Random, _: Cards) -> Draw:
    query, keys = _heads(rng)
    values = [[rng.randint(0, 4), rng.randint(5, 9)] for _ in keys]
    values[0][0], values[1][0] = 9, 1  # apart, so that weights matter
    return Draw({"query": _listed(query), "keys": _rows(keys), "values": _rows(values), "position": 1})


def _heads(rng: random.Random) -> tuple[list[int], list[list[int]]]:
    """A query that fits the first key best."""
    query = [rng.randint(1, 2) for _ in range(4)]
    keys = [[1, 1, rng.randint(0, 1), 1], [0, 1, 0, rng.randint(0, 1)], [0, 0, rng.randint(0, 1), 0]]
    return query, keys[: rng.choice((2, 3))]


def perplexity(rng: random.Random, _: Cards) -> Draw:
    return Draw({"probabilities": _listed(rng.sample((0.05, 0.1, 0.2, 0.25, 0.4, 0.5, 0.8), rng.choice((3, 4))))})


def bleu(rng: random.Random, _: Cards) -> Draw:
    candidate, reference = _sentences(rng)
    return Draw({"candidate": candidate, "reference": reference, "max_order": 2})


def rouge_n(rng: random.Random, _: Cards) -> Draw:
    candidate, reference = _sentences(rng)
    return Draw({"candidate": candidate, "reference": reference, "order": rng.choice((1, 2))})


def rouge_l(rng: random.Random, _: Cards) -> Draw:
    candidate, reference = _sentences(rng)
    words = candidate.split()
    words[-2:] = words[:-3:-1]  # the last two words change places: overlap and order differ
    return Draw({"candidate": " ".join(words), "reference": reference})


def _sentences(rng: random.Random) -> tuple[str, str]:
    """(candidate, reference): the candidate lacks two words, and one word of it is another."""
    reference = rng.choice(_SENTENCES).split()
    words = reference[:]
    del words[rng.randrange(2, len(words) - 2)], words[0]
    words[rng.randrange(1, len(words) - 3)] = rng.choice(_FILLERS)
    return " ".join(words), " ".join(reference)


def bm25(rng: random.Random, _: Cards) -> Draw:
    average = rng.choice((100, 120, 200))
    values = {
        "term_counts": _listed([rng.randint(2, 4), rng.randint(1, 3)]),
        "document_frequencies": _listed([rng.choice((100, 200, 400)), rng.choice((5, 20, 50))]),
        "documents": rng.choice((1000, 2000, 10_000)),
        "document_tokens": round(average * rng.choice((0.5, 1.5, 2))),
        "average_tokens": average,
        "k1": 1.2,
        "b": 0.75,
    }
    return Draw(values)


def reciprocal_rank_fusion(rng: random.Random, _: Cards) -> Draw:
    return Draw({"ranks": _listed(rng.sample(range(1, 6), rng.choice((2, 3)))), "k": rng.choice((10, 60))})


def rope_angle(rng: random.Random, _: Cards) -> Draw:
    head_dim = rng.choice((64, 128))
    values = {"head_dim": head_dim, "pair": head_dim // rng.choice((16, 8, 4)), "token_position": rng.choice((10, 50, 200, 1000)), "base": 10_000}  # fmt: skip
    return Draw(values)


def absmax_quantized(rng: random.Random, _: Cards) -> Draw:
    return _vector(rng, bits=8)


def absmax_restored(rng: random.Random, _: Cards) -> Draw:
    return _vector(rng, bits=4)


def _vector(rng: random.Random, bits: int) -> Draw:
    """One value well above the rest; asked for is one that rounding moves."""
    top = rng.choice((2.4, 3.1, 4.3, 5.4))
    most = 2 ** (bits - 1) - 1
    moved = [
        n / 10 for n in range(5, int(top * 8)) if 0.15 < abs(n / 10 * most / top - round(n / 10 * most / top)) < 0.45
    ]
    values = [*rng.sample(moved, 3), -top]
    return Draw({"values": _listed(values), "position": rng.randint(1, 3), "bits": bits})


def _listed(numbers: list[int] | list[float]) -> str:
    return ", ".join(f"{number:g}" for number in numbers)


def _rows(rows: list[list[int]]) -> str:
    return "; ".join(" ".join(map(str, row)) for row in rows)


DRAWS_BY_HAND: Mapping[str, Drawing] = {
    draw.__name__: draw
    for draw in (
        softmax_probability, attention_weight, attention_output, perplexity, bleu, rouge_n, rouge_l, bm25,
        reciprocal_rank_fusion, rope_angle, absmax_quantized, absmax_restored,
    )
}  # fmt: skip
