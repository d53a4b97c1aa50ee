"""A chat model over Hugging Face transformers: any causal language model by name or path.

Imported only when one is configured, because torch takes seconds to import. Slower than the embedded engine on a CPU,
and without its cache of prompt prefixes; meant for models that exist only in this form.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr
from transformers import AutoModelForCausalLM, AutoTokenizer, RepetitionPenaltyLogitsProcessor

from tutor.errors import ModelError

REPETITION_PENALTY = 1.1
ROLES = {"human": "user", "ai": "assistant", "system": "system"}


def open_transformers(name_or_path: str, max_tokens: int, temperature: float) -> "TransformersChat":
    """Load tokenizer and weights; raises ModelError when they cannot be found or read."""
    try:
        tokenizer = AutoTokenizer.from_pretrained(name_or_path)
        model = AutoModelForCausalLM.from_pretrained(name_or_path, dtype="auto")
    except (OSError, ValueError, ImportError, KeyError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ModelError("models.transformers_unloadable", model=name_or_path, reason=reason) from error
    device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    chat = TransformersChat(name_or_path=name_or_path, max_tokens=max_tokens, temperature=temperature)
    chat._model, chat._tokenizer = model.to(device).eval(), tokenizer
    return chat


class TransformersChat(BaseChatModel):
    """Generates token by token; closing the stream ends the generation."""

    name_or_path: str
    max_tokens: int
    temperature: float
    _model: Any = PrivateAttr(default=None)
    _tokenizer: Any = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "transformers"

    def close(self) -> None:
        """Drop the weights."""
        self._model = None

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        if self._model is None:
            raise ModelError("models.transformers_closed", model=self.name_or_path)
        limit = int(kwargs.get("max_tokens") or self.max_tokens)
        temperature = float(kwargs.get("temperature", self.temperature))
        top = int(kwargs.get("top_logprobs") or 0) if kwargs.get("logprobs") else None
        release = TextRelease(self._decode, stop or [])
        reason = "length"
        for token, logprobs in self._tokens(self._prompt_ids(messages), limit, temperature):
            is_end = token in self._end_tokens()
            text = release.finish() if is_end else release.add(token)
            info = {} if top is None else {"logprobs": {"content": [self._logprob_row(token, logprobs, top)]}}
            if is_end or release.stopped:
                reason = "stop"
            if text or info:
                yield self._chunk(text, info, run_manager)
            if reason == "stop":
                break
        yield self._chunk("" if release.stopped else release.finish(), {"finish_reason": reason}, run_manager)

    def _chunk(
        self, text: str, info: dict[str, Any], run_manager: CallbackManagerForLLMRun | None
    ) -> ChatGenerationChunk:
        chunk = ChatGenerationChunk(message=AIMessageChunk(content=text, response_metadata=info), generation_info=info)
        if run_manager and text:
            run_manager.on_llm_new_token(text, chunk=chunk)
        return chunk

    def _prompt_ids(self, messages: Sequence[BaseMessage]) -> torch.Tensor:
        turns = [{"role": ROLES.get(message.type, "user"), "content": str(message.text)} for message in messages]
        if self._tokenizer.chat_template:
            text = self._tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
        else:
            text = "".join(f"{turn['role']}: {turn['content']}\n" for turn in turns) + "assistant:"
        ids = self._tokenizer(text, return_tensors="pt", add_special_tokens=not self._tokenizer.chat_template)
        prompt: torch.Tensor = ids["input_ids"].to(self._model.device)
        window = getattr(self._model.config, "max_position_embeddings", None)
        if window and prompt.shape[1] >= window:
            raise ModelError(
                "models.transformers_overflow", model=self.name_or_path, tokens=prompt.shape[1], window=window
            )
        return prompt

    def _tokens(self, prompt: torch.Tensor, limit: int, temperature: float) -> Iterator[tuple[int, torch.Tensor]]:
        """Pairs of chosen token and log-probabilities over the vocabulary, from the model before any penalty."""
        penalize: Callable[..., torch.Tensor] = RepetitionPenaltyLogitsProcessor(REPETITION_PENALTY)
        seen, step, past = prompt, prompt, None
        window = getattr(self._model.config, "max_position_embeddings", None) or prompt.shape[1] + limit
        for _ in range(min(limit, window - prompt.shape[1])):
            with torch.inference_mode():
                output = self._model(input_ids=step, past_key_values=past, use_cache=True)
                logits, past = output.logits[:, -1, :].float(), output.past_key_values
                logprobs = torch.log_softmax(logits[0], dim=-1)
                # only what was generated counts as repetition: passages are there to be quoted
                scores = penalize(seen[:, prompt.shape[1] :], logits) if seen.shape[1] > prompt.shape[1] else logits
                if temperature > 0:
                    step = torch.multinomial(torch.softmax(scores / temperature, dim=-1), 1)
                else:
                    step = scores.argmax(dim=-1, keepdim=True)
                seen = torch.cat([seen, step], dim=1)
            yield int(step), logprobs

    def _end_tokens(self) -> set[int]:
        ends = self._model.generation_config.eos_token_id
        listed = ends if isinstance(ends, list) else [ends]
        return {token for token in [*listed, self._tokenizer.eos_token_id] if token is not None}

    def _decode(self, tokens: Sequence[int]) -> str:
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True))

    def _logprob_row(self, token: int, logprobs: torch.Tensor, top: int) -> Mapping[str, Any]:
        """One token as OpenAI reports it: its own log-probability and the `top` likeliest ones."""
        values, tokens = logprobs.topk(min(top, logprobs.shape[-1]))
        likeliest = zip(tokens.tolist(), values.tolist(), strict=True)
        return {
            "token": self._token_text(token),
            "logprob": float(logprobs[token]),
            "top_logprobs": [{"token": self._token_text(t), "logprob": value} for t, value in likeliest],
        }

    def _token_text(self, token: int) -> str:
        return str(self._tokenizer.decode([token]))


class TextRelease:
    """Turns tokens into text that may be shown: whole characters only, and nothing that may begin a stop string."""

    def __init__(self, decode: Callable[[Sequence[int]], str], stops: Sequence[str]) -> None:
        self._decode = decode
        self._stops = [stop for stop in stops if stop]
        self._tokens: list[int] = []
        self._shown = 0
        self.stopped = False

    def add(self, token: int) -> str:
        self._tokens.append(token)
        text = self._decode(self._tokens)
        found = [text.index(stop) for stop in self._stops if stop in text]
        if found:
            self.stopped = True
            return self._until(text, min(found))
        if text.endswith("\N{REPLACEMENT CHARACTER}"):
            return ""  # in the middle of a character
        held = max((_overlap(text, stop) for stop in self._stops), default=0)
        return self._until(text, len(text) - held)

    def finish(self) -> str:
        text = self._decode(self._tokens)
        return self._until(text, len(text))

    def _until(self, text: str, end: int) -> str:
        piece = text[self._shown : end]
        self._shown = max(self._shown, end)
        return piece


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of `text` that is a beginning of `stop`."""
    return next((size for size in range(min(len(stop) - 1, len(text)), 0, -1) if text.endswith(stop[:size])), 0)
