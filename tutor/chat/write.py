"""The model writes from passages: chooses what fits, streams, and stops it when it starts to repeat itself."""

import math
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage

from tutor.chat import phrases
from tutor.domain import Hit, Language
from tutor.errors import AttemptError
from tutor.prompts import fill_prompt
from tutor.text.language import detect_language
from tutor.text.markdown import literal
from tutor.text.plain import plain_line
from tutor.text.sentences import split_sentences
from tutor.text.tokens import estimate_tokens

_MAX_SENTENCES = 7
# Tokens are estimated within about 15 %, so that no tokenizer is needed; the margin keeps the prompt inside the window.
_ESTIMATE_MARGIN = 1.2
_TEMPLATE_TOKENS = 32  # of the chat template
_LEAST_ROOM = 60  # tokens: below that no passage says anything


@dataclass(frozen=True)
class Material:
    """What the model reads, and what did not fit; both best first."""

    hits: tuple[Hit, ...]
    texts: tuple[str, ...]  # of `hits`, as the model sees them
    left_out: tuple[Hit, ...] = ()
    shortened: bool = False  # the first passage alone was too long, and only its beginning is read


_NOTHING = Material((), ())


def passage_room(question: str, language: Language, *, context_tokens: int, answer_tokens: int) -> int:
    """Tokens that the model's window leaves for passages beside prompt, question and answer.

    Raises AttemptError where the question leaves none.
    """
    frame = sum(estimate_tokens(str(message.content)) for message in prompt_messages(question, _NOTHING, language))
    room = context_tokens - answer_tokens - _TEMPLATE_TOKENS - math.ceil(frame * _ESTIMATE_MARGIN)
    room = int(room / _ESTIMATE_MARGIN)
    if room < _LEAST_ROOM:
        raise AttemptError("chat.no_room_for_passages", window=context_tokens, tokens=frame)
    return room


def choose_passages(hits: Sequence[Hit], token_budget: int) -> Material:
    """The best passages that fit the budget; the first one always, cut to leading sentences if it must be."""
    chosen: list[Hit] = []
    texts: list[str] = []
    left_out: list[Hit] = []
    shortened = False
    spent = 0
    for hit in hits:
        text = hit.passage.text
        if not chosen and _cost(hit, text) > token_budget:
            text, shortened = _beginning(hit, token_budget), True
        elif chosen and spent + _cost(hit, text) > token_budget:
            left_out.append(hit)
            continue
        chosen.append(hit)
        texts.append(text)
        spent += _cost(hit, text)
    return Material(tuple(chosen), tuple(texts), tuple(left_out), shortened)


def _cost(hit: Hit, text: str) -> int:
    return estimate_tokens(_head(hit)) + estimate_tokens(text) + 3


def _head(hit: Hit) -> str:
    """The line over a passage: "缺点" alone does not say whose."""
    return " > ".join(hit.passage.place) or hit.passage.title


def _beginning(hit: Hit, token_budget: int) -> str:
    """The leading sentences that fit; the beginning of the first one where not even that does."""
    text = hit.passage.text
    end = 0
    for sentence in split_sentences(text):
        stop = text.index(sentence, end) + len(sentence)
        if _cost(hit, text[:stop]) > token_budget:
            break
        end = stop
    if not end:
        end = len(text)
        while end > 1 and _cost(hit, text[:end]) > token_budget:
            end = end * 3 // 4
    return text[:end]


def prompt_messages(question: str, material: Material, language: Language) -> list[BaseMessage]:
    """System text, passages, question last: the same passages with another question share the cached prefix.

    The small model copies better than it words; only passages in another language must be put into its own words.
    """
    is_quotable = all(hit.passage.language == language for hit in material.hits)
    purpose = "answer_user_quote" if is_quotable else "answer_user"
    passages = "\n\n".join(f"{_head(hit)}\n{text}" for hit, text in zip(material.hits, material.texts, strict=True))
    return [
        SystemMessage(fill_prompt("answer_system", language)),
        HumanMessage(fill_prompt(purpose, language, passages=passages, question=question)),
    ]


def material_notes(material: Material, language: Language) -> list[str]:
    """What the reader is told about passages that the model did not see; nothing where it saw all."""
    notes = []
    if material.shortened:
        notes.append(phrases.SHORTENED.in_language(language))
    if material.left_out:
        comma = "、" if language == "zh" else "; "
        titles = comma.join(literal(plain_line(hit.passage.title)) for hit in material.left_out)
        found = len(material.hits) + len(material.left_out)
        note = phrases.LEFT_OUT.in_language(language)
        notes.append(note.format(found=found, used=len(material.hits), titles=titles))
    return [f"*{' '.join(notes)}*"] if notes else []


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


def is_in_language(text: str, language: Language) -> bool:
    """Whether the answer came in the language of the question; a few words prove nothing."""
    return len(text) < 12 or detect_language(text) == language


def _is_done(text: str) -> bool:
    sentences = split_sentences(text)
    finished = sentences[:-1]
    return len(finished) >= _MAX_SENTENCES or len(set(finished)) < len(finished)
