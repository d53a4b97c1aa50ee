"""The chain from question to answer, composed from langchain-core runnables.

condense -> retrieve -> refuse | the entry's own answer | written from passages. Each branch is a generator of
events: Evidence first, then text, then one Answer.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableBranch, RunnableGenerator, RunnableLambda

from tutor.bank.load import Bank
from tutor.chat import phrases
from tutor.chat.condense import condense
from tutor.chat.entry_answer import answer_from_entry
from tutor.chat.support import Supporter, citation, cite, strip_marks
from tutor.chat.write import (
    Material,
    choose_passages,
    is_in_language,
    material_notes,
    passage_room,
    prompt_messages,
    stream_words,
    tidy,
)
from tutor.domain import Answer, AnswerEvent, Citation, Evidence, Hit, Language, TextDelta, Timings
from tutor.errors import TutorError
from tutor.retrieval.hybrid import HybridRetriever, SearchResult
from tutor.text.language import detect_language
from tutor.text.sentences import split_sentences

_SHOWN_HITS = 5
_NEAREST = 3


@dataclass(frozen=True)
class Inquiry:
    """A question on its way through the chain."""

    question: str
    earlier: tuple[Answer, ...]
    started: float  # seconds of the monotonic clock
    standalone_question: str = ""
    search_text: str = ""
    is_follow_up: bool = False
    language: Language = "en"
    result: SearchResult | None = None
    evidence_ms: float = 0.0

    @property
    def found(self) -> SearchResult:
        if self.result is None:
            raise TutorError(
                "The chain asked for passages before it retrieved them; this is a defect, please report it."
            )
        return self.result


class AnswerChain:
    """Builds the runnable `chain`; its input is an Inquiry, its output a stream of AnswerEvents."""

    def __init__(
        self,
        retriever: HybridRetriever,
        bank: Bank,
        chat_model: Callable[[], BaseChatModel],
        *,
        passage_tokens: int = 500,
        context_tokens: int = 4096,
        answer_tokens: int = 220,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`chat_model` is called when words are first needed, so that known questions never wait for weights.

        Prompt and answer together stay within `context_tokens`, and passages within `passage_tokens`.
        """
        self._retriever = retriever
        self._bank = bank
        self._chat_model = chat_model
        self._passage_tokens = passage_tokens
        self._context_tokens = context_tokens
        self._answer_tokens = answer_tokens
        self._clock = clock
        self.chain: Runnable[Inquiry, AnswerEvent] = (
            RunnableLambda(self._condense)
            | RunnableLambda(self._retrieve)
            | RunnableBranch(
                (lambda inquiry: not inquiry.found.scope.in_scope, RunnableGenerator(_each(self._refuse))),
                (self._is_known, RunnableGenerator(_each(self._answer_from_entry))),
                RunnableGenerator(_each(self._write)),
            )
        )

    def start(self, question: str, earlier: tuple[Answer, ...]) -> Inquiry:
        return Inquiry(question.strip(), earlier, self._clock())

    def _condense(self, inquiry: Inquiry) -> Inquiry:
        condensed = condense(inquiry.question, inquiry.earlier)
        return replace(
            inquiry,
            standalone_question=condensed.question,
            search_text=condensed.search_text,
            is_follow_up=condensed.is_follow_up,
            language=detect_language(inquiry.question),
        )

    def _retrieve(self, inquiry: Inquiry) -> Inquiry:
        result = self._retriever.search(inquiry.search_text, _SHOWN_HITS)
        return replace(inquiry, result=result, evidence_ms=self._milliseconds(inquiry))

    def _is_known(self, inquiry: Inquiry) -> bool:
        known = inquiry.found.known_entry_id
        return known is not None and known in self._bank and not inquiry.is_follow_up

    def _refuse(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        yield self._evidence(inquiry)
        nearest = tuple(_whole(i, hit) for i, hit in enumerate(inquiry.found.hits[:_NEAREST], start=1))
        text = phrases.OUT_OF_SCOPE.in_language(inquiry.language)
        yield self._answer(inquiry, text, refused=True, nearest=nearest)

    def _answer_from_entry(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        yield self._evidence(inquiry)
        entry = self._bank.get(str(inquiry.found.known_entry_id))
        index = self._retriever.index
        passages = index.snapshot().by_entry.get(entry.id, ())
        origins = next((hit.origins for hit in inquiry.found.hits if hit.passage.entry_id == entry.id), ())
        text, citations = answer_from_entry(entry, inquiry.language, passages, origins)
        yield replace(self._answer(inquiry, text, citations=citations), entry_id=entry.id)

    def _write(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        yield self._evidence(inquiry)
        question, language = inquiry.standalone_question, inquiry.language
        material = self._material(inquiry)
        text, first_token_ms = "", None
        for piece in stream_words(self._chat_model(), prompt_messages(question, material, language)):
            first_token_ms = first_token_ms or self._milliseconds(inquiry)
            text += piece
            yield TextDelta(piece)
        text = tidy(strip_marks(text))
        if not text or not is_in_language(text, language):
            text = phrases.NO_WORDS.in_language(language)
            nearest = tuple(_whole(i, hit) for i, hit in enumerate(material.hits, start=1))
            yield self._answer(inquiry, text, nearest=nearest, first_token_ms=first_token_ms)
            return
        supporter = Supporter(self._retriever.embeddings, material.hits)
        supports = [supporter.check(sentence) for sentence in split_sentences(text)]
        cited, citations, unsupported = cite(text, supports)
        notes = [*([phrases.WEAK_EVIDENCE.in_language(language)] if inquiry.found.is_weak else [])]
        text = "\n\n".join([*(f"*{note}*" for note in notes), cited, *material_notes(material, language)])
        yield self._answer(inquiry, text, citations=citations, unsupported=unsupported, first_token_ms=first_token_ms)

    def _material(self, inquiry: Inquiry) -> Material:
        room = passage_room(
            inquiry.standalone_question,
            inquiry.language,
            context_tokens=self._context_tokens,
            answer_tokens=self._answer_tokens,
        )
        return choose_passages(inquiry.found.hits, min(self._passage_tokens, room))

    def _evidence(self, inquiry: Inquiry) -> Evidence:
        return Evidence(inquiry.standalone_question, inquiry.found.hits, inquiry.found.scope)

    def _milliseconds(self, inquiry: Inquiry) -> float:
        return round((self._clock() - inquiry.started) * 1_000, 1)

    def _answer(
        self,
        inquiry: Inquiry,
        text: str,
        *,
        refused: bool = False,
        citations: tuple[Citation, ...] = (),
        nearest: tuple[Citation, ...] = (),
        unsupported: tuple[str, ...] = (),
        first_token_ms: float | None = None,
    ) -> Answer:
        return Answer(
            question=inquiry.question,
            standalone_question=inquiry.standalone_question,
            text=text,
            language=inquiry.language,
            refused=refused,
            citations=citations,
            unsupported_sentences=unsupported,
            timings=Timings(inquiry.evidence_ms, first_token_ms, self._milliseconds(inquiry)),
            nearest=nearest,
            confidence=inquiry.found.scope.confidence,
        )


def _whole(number: int, hit: Hit) -> Citation:
    sentences = split_sentences(hit.passage.text)
    return citation(number, hit, sentences[0] if sentences else "")


def _each(
    respond: Callable[[Inquiry], Iterator[AnswerEvent]],
) -> Callable[[Iterator[Inquiry]], Iterator[AnswerEvent]]:
    """A RunnableGenerator takes an iterator of inputs; ours carries exactly one inquiry."""

    def transform(inquiries: Iterator[Inquiry]) -> Iterator[AnswerEvent]:
        for inquiry in inquiries:
            yield from respond(inquiry)

    return transform
