"""Shipped fakes: real subclasses of the interfaces they stand for, deterministic, without weights or clocks."""

import hashlib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field, PrivateAttr

from tutor.assembly import Tutor, part
from tutor.bank.load import Bank
from tutor.models.named import NamedEmbeddings
from tutor.text.terms import terms


class WordHashEmbeddings(NamedEmbeddings):
    """Texts that share terms are similar: each term adds one direction, chosen by its hash; unit length."""

    name = "word-hash"

    def __init__(self, dimensions: int = 256) -> None:
        self.dimensions = dimensions
        self.embedded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded.extend(texts)
        return [self._vector(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self._vector(text)

    def _vector(self, text: str) -> list[float]:
        vector = [0.0] * self.dimensions
        for term in terms(text) or [text]:
            digest = hashlib.sha256(term.encode()).digest()
            vector[int.from_bytes(digest[:4], "big") % self.dimensions] += 1.0
        length = math.sqrt(sum(value * value for value in vector))
        return [value / length for value in vector] if length else vector


class WordHashTutor(Tutor):
    """A tutor with a real index, without the seconds that embedding a bank takes."""

    @part
    def bank(self) -> Bank:
        return Bank(())

    @part
    def embedder(self) -> NamedEmbeddings:
        return WordHashEmbeddings()


class ScriptedChatModel(BaseChatModel):
    """Says what the script says and remembers what it was asked; honours `stop`, `max_tokens` and `logprobs`.

    `replies` is a list, said one after the other (the last one for ever), or a function of the messages.
    `probabilities` gives the first token's candidates as token -> probability, fixed or as a function of the messages.
    An exception as a reply is raised. `max_tokens` counts words and marks.
    """

    replies: list[str | Exception] | Callable[[list[BaseMessage]], str] = ["Yes."]
    probabilities: Mapping[str, float] | Callable[[list[BaseMessage]], Mapping[str, float]] | None = None
    calls: list[list[BaseMessage]] = Field(default_factory=list)
    options: list[dict[str, Any]] = Field(default_factory=list)
    cancelled: int = 0  # streams closed before their end
    _said: int = PrivateAttr(default=0)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = self._next_reply(messages, stop, kwargs)
        metadata = self._metadata(messages, text, kwargs)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text, response_metadata=metadata))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        pieces = _pieces(self._next_reply(messages, stop, kwargs)) or [""]
        finished = False
        try:
            for number, piece in enumerate(pieces, start=1):
                position: Literal["last"] | None = "last" if number == len(pieces) else None
                chunk = ChatGenerationChunk(message=AIMessageChunk(content=piece, chunk_position=position))
                if run_manager:
                    run_manager.on_llm_new_token(piece, chunk=chunk)
                yield chunk
            finished = True
        finally:
            if not finished:
                self.cancelled += 1

    def _next_reply(self, messages: list[BaseMessage], stop: list[str] | None, kwargs: Mapping[str, Any]) -> str:
        self.calls.append(list(messages))
        self.options.append({**kwargs, "stop": stop})
        if callable(self.replies):
            text: str | Exception = self.replies(messages)
        else:
            text = self.replies[min(self._said, len(self.replies) - 1)]
        self._said += 1
        if isinstance(text, Exception):
            raise text
        for mark in stop or ():
            text = text.split(mark)[0]
        limit = kwargs.get("max_tokens")
        return text if limit is None else "".join(_pieces(text)[: int(limit)])

    def _metadata(self, messages: list[BaseMessage], text: str, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        if not kwargs.get("logprobs"):
            return {}
        candidates = self.probabilities(messages) if callable(self.probabilities) else self.probabilities
        ranked = sorted((candidates or {text: 1.0}).items(), key=lambda item: -item[1])
        top = [{"token": token, "logprob": math.log(max(value, 1e-9))} for token, value in ranked]
        return {"logprobs": {"content": [{**top[0], "top_logprobs": top}]}}


def _pieces(text: str) -> list[str]:
    return re.findall(r"\s*(?:[A-Za-z0-9_]+|\S)|\s+$", text)


class ScriptedStates:
    """Stands for the truncated model: one number a prompt, fixed or a function of it; remembers the prompts."""

    def __init__(self, state: float | Exception | Callable[[str], float] = 1.0) -> None:
        self._state = state
        self.prompts: list[str] = []

    def read(self, beginning: str, rest: str) -> tuple[float, ...]:
        prompt = beginning + rest
        self.prompts.append(prompt)
        if isinstance(self._state, Exception):
            raise self._state
        return (self._state(prompt) if callable(self._state) else self._state,)


class FixedClock:
    """A clock that stands still until it is moved; call it for the time (UTC)."""

    def __init__(self, now: datetime = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        """Move on by `timedelta(**duration)`."""
        self.now += timedelta(**duration)
