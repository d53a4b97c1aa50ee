"""The grader as the product has it: shipped vectors, the bank's topics, the shipped calibration."""

from pathlib import Path

from tutor.bank.load import load_bank
from tutor.drills.formulas import compute
from tutor.grading.grader import Grader
from tutor.grading.judge import StateReader
from tutor.grading.topic import bank_topics
from tutor.models.embedder import open_embeddings
from tutor.models.vector_cache import CachedEmbeddings
from tutor.settings import load_settings

BANK = Path(__file__).resolve().parents[2] / "corpus" / "bank"


def shipped_grader(states: StateReader | None = None) -> Grader:
    inner = open_embeddings("bundled")
    embeddings = CachedEmbeddings(inner, inner.name, load_settings().shipped_vectors(inner.name))
    return Grader(embeddings, states, topics=bank_topics(load_bank(BANK, compute).entries))
