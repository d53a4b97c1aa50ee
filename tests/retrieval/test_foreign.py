"""Questions of other fields: the list, and how near a query is to it."""

import dataclasses
from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tutor.domain import Document, Passage
from tutor.retrieval.foreign import ForeignQuestions, foreign_questions
from tutor.retrieval.hybrid import HybridRetriever
from tutor.retrieval.index import Index
from tutor.retrieval.scope import Features, load_scope_model


def test_nearness_is_the_mean_of_the_three_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = [[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [-1.0, 0.0]]
    monkeypatch.setattr("tutor.retrieval.foreign.foreign_questions", lambda: ("a", "b", "c", "d"))
    calls: list[int] = []

    def embed(texts: object) -> list[list[float]]:
        calls.append(1)
        return vectors

    foreign = ForeignQuestions(embed)
    assert foreign.nearness([1.0, 0.0]) == pytest.approx((1.0 + 0.6 + 0.0) / 3)
    foreign.nearness([0.0, 1.0])
    assert len(calls) == 1, "embedded once"


def test_the_list_that_ships_has_both_languages_and_no_line_twice() -> None:
    lines = foreign_questions()
    chinese = [line for line in lines if any("一" <= character <= "鿿" for character in line)]
    assert len(lines) == len(set(lines)) >= 300
    assert len(chinese) >= 120
    assert len(lines) - len(chinese) >= 120


@pytest.mark.parametrize("entry_id", [None, "paging"])
def test_they_count_against_the_bank_and_not_against_a_learners_own_documents(
    tmp_path: Path, entry_id: str | None
) -> None:
    embeddings = WordHashEmbeddings()
    index = Index(tmp_path, embeddings, embedder_name="word-hash")
    document = Document("d", "Paging", ("notes.md",), "1" * 64, entry_id=entry_id)
    index.put(document, [Passage("p", "d", "page replacement", 0, "Paging", "en", entry_id=entry_id)])
    near = ForeignQuestions(lambda texts: [embeddings.embed_query("page replacement") for _ in texts])
    shipped = load_scope_model()
    retriever = HybridRetriever(index=index, embeddings=embeddings, scope=shipped, foreign=near)
    features = retriever.search("page replacement").features
    assert features.foreign == pytest.approx(1.0 if entry_id else shipped.model.mean["foreign"])


def test_what_was_learned_of_the_bank_never_speaks_against_a_learners_own_documents() -> None:
    model = load_scope_model()
    names = [field.name for field in dataclasses.fields(Features)]
    poor = Features(**{**dict.fromkeys(names, 0.0), "foreign": 0.99})
    rich = Features(**{**dict.fromkeys(names, 0.0), "foreign": 0.1, "term_score": 9.0})
    assert model.without_bank(poor).foreign == model.model.mean["foreign"]
    assert model.without_bank(poor).term_score == model.model.mean["term_score"]
    assert model.without_bank(rich) == rich
