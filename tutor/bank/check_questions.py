"""Near-duplicate questions: two entries that ask the same must be one.

Only question texts are compared, by embedding, in both languages.
"""

from collections.abc import Sequence

import numpy
from langchain_core.embeddings import Embeddings

from tutor.bank.bank_file import PlacedEntry
from tutor.bank.problems import Problem

# The embedder the threshold is for; cosines of other models lie elsewhere.
CALIBRATED_FOR = "multilingual-e5-small"
# Mean of the Chinese and the English cosine. Among the 199 entries of 2026-11-30 the highest is .940 (two questions built
# the same way); of 14 rewordings of questions 13 lay between .949 and .989, one that left half of its question out
# at .932.
NEAR_DUPLICATE = 0.945


def check_questions(entries: Sequence[PlacedEntry], embeddings: Embeddings) -> list[Problem]:
    """Pairs of entries whose questions nearly say the same; reported at the later one."""
    if len(entries) < 2:
        return []
    similarity = (_cosines(entries, embeddings, "zh") + _cosines(entries, embeddings, "en")) / 2
    later, earlier = numpy.nonzero(numpy.tril(similarity >= NEAR_DUPLICATE, k=-1))
    problems: list[Problem] = []
    for second, first in zip(later.tolist(), earlier.tolist(), strict=True):
        other = entries[first]
        told = (
            f"nearly the question of entry `{other.entry.id}` in {other.file.name} "
            f"(similarity {similarity[second, first]:.3f}, limit {NEAR_DUPLICATE})"
        )
        step = "Merge the two entries, or word both questions so that the difference shows."
        problems.append(entries[second].problem("question", told, step))
    return problems


def _cosines(
    entries: Sequence[PlacedEntry], embeddings: Embeddings, language: str
) -> "numpy.ndarray[tuple[int, ...], numpy.dtype[numpy.float64]]":
    texts = [placed.entry.question.zh if language == "zh" else placed.entry.question.en for placed in entries]
    vectors = numpy.array(embeddings.embed_documents(texts), dtype=numpy.float64)
    vectors /= numpy.maximum(numpy.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return numpy.asarray(vectors @ vectors.T)
