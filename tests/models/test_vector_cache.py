"""Vectors are looked up before they are computed, and only for the very same text."""

from pathlib import Path

import numpy
import pytest

from tests.fakes import WordHashEmbeddings
from tutor.assembly import Tutor
from tutor.cli.vectors import shipped_queries, shipped_texts
from tutor.models.vector_cache import CachedEmbeddings, read_vectors, write_vectors
from tutor.retrieval.foreign import foreign_questions
from tutor.settings import load_settings


def test_a_shipped_vector_is_used_and_a_changed_text_is_computed(tmp_path: Path) -> None:
    inner = WordHashEmbeddings(8)
    shipped = tmp_path / "vectors.npz"
    write_vectors(shipped, ["known text"], [[0.5] * 8])
    cached = CachedEmbeddings(inner, "word-hash", shipped)
    assert cached.embed_documents(["known text"]) == [[0.5] * 8]
    assert inner.embedded == []
    assert cached.embed_documents(["known text!", "known text"])[0] == inner.embed_query("known text!")
    assert inner.embedded == ["known text!"]
    assert cached.missing(["known text", "new"]) == ["new"]


def test_a_text_is_computed_once_in_a_run_and_order_is_kept(tmp_path: Path) -> None:
    inner = WordHashEmbeddings(8)
    cached = CachedEmbeddings(inner, "word-hash", tmp_path / "absent.npz")
    first = cached.embed_documents(["a b", "c d", "a b"])
    assert first[0] == first[2] != first[1]
    cached.embed_documents(["c d"])
    assert inner.embedded == ["a b", "c d"]


def test_a_shipped_vector_is_found_for_the_text_in_another_form(tmp_path: Path) -> None:
    inner = WordHashEmbeddings(8)
    shipped = tmp_path / "vectors.npz"
    write_vectors(shipped, ["10² known texts"], [[0.5] * 8])
    cached = CachedEmbeddings(inner, "word-hash", shipped)
    assert cached.embed_documents(["10² known\n texts ", "１０² known texts\u200b"]) == [[0.5] * 8] * 2
    assert cached.missing(["102 known texts", "10² known texts\n"]) == ["102 known texts"]
    assert inner.embedded == []


def test_the_same_vectors_give_the_same_file(tmp_path: Path) -> None:
    write_vectors(tmp_path / "one.npz", ["a", "b"], [[1.0], [2.0]])
    write_vectors(tmp_path / "two.npz", ["b", "a"], [[2.0], [1.0]])
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert len(read_vectors(tmp_path / "one.npz")) == 2


@pytest.mark.weights
def test_the_vectors_that_ship_are_those_of_the_bundled_model_and_none_is_missing(tmp_path: Path) -> None:
    tutor = Tutor(load_settings(home=tmp_path))
    path = tutor.settings.shipped_vectors(tutor.embeddings.name)
    texts = shipped_texts(tutor.bank.entries)
    queries = shipped_queries()
    assert tutor.embeddings.missing([*texts, *queries]) == [], "run `python -m tutor vectors`"
    assert len(read_vectors(path)) == len(texts) + len(queries), "the file holds vectors of texts that are gone"
    sample = texts[:: max(1, len(texts) // 12)]
    fresh = numpy.array(tutor.embeddings._inner.embed_documents(sample))
    shipped = numpy.array(tutor.embeddings.embed_documents(sample))
    assert (fresh * shipped).sum(axis=1).min() > 0.999
    asked = foreign_questions()[::40]
    fresh = numpy.array([tutor.embeddings._inner.embed_query(question) for question in asked])
    assert (fresh * numpy.array(tutor.embeddings.embed_queries(asked))).sum(axis=1).min() > 0.999
