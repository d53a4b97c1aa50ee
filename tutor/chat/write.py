"""The model writes from passages: chooses what fits, streams, and stops it when it starts to repeat itself."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage

from tutor.domain import Hit, Language
from tutor.prompts import fill_prompt
from tutor.text.language import detect_language
from tutor.text.sentences import split_sentences
from tutor.text.tokens import estimate_tokens

_MAX_SENTENCES = 7


def choose_passages(hits: Sequence[Hit], token_budget: int) -> list[Hit]:
    """The best passages that fit the budget, best first; the first one always, cut to sentences if it must be."""
    chosen: list[Hit] = []
    spent = 0
    for hit in hits:
        cost = estimate_tokens(hit.passage.text)
        if chosen and spent + cost > token_budget:
            continue
        chosen.append(hit)
        spent += cost
    return chosen


def prompt_messages(question: str, hits: Sequence[Hit], language: Language) -> list[BaseMessage]:
    """System text, passages, question last: the same passages with another question share the cached prefix."""
    material = "\n\n".join(f"{hit.passage.title}\n{hit.passage.text}" for hit in hits)
    return [
        SystemMessage(fill_prompt("answer_system", language)),
        HumanMessage(fill_prompt("answer_user", language, passages=material, question=question)),
    ]


def stream_words(model: BaseChatModel, messages: list[BaseMessage]) -> Iterator[str]:
    """Pieces of text as they come; ends early at a repeated sentence or after enough of them.

    Closing the iterator stops the model.
    """
    text = ""
    with closing(cast("Generator[AIMessageChunk]", model.stream(messages))) as stream:
        for chunk in stream:
            piece = str(chunk.text)
            if not piece:
                continue
            text += piece
            yield piece
            if _is_done(text):
                return


def tidy(text: str) -> str:
    """Without a repeated sentence at the end and without the half sentence that the length limit left."""
    sentences = split_sentences(text)
    kept: list[str] = []
    for sentence in sentences[:_MAX_SENTENCES]:
        if sentence in kept:
            break
        kept.append(sentence)
    if len(kept) > 1 and not kept[-1].endswith(tuple("。！？.!?;；:：)）|`$")):
        kept.pop()
    if not kept:
        return text.strip()
    start = 0
    for sentence in kept:
        start = text.index(sentence, start) + len(sentence)
    return text[:start].strip()


def is_in_language(text: str, language: Language) -> bool:
    """Whether the answer came in the language of the question; a few words prove nothing."""
    return len(text) < 12 or detect_language(text) == language


def _is_done(text: str) -> bool:
    sentences = split_sentences(text)
    finished = sentences[:-1]
    return len(finished) >= _MAX_SENTENCES or len(set(finished)) < len(finished)
