"""Chat models at an OpenAI-compatible address, over real HTTP; every failure is a ModelError with the next step."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from tests.models.endpoint import WORDS, Endpoint
from tests.models.file_server import FileServer
from tutor.errors import ModelError
from tutor.models.llm import close_chat_model, open_chat_model
from tutor.models.weights import Store

MESSAGES = [SystemMessage("Answer from the material."), HumanMessage("What does the cache keep?")]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    yield server
    server.close()


@pytest.fixture
def open_at(tmp_path: Path) -> Iterator[Any]:
    """Opens chat models by spec and closes them after the test."""
    opened: list[BaseChatModel] = []

    def open_model(spec: str, **options: Any) -> BaseChatModel:
        opened.append(open_chat_model(spec, store=Store(tmp_path), **options))
        return opened[-1]

    yield open_model
    for model in opened:
        close_chat_model(model)


def test_streams_and_invokes_with_the_settings_given(endpoint: Endpoint, open_at: Any) -> None:
    model = open_at(endpoint.spec, api_key="secret", max_tokens=3, temperature=0.4)
    assert [chunk.text for chunk in model.stream(MESSAGES) if chunk.text] == WORDS
    assert model.invoke(MESSAGES).text == "".join(WORDS[:3])
    streamed, invoked = endpoint.talk.requests
    assert streamed["stream"] is True
    assert invoked["max_tokens"] == 3
    assert "max_completion_tokens" not in invoked
    assert invoked["temperature"] == 0.4
    assert [message["role"] for message in invoked["messages"]] == ["system", "user"]
    assert endpoint.talk.keys == ["Bearer secret"] * 2


def test_judgement_returns_the_likeliest_first_tokens(endpoint: Endpoint, open_at: Any) -> None:
    judge = open_at(endpoint.spec).bind(max_tokens=1, logprobs=True, top_logprobs=20, temperature=0)
    first = judge.invoke(MESSAGES).response_metadata["logprobs"]["content"][0]
    assert [(row["token"], row["logprob"]) for row in first["top_logprobs"]] == [("Yes", -0.1), ("No", -2.4)]
    assert endpoint.talk.requests[0]["max_tokens"] == 1
    assert endpoint.talk.requests[0]["temperature"] == 0


def test_closing_the_stream_hangs_up(endpoint: Endpoint, open_at: Any) -> None:
    endpoint.talk.endless = True
    with closing(open_at(endpoint.spec).stream(MESSAGES)) as stream:
        assert next(stream).text == WORDS[0]
        assert not endpoint.talk.hung_up.is_set()
    assert endpoint.talk.hung_up.wait(5)


def test_keys_and_proxies_of_the_environment_are_not_used_for_this_machine(
    endpoint: Endpoint, open_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = FileServer()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_PROXY", proxy.url)
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert open_at(endpoint.spec).invoke(MESSAGES).text == "".join(WORDS)
    assert endpoint.talk.keys == ["Bearer none"]
    assert proxy.behaviour.requests == []
    proxy.close()


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        (401, "bad key", "TUTOR_LLM_API_KEY"),
        (403, "not yours", "TUTOR_LLM_API_KEY"),
        (404, "model `x` not found", r"model `x` not found.*after `#`"),
        (429, "slow down", "Wait and try again"),
        (400, "request exceeds the available context size (exceed_context_size_error)", "TUTOR_CONTEXT_TOKENS"),
        (400, "no such parameter", "reports: no such parameter"),
        (500, "out of memory", "reports: out of memory"),
    ],
)
@pytest.mark.parametrize("way", ["stream", "invoke"])
def test_errors_of_the_server_become_model_errors(
    way: str, status: int, message: str, expected: str, endpoint: Endpoint, open_at: Any
) -> None:
    endpoint.talk.status, endpoint.talk.message = status, message
    with pytest.raises(ModelError, match=expected):
        ask(open_at(endpoint.spec), way)


@pytest.mark.parametrize("way", ["stream", "invoke"])
def test_unreachable_address_names_the_next_step(way: str, open_at: Any) -> None:
    server = Endpoint()
    server.close()
    with pytest.raises(ModelError, match=r"cannot be reached.*Start that server or check the address in TUTOR_LLM"):
        ask(open_at(server.spec), way)


@pytest.mark.parametrize("way", ["stream", "invoke"])
def test_page_that_is_no_endpoint_is_recognised(way: str, endpoint: Endpoint, open_at: Any) -> None:
    endpoint.talk.html = True
    with pytest.raises(ModelError, match="does not speak the OpenAI protocol"):
        ask(open_at(endpoint.spec), way)


def test_name_that_the_server_does_not_know_is_reported(endpoint: Endpoint, open_at: Any) -> None:
    with pytest.raises(ModelError, match="model other-model not found"):
        ask(open_at(f"{endpoint.base_url}#other-model"), "invoke")


@pytest.mark.parametrize("spec", ["http://127.0.0.1:11434/v1", "http://#model", "https://host/v1#"])
def test_address_without_a_model_is_refused_with_an_example(spec: str, open_at: Any) -> None:
    with pytest.raises(ModelError, match="name after `#`"):
        open_at(spec)


async def collect(model: BaseChatModel) -> list[str]:
    return [chunk.text async for chunk in model.astream(MESSAGES) if chunk.text]


def test_asynchronous_calls_take_the_same_path(endpoint: Endpoint, open_at: Any) -> None:
    model = open_at(endpoint.spec)
    assert asyncio.run(collect(model)) == WORDS
    endpoint.talk.status = 500
    with pytest.raises(ModelError):
        asyncio.run(model.ainvoke(MESSAGES))


def ask(model: BaseChatModel, way: str) -> None:
    if way == "invoke":
        model.invoke(MESSAGES)
    else:
        list(model.stream(MESSAGES))
