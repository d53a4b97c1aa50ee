"""The transformers path with a tiny random model made here: offline, real tokenizer, real generation."""

import math
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from tutor.errors import ModelError
from tutor.models.llm import close_chat_model, open_chat_model
from tutor.models.weights import Store

TEXTS = [
    "The cache keeps keys and values of earlier tokens, so that decoding reads them again.",
    "注意力机制让每个词看到其他词。缓存保存键和值。",
    "Yes. No. Layers, heads and tokens.",
]
TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
MESSAGES = [SystemMessage("Be brief."), HumanMessage("缓存 keeps what?"), AIMessage("Keys."), HumanMessage("And?")]


def save_tiny_model(folder: Path, template: str | None = TEMPLATE, window: int = 256) -> None:
    """A one-layer Llama with random weights and a byte-level tokenizer trained on three sentences."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=330, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>")
    fast.chat_template = template
    fast.save_pretrained(folder)

    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=len(fast), hidden_size=32, intermediate_size=48, num_hidden_layers=1, num_attention_heads=4,
        max_position_embeddings=window, eos_token_id=fast.eos_token_id, bos_token_id=None,
    )  # fmt: skip
    network = LlamaForCausalLM(config)
    for token in range(len(fast)):  # random weights would say bytes that are no characters, or nothing at all
        if not fast.decode([token], skip_special_tokens=True).isascii() or token < len(special):
            network.lm_head.weight.data[token] = 0
    network.save_pretrained(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny")
    save_tiny_model(path)
    return path


@pytest.fixture
def model(folder: Path) -> BaseChatModel:
    return open_model(folder)


def open_model(folder: Path, **options: Any) -> BaseChatModel:
    spec = f"transformers:{folder}"
    return open_chat_model(spec, store=Store(folder / "cache"), **{"max_tokens": 12, "temperature": 0, **options})


def test_stream_and_invoke_say_the_same(model: BaseChatModel) -> None:
    chunks = list(model.stream(MESSAGES))
    answer = model.invoke(MESSAGES)
    assert answer.text
    assert "".join(chunk.text for chunk in chunks) == answer.text
    assert answer.response_metadata["finish_reason"] in {"stop", "length"}


def test_max_tokens_of_the_call_wins(model: BaseChatModel) -> None:
    def count(limit: int) -> int:
        answer = model.bind(max_tokens=limit, logprobs=True, top_logprobs=1).invoke(MESSAGES)
        return len(answer.response_metadata["logprobs"]["content"])

    assert [count(limit) for limit in (1, 2, 3)] == [1, 2, 3]


def test_zero_temperature_repeats_itself_and_warmth_varies(folder: Path) -> None:
    cold = open_model(folder)
    assert cold.invoke(MESSAGES).text == cold.invoke(MESSAGES).text
    warm = open_model(folder, temperature=1.5)
    assert len({warm.invoke(MESSAGES).text for _ in range(6)}) > 1


def test_stop_string_ends_the_text_before_it(model: BaseChatModel) -> None:
    whole = model.invoke(MESSAGES).text
    middle = whole[len(whole) // 2 : len(whole) // 2 + 2]
    expected = whole[: whole.index(middle)]
    answer = model.invoke(MESSAGES, stop=[middle])
    assert answer.text == expected
    assert answer.response_metadata["finish_reason"] == "stop"
    assert "".join(chunk.text for chunk in model.stream(MESSAGES, stop=[middle])) == expected


def test_end_token_ends_the_text_and_is_not_shown(model: BaseChatModel, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = model.bind(logprobs=True, top_logprobs=1).invoke(MESSAGES).response_metadata["logprobs"]["content"]
    third = model._tokenizer.encode(rows[2]["token"], add_special_tokens=False)[0]  # type: ignore[attr-defined]
    monkeypatch.setattr(type(model), "_end_tokens", lambda self: {third})
    answer = model.invoke(MESSAGES)
    assert answer.text == rows[0]["token"] + rows[1]["token"]
    assert answer.response_metadata["finish_reason"] == "stop"


def test_logprobs_have_the_shape_of_openai(model: BaseChatModel) -> None:
    judge = model.bind(max_tokens=1, logprobs=True, top_logprobs=20, temperature=0)
    first = judge.invoke(MESSAGES).response_metadata["logprobs"]["content"][0]
    rows = first["top_logprobs"]
    assert len(rows) == 20
    assert [row["logprob"] for row in rows] == sorted((row["logprob"] for row in rows), reverse=True)
    assert (first["token"], first["logprob"]) == (rows[0]["token"], rows[0]["logprob"])
    assert 0 < sum(math.exp(row["logprob"]) for row in rows) <= 1
    assert all(isinstance(row["token"], str) for row in rows)


def test_without_asking_there_are_no_logprobs(model: BaseChatModel) -> None:
    assert "logprobs" not in model.invoke(MESSAGES).response_metadata


def test_closing_the_stream_ends_the_generation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = open_model(folder, max_tokens=100)
    network = model._model  # type: ignore[attr-defined]
    forward = network.forward
    steps: list[object] = []

    def counted(*args: Any, **kwargs: Any) -> Any:
        steps.append(args)
        return forward(*args, **kwargs)

    monkeypatch.setattr(network, "forward", counted)
    with closing(model.stream(MESSAGES)) as stream:  # type: ignore[type-var]
        next(stream)
    assert len(steps) < 20


def test_only_whole_characters_are_shown(folder: Path) -> None:
    from transformers import AutoTokenizer

    from tutor.models.transformers_chat import TextRelease

    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokens = tokenizer("一😀 ok 缓存。", add_special_tokens=False)["input_ids"]
    release = TextRelease(lambda ids: str(tokenizer.decode(ids)), stops=[])
    pieces = [release.add(token) for token in tokens] + [release.finish()]
    assert "".join(pieces) == "一😀 ok 缓存。"
    assert "" in pieces  # a character of several tokens waits for its last one
    assert not any("\N{REPLACEMENT CHARACTER}" in piece for piece in pieces)


def test_beginning_of_a_stop_string_is_held_back() -> None:
    from tutor.models.transformers_chat import TextRelease

    release = TextRelease(lambda ids: "".join(map(chr, ids)), stops=["END"])
    assert [release.add(ord(letter)) for letter in "aENoEND"] == ["a", "", "", "ENo", "", "", ""]
    assert release.stopped
    assert TextRelease(lambda ids: "".join(map(chr, ids)), stops=["END"]).finish() == ""


def test_model_without_a_chat_template_still_answers(tmp_path: Path) -> None:
    save_tiny_model(tmp_path, template=None)
    assert open_model(tmp_path).invoke(MESSAGES).text


def test_text_beyond_the_window_is_a_model_error(tmp_path: Path) -> None:
    save_tiny_model(tmp_path, window=32)
    with pytest.raises(ModelError, match=r"tokens, its context 32"):
        open_model(tmp_path).invoke("word " * 60)


def test_folder_without_a_model_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be loaded.*TUTOR_LLM"):
        open_model(tmp_path)


def test_closed_model_says_so(folder: Path) -> None:
    model = open_model(folder)
    close_chat_model(model)
    with pytest.raises(ModelError, match="was closed"):
        model.invoke(MESSAGES)
