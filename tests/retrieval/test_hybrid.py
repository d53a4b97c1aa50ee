"""Hybrid retrieval over real Chroma and BM25."""

from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tutor.domain import Document, Language, Passage, PassagePart
from tutor.retrieval.fusion import RANK_CONSTANT, fuse_rankings
from tutor.retrieval.hybrid import HybridRetriever
from tutor.retrieval.index import Index
from tutor.retrieval.keywords import Keywords
from tutor.retrieval.scope import load_scope_model


def entry_passages(entry_id: str, rows: list[tuple[PassagePart, Language, str]]) -> tuple[Document, list[Passage]]:
    parent = Document(id=f"entry:{entry_id}", title=entry_id, origins=("bank",), sha256="1" * 64, entry_id=entry_id)
    return parent, [
        Passage(f"{entry_id}-{i}", parent.id, text, i, entry_id, language, entry_id=entry_id, part=part)
        for i, (part, language, text) in enumerate(rows)
    ]


@pytest.fixture
def retriever(tmp_path: Path) -> HybridRetriever:
    embeddings = WordHashEmbeddings()
    index = Index(tmp_path, embeddings, embedder_name="word-hash")
    index.put(
        *entry_passages(
            "kv-cache",
            [
                ("question", "en", "What is a KV cache?"),
                ("question", "zh", "KV Cache 是什么？"),
                ("answer", "en", "It stores keys and values of earlier tokens to avoid recomputation."),
                ("answer", "zh", "它保存历史 token 的键和值，避免重复计算。"),
                ("key_points", "en", "Memory grows linearly with sequence length."),
            ],
        )
    )
    index.put(
        *entry_passages(
            "lora",
            [
                ("question", "en", "How does LoRA work?"),
                ("answer", "en", "A low-rank update is learned beside frozen weights."),
                ("question", "zh", "LoRA 的原理？"),
                ("answer", "zh", "冻结原权重，学习低秩增量。"),
            ],
        )
    )
    return HybridRetriever(index=index, embeddings=embeddings, scope=load_scope_model())


@pytest.mark.parametrize(
    "query", ["what is a KV cache", "avoid recomputation of keys and values", "does memory grow linearly with length"]
)
def test_an_entry_is_found_through_question_answer_and_key_points_and_returned_once(
    retriever: HybridRetriever, query: str
) -> None:
    hits = retriever.search(query).hits
    assert hits[0].passage.entry_id == "kv-cache"
    assert [hit.passage.entry_id for hit in hits].count("kv-cache") == 1
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_the_passage_shown_is_the_answer_in_the_language_of_the_query(retriever: HybridRetriever) -> None:
    assert retriever.search("KV cache 为什么能避免重复计算").hits[0].passage.language == "zh"
    shown = retriever.search("What is a KV cache?").hits[0].passage
    assert (shown.language, shown.part) == ("en", "answer")


def test_a_bank_question_is_known_and_another_is_not(retriever: HybridRetriever) -> None:
    assert retriever.search("What is a KV cache?").known_entry_id == "kv-cache"
    assert retriever.search("earlier tokens frozen beside weights").known_entry_id is None


@pytest.mark.parametrize("query", ["", "   ", "？？？", "🙂🙂", "a" * 5_000])
def test_nonsense_is_answered_calmly(retriever: HybridRetriever, query: str) -> None:
    result = retriever.search(query)
    assert 0.0 <= result.scope.confidence <= 1.0
    assert result.known_entry_id is None


def test_it_is_a_langchain_retriever(retriever: HybridRetriever) -> None:
    documents = retriever.invoke("How does LoRA work?")
    assert documents[0].metadata["entry_id"] == "lora"
    assert documents[0].page_content == "A low-rank update is learned beside frozen weights."


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    embeddings = WordHashEmbeddings()
    index = Index(tmp_path, embeddings, embedder_name="word-hash")
    assert HybridRetriever(index=index, embeddings=embeddings, scope=load_scope_model()).search("anything").hits == ()


def test_a_reranker_decides_the_order(retriever: HybridRetriever) -> None:
    class Backwards:
        def scores(self, query: str, texts: list[str]) -> list[float]:
            return [float(i) for i in range(len(texts))]

    plain = retriever.search("KV cache and LoRA").hits
    turned = retriever.model_copy(update={"rerank": Backwards().scores}).search("KV cache and LoRA").hits
    assert [hit.passage.id for hit in turned] == [hit.passage.id for hit in reversed(plain)]
    assert [hit.rank for hit in turned] == [1, 2]


def test_fusion_rewards_agreement_and_counts_a_key_once_per_ranking() -> None:
    fused = fuse_rankings([["a", "b", "b", "c"], ["c", "a"]])
    assert [key for key, _ in fused] == ["a", "c", "b"]
    assert dict(fused)["b"] == pytest.approx(1 / (RANK_CONSTANT + 2))


def test_keywords_rank_rare_terms_first_and_know_coverage() -> None:
    keywords = Keywords({"x": ["common", "rare"], "y": ["common"], "z": ["common", "other"]})
    assert keywords.ranked(["rare"], 3)[0][0] == "x"
    assert keywords.ranked(["unheard"], 3) == []
    assert keywords.coverage(["rare", "common"], ["x"]) == pytest.approx(1.0)
    assert keywords.coverage(["rare"], ["y"]) == 0.0
    assert keywords.coverage([], ["x"]) == 0.0
