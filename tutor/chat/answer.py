"""The chain from question to answer, composed from langchain-core runnables.

condense -> retrieve -> the entry's own answer, in the manner asked for | two entries side by side | refuse | written
from passages. Each branch is a generator of events: Evidence first, then text, then one Answer.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableBranch, RunnableGenerator, RunnableLambda

from tutor.bank.load import Bank
from tutor.chat import phrases
from tutor.chat.condense import condense_after, joined, subject_of
from tutor.chat.entry_answer import Quoter, answer_from_entry, compare_entries
from tutor.chat.recognise import Recogniser
from tutor.chat.request import Request, read_request
from tutor.chat.support import Supporter, citation, prove, quote, strip_marks
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
from tutor.entailment.support import SupportModel
from tutor.errors import TutorError
from tutor.retrieval.hybrid import HybridRetriever, SearchResult
from tutor.text.language import detect_language
from tutor.text.markup import dollar_formulas, keep_formulas
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
    request: Request = field(default_factory=lambda: Request(""))
    is_follow_up: bool = False
    language: Language = "en"
    entry_ids: tuple[str, ...] = ()  # one whose answer it is, or two to compare
    result: SearchResult | None = None
    evidence_ms: float = 0.0

    @property
    def found(self) -> SearchResult:
        if self.result is None:
            raise TutorError("chat.no_passages_yet")
        return self.result


class AnswerChain:
    """Builds the runnable `chain`; its input is an Inquiry, its output a stream of AnswerEvents."""

    def __init__(
        self,
        retriever: HybridRetriever,
        bank: Bank,
        chat_model: Callable[[], BaseChatModel],
        support: SupportModel,
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
        self.recogniser = Recogniser(bank, retriever.search)
        self._chat_model = chat_model
        self._support = support
        self._passage_tokens = passage_tokens
        self._context_tokens = context_tokens
        self._answer_tokens = answer_tokens
        self._clock = clock
        self.chain: Runnable[Inquiry, AnswerEvent] = (
            RunnableLambda(self._condense)
            | RunnableLambda(self._retrieve)
            | RunnableBranch(
                (lambda inquiry: bool(inquiry.entry_ids), RunnableGenerator(_each(self._answer_from_entries))),
                (lambda inquiry: not inquiry.found.scope.in_scope, RunnableGenerator(_each(self._refuse))),
                RunnableGenerator(_each(self._write)),
            )
        )

    def start(self, question: str, earlier: tuple[Answer, ...]) -> Inquiry:
        return Inquiry(question.strip(), earlier, self._clock())

    def _condense(self, inquiry: Inquiry) -> Inquiry:
        question = inquiry.question
        request = read_request(question)
        inquiry = replace(inquiry, request=request, language=detect_language(question))
        subject = subject_of(inquiry.earlier)
        if request.is_bare and subject:
            standalone = joined(question, subject)
            inquiry = replace(inquiry, entry_ids=self._last_entry(inquiry.earlier), search_text=subject)
            return replace(inquiry, standalone_question=standalone, is_follow_up=True)
        condensed = condense_after(request.core or question, subject, self.recogniser.stands_alone)
        return replace(
            inquiry,
            standalone_question=joined(question, subject) if condensed.is_follow_up else question,
            search_text=condensed.search_text,
            is_follow_up=condensed.is_follow_up,
        )

    def _last_entry(self, earlier: tuple[Answer, ...]) -> tuple[str, ...]:
        """The entry whose answer "in one sentence" and the like ask to hear again."""
        last = next((answer for answer in reversed(earlier) if not answer.refused), None)
        return (last.entry_id,) if last and last.entry_id and last.entry_id in self._bank else ()

    def _retrieve(self, inquiry: Inquiry) -> Inquiry:
        result = self._retriever.search(inquiry.search_text, _SHOWN_HITS)
        if not inquiry.is_follow_up:
            ids = self.recogniser.entries(inquiry.request, result)
            inquiry = replace(inquiry, entry_ids=ids)
        return replace(inquiry, result=result, evidence_ms=self._milliseconds(inquiry))

    def _refuse(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        yield self._evidence(inquiry)
        nearest = tuple(_whole(i, hit) for i, hit in enumerate(inquiry.found.hits[:_NEAREST], start=1))
        text = phrases.OUT_OF_SCOPE.in_language(inquiry.language)
        yield self._answer(inquiry, text, refused=True, nearest=nearest)

    def _answer_from_entries(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        yield self._evidence(inquiry)
        shared: list[Citation] = []
        quoters = [self._quoter(entry_id, inquiry.language, shared) for entry_id in inquiry.entry_ids]
        if len(quoters) == 1:
            text, citations = answer_from_entry(quoters[0], inquiry.request.manner)
        else:
            text, citations = compare_entries(quoters[0], quoters[1])
        yield replace(self._answer(inquiry, text, citations=citations), entry_id=inquiry.entry_ids[0])

    def _quoter(self, entry_id: str, language: Language, citations: list[Citation]) -> Quoter:
        snapshot = self._retriever.index.snapshot()
        passages = snapshot.by_entry.get(entry_id, ())
        documents = {snapshot.manifest.entries[passage.document_id].document for passage in passages}
        origins = tuple(origin for document in documents for origin in document.origins)
        return Quoter(self._bank.get(entry_id), language, passages, origins, citations)

    def _write(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        yield self._evidence(inquiry)
        question, language = inquiry.standalone_question, inquiry.language
        material = self._material(inquiry)
        text, first_token_ms = "", None
        for piece in stream_words(self._chat_model(), prompt_messages(question, material, language)):
            first_token_ms = first_token_ms or self._milliseconds(inquiry)
            text += piece
            yield TextDelta(piece)
        text = keep_formulas(tidy(strip_marks(dollar_formulas(text))), material.texts)
        if not text or not is_in_language(text, language):
            text = phrases.NO_WORDS.in_language(language)
            nearest = tuple(_whole(i, hit) for i, hit in enumerate(material.hits, start=1))
            yield self._answer(inquiry, text, nearest=nearest, first_token_ms=first_token_ms)
            return
        yield replace(self._proven(text, inquiry, material), timings=self._timings(inquiry, first_token_ms))

    def _proven(self, text: str, inquiry: Inquiry, material: Material) -> Answer:
        """The written text as far as the passages bear it, with what the reader must know about it."""
        language = inquiry.language
        proven = prove(text, self._supporter(material.hits))
        readable = [hit for hit in material.hits if hit.passage.language == language]
        notes = [phrases.WEAK_EVIDENCE] if inquiry.found.is_weak else []
        nearest: tuple[Citation, ...] = ()
        if not proven.citations and readable:
            proven = quote(inquiry.standalone_question, self._supporter(readable))
            notes.append(phrases.QUOTED)
        elif not proven.citations:
            nearest = tuple(_whole(i, hit) for i, hit in enumerate(material.hits, start=1))
            notes.append(phrases.OTHER_LANGUAGE)
        said = [f"*{note.in_language(language)}*" for note in notes]
        if proven.dropped:
            said.append(f"*{phrases.DROPPED.in_language(language).format(count=proven.dropped)}*")
        whole = "\n\n".join([*said, proven.text, *material_notes(material, language)])
        return self._answer(inquiry, whole, citations=proven.citations, nearest=nearest, unsupported=proven.unsupported)

    def _supporter(self, hits: Sequence[Hit]) -> Supporter:
        return Supporter(self._retriever.embeddings, hits, self._support)

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

    def _timings(self, inquiry: Inquiry, first_token_ms: float | None) -> Timings:
        return Timings(inquiry.evidence_ms, first_token_ms, self._milliseconds(inquiry))

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
            timings=self._timings(inquiry, first_token_ms),
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
