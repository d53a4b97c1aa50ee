"""Opens a language model from one setting: embedded engine, OpenAI-compatible URL, or transformers.

Every model is a langchain-core BaseChatModel that streams, stops when its stream is closed, gives log-probabilities
(`bind(logprobs=True, top_logprobs=20)`), and raises ModelError with the next step.
"""

from pathlib import Path
from urllib.parse import urlsplit

from langchain_core.language_models import BaseChatModel

from tutor.errors import ModelError
from tutor.models.embedded import Engine, EnginePlan, default_threads, looks_like_gguf
from tutor.models.weights import Store

TRANSFORMERS = "transformers:"


def open_chat_model(
    spec: str,
    *,
    store: Store,
    context_tokens: int = 4096,
    threads: int | None = None,
    api_key: str = "",
    max_tokens: int = 256,
    temperature: float = 0.2,
) -> BaseChatModel:
    """The chat model that `spec` means; raises ModelError (WeightsError when weights are missing).

    `spec`: a catalogue name, the path of a .gguf, or `hf:owner/repository/file.gguf` (embedded engine, loaded at the
    first request); `http(s)://host/v1#model` (an OpenAI-compatible server, contacted at the first request);
    `transformers:NAME_OR_PATH` (loaded at once). `context_tokens` and `threads` (None: physical cores) are the
    embedded engine's. Open once and `bind` variants: each model has an engine of its own, which `close_chat_model` ends.
    """
    if spec.startswith(("http://", "https://")):
        from tutor.models.openai_chat import open_endpoint

        base_url, model = _split_url(spec)
        return open_endpoint(base_url, model, api_key, max_tokens, temperature)
    if spec.startswith(TRANSFORMERS):
        from tutor.models.transformers_chat import open_transformers

        return open_transformers(spec.removeprefix(TRANSFORMERS), max_tokens, temperature)
    path = _gguf(spec, store)
    from tutor.models.openai_chat import open_embedded

    engine = Engine(EnginePlan(path, context_tokens, threads or default_threads()))
    return open_embedded(engine, path.stem, max_tokens, temperature)


def close_chat_model(model: BaseChatModel) -> None:
    """Free what the model holds: engine, connections or weights. Closing twice does no harm."""
    close = getattr(model, "close", None)
    if close is not None:
        close()


def _split_url(spec: str) -> tuple[str, str]:
    parts = urlsplit(spec)
    if not parts.hostname or not parts.fragment:
        raise ModelError("models.no_name_in_address", model=spec)
    return parts._replace(fragment="").geturl().rstrip("/"), parts.fragment


def _gguf(spec: str, store: Store) -> Path:
    path = store.resolve(spec)
    if not looks_like_gguf(path):
        raise ModelError("models.no_gguf", model=spec, file=path)
    return path
