"""Chat models behind an OpenAI-compatible address: any endpoint, and the embedded engine.

Imported only when one is opened (langchain_openai takes seconds). Every failure leaves as a ModelError with the next
step, so that no caller needs to know httpx or openai.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import openai
from langchain_core.exceptions import ContextOverflowError
from langchain_core.language_models import BaseChatModel
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from tutor.errors import ModelError
from tutor.messages import Message
from tutor.models.embedded import Engine

EMBEDDED = Message("models.embedded_engine")
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 600.0  # to the next byte: a long prompt on a slow machine takes minutes before the first word

# At low temperature the small model loops without a repetition control. DRY looks at the last 256 tokens only and lets
# four in a row pass, so that the passages in the prompt may still be quoted.
ENGINE_SAMPLING = {
    "cache_prompt": True,
    "repeat_penalty": 1.05,
    "repeat_last_n": 128,
    "dry_multiplier": 0.8,
    "dry_base": 1.75,
    "dry_allowed_length": 4,
    "dry_penalty_last_n": 256,
}


class EndpointChat(ChatOpenAI):
    """ChatOpenAI that raises ModelError, and asks with `max_tokens`, which every compatible server understands."""

    def _get_request_payload(self, input_: Any, *, stop: list[str] | None = None, **kwargs: Any) -> dict[str, Any]:
        payload = super()._get_request_payload(input_, stop=stop, **kwargs)
        if "max_completion_tokens" in payload and not self._is_openai:
            payload["max_tokens"] = payload.pop("max_completion_tokens")
        return payload

    @property
    def _is_openai(self) -> bool:
        return (urlsplit(self.openai_api_base or "").hostname or "").endswith("openai.com")

    def _ready(self) -> None:
        """Called before each request; the embedded engine starts here."""

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        self._ready()
        received = False
        with _model_errors(self._name, self._where):
            for chunk in super()._stream(*args, **kwargs):
                received = True
                yield chunk
        if not received:
            raise ModelError("models.another_protocol", where=self._where)

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        self._ready()
        with _model_errors(self._name, self._where):
            return super()._generate(*args, **kwargs)

    # The asynchronous calls run the ones above in a thread: one path, one way to fail.
    _astream = BaseChatModel._astream
    _agenerate = BaseChatModel._agenerate

    @property
    def _name(self) -> str:
        return self.model_name

    @property
    def _where(self) -> str | Message:
        return f"`{self.openai_api_base}`"

    def close(self) -> None:
        """Close its connections."""
        self.root_client.close()


class EmbeddedChat(EndpointChat):
    """A chat model over the embedded engine, which starts at the first request."""

    _engine: Engine = PrivateAttr()
    _closed: bool = PrivateAttr(default=False)

    def _ready(self) -> None:
        if self._closed:
            raise ModelError("models.closed", model=self._name)
        base_url = self._engine.start()
        if str(self.root_client.base_url).rstrip("/") != base_url:
            self.root_client.base_url = base_url

    @property
    def _where(self) -> str | Message:
        return EMBEDDED

    def close(self) -> None:
        """End the engine. Closing twice does no harm."""
        if not self._closed:
            self._closed = True
            self._engine.close()
            super().close()


def open_endpoint(base_url: str, model: str, api_key: str, max_tokens: int, temperature: float) -> EndpointChat:
    """A chat model at a remote or local OpenAI-compatible address; nothing is sent yet."""
    return EndpointChat(
        model=model,
        base_url=base_url,
        max_completion_tokens=max_tokens,
        temperature=temperature,
        max_retries=1,
        **_connection(api_key, is_local=_is_loopback(base_url)),
    )


def open_embedded(engine: Engine, name: str, max_tokens: int, temperature: float) -> EmbeddedChat:
    """A chat model over an engine of its own; the weights are loaded at the first request."""
    chat = EmbeddedChat(
        model=name,
        base_url="http://127.0.0.1:9/v1",  # the real port is known when the engine has started
        max_completion_tokens=max_tokens,
        temperature=temperature,
        max_retries=0,
        extra_body=ENGINE_SAMPLING,
        **_connection(engine.api_key, is_local=True),
    )
    chat._engine = engine
    return chat


def _connection(api_key: str, is_local: bool) -> dict[str, Any]:
    """Nothing is taken from OPENAI_* variables, and an address on this machine is never asked through a proxy."""
    timeout = openai.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
    return {
        "api_key": SecretStr(api_key or "none"),
        "organization": "",
        "openai_proxy": None,
        "use_responses_api": False,
        "timeout": timeout,
        "http_client": openai.DefaultHttpxClient(trust_env=not is_local, timeout=timeout),
    }


def _is_loopback(base_url: str) -> bool:
    return urlsplit(base_url).hostname in {"127.0.0.1", "localhost", "::1"}


@contextmanager
def _model_errors(model: str, where: str | Message) -> Iterator[None]:
    try:
        yield
    except ContextOverflowError as error:
        raise ModelError("models.overflow", model=model, reason=error) from error
    except openai.APITimeoutError as error:
        raise ModelError("models.too_slow", model=model, where=where) from error
    except openai.APIConnectionError as error:
        reason = error.__cause__ or error
        if where is EMBEDDED:
            raise ModelError("models.engine_gone", model=model, where=where, reason=reason) from error
        raise ModelError("models.unreachable", model=model, where=where, reason=reason) from error
    except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
        raise ModelError("models.key_refused", model=model, where=where) from error
    except openai.NotFoundError as error:
        raise ModelError("models.not_found", model=model, where=where, reason=_said(error)) from error
    except openai.RateLimitError as error:
        raise ModelError("models.too_many_requests", model=model, where=where, reason=_said(error)) from error
    except openai.APIError as error:
        if "exceed_context_size" in str(error) or "context length" in str(error) or "context size" in str(error):
            raise ModelError("models.overflow", model=model, reason=_said(error)) from error
        raise ModelError("models.reports", model=model, where=where, reason=_said(error)) from error
    except (AttributeError, TypeError, KeyError, ValueError) as error:  # an answer that is no completion
        raise ModelError("models.another_protocol", where=where) from error


def _said(error: openai.APIError) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return " ".join(str(message or error.message).split())[:300]
