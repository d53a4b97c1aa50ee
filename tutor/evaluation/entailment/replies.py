"""A chat model that remembers what the real one wrote, so that a check can be measured again without it.

Knows nothing of what the words are for; a changed prompt is a new request.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from tutor.evaluation.rows import read_rows


class RecordedReplies(BaseChatModel):
    """Says what `file` holds for a prompt, or asks the model that `open_model` opens and writes its reply there."""

    file: Path
    open_model: Callable[[], BaseChatModel]
    _known: dict[str, str] = PrivateAttr(default_factory=dict)

    def model_post_init(self, _: Any) -> None:
        if self.file.is_file():
            self._known = {row["prompt"]: row["reply"] for row in read_rows(self.file)}

    @property
    def _llm_type(self) -> str:
        return "recorded"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,  # noqa: ARG002 - LangChain's signature
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002
        **_: Any,
    ) -> Iterator[ChatGenerationChunk]:
        key = prompt_key(messages)
        if key in self._known:
            yield ChatGenerationChunk(message=AIMessageChunk(content=self._known[key], chunk_position="last"))
            return
        text = ""
        try:
            for chunk in self.open_model().stream(messages):
                text += str(chunk.text)
                yield ChatGenerationChunk(message=AIMessageChunk(content=chunk.text))
        except GeneratorExit:  # the reader has heard enough; an error leaves nothing behind
            self._keep(key, text)
            raise
        self._keep(key, text)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(str(chunk.text) for chunk in self._stream(messages, stop, run_manager, **kwargs))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _keep(self, key: str, text: str) -> None:
        self._known[key] = text
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"prompt": key, "reply": text}, ensure_ascii=False) + "\n")


def prompt_key(messages: list[BaseMessage]) -> str:
    """What tells prompts apart, without keeping their passages."""
    text = "\n\n".join(f"{message.type}: {message.content}" for message in messages)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:16]
