"""The optional reranker, with a tiny random CrossEncoder made here."""

from pathlib import Path

import pytest

from tutor.errors import ModelError
from tutor.models.reranker import open_reranker


def save_tiny_cross_encoder(folder: Path) -> None:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cache", "keys", "values", "bread", "what", "stores"]
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(5)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)


def test_no_reranker_is_configured_by_default() -> None:
    assert open_reranker("") is None


def test_cross_encoder_scores_each_text(tmp_path: Path) -> None:
    save_tiny_cross_encoder(tmp_path)
    reranker = open_reranker(f"sentence-transformers:{tmp_path}")
    assert reranker is not None
    scores = reranker.scores("what stores keys", ["cache stores keys values", "bread", "cache " * 200])
    assert len(scores) == 3
    assert all(isinstance(score, float) for score in scores)
    assert len(set(scores)) == 3
    assert reranker.scores("what", []) == []
    again = reranker.scores("what stores keys", ["bread"])
    assert again[0] == pytest.approx(scores[1], abs=1e-5)


def test_folder_without_a_model_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be loaded.*TUTOR_RERANKER"):
        open_reranker(f"sentence-transformers:{tmp_path}")


def test_unknown_reranker_names_the_choices() -> None:
    with pytest.raises(ModelError, match="expected nothing or"):
        open_reranker("cohere")
