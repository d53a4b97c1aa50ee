"""The chain from message to answer, composed from langchain-core runnables.

listen -> retrieve -> a remark | the entry's own answer, in the manner asked for | two entries side by side | refuse |
questions to choose from | written from passages. Each branch is a generator of events: Evidence first, then text, then
one Answer.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import Runnable, RunnableBranch, RunnableGenerator, RunnableLambda

from tutor.bank.load import Bank
from tutor.chat import phrases
from tutor.chat.choices import choices_of, nearest_choices
from tutor.chat.condense import Conversation, joined, subjects_of
from tutor.chat.entry_answer import Quoter, answer_from_entry, compare_entries
from tutor.chat.message import Courtesy, read_courtesy, read_words
from tutor.chat.prove import Proof
from tutor.chat.recognise import Recogniser
from tutor.chat.request import Request, read_request
from tutor.chat.retell import answer_language, last_answer, retell
from tutor.chat.support import Supporter, cite_hit, quote
from tutor.chat.write import Material, choose_passages, material_notes, passage_room, prompt_messages, stream_words
from tutor.domain import (
    Answer,
    AnswerEvent,
    AnswerKind,
    Choice,
    Citation,
    Evidence,
    Hit,
    Language,
    Scope,
    TextDelta,
    Timings,
)
from tutor.entailment.support import SupportModel
from tutor.errors import TutorError
from tutor.retrieval.hybrid import HybridRetriever, SearchResult
from tutor.text.sentences import split_sentences

_SHOWN_HITS = 5
_NEAREST = 3
_SURE = Scope(in_scope=True, confidence=1.0)
_REMARKS = {
    "thanks": phrases.THANKS,
    "greeting": phrases.GREETING,
    "acknowledgement": phrases.ACKNOWLEDGEMENT,
    "small talk": phrases.SMALL_TALK,
}


Outcome = Literal["remark", "retold", "entry", "meanings", "refused", "uncertain", "written"]


@dataclass(frozen=True)
class Inquiry:
    """A message on its way through the chain."""

    question: str
    earlier: tuple[Answer, ...]
    started: float  # seconds of the monotonic clock
    language: Language
    standalone_question: str = ""
    search_text: str = ""
    request: Request = field(default_factory=lambda: Request(""))
    subject: str = ""  # the question it continues
    weighed: Mapping[str, float] | None = None  # the signals for and against continuing, where no rule decided
    remark: Courtesy | str = ""
    retold: Answer | None = None  # the written answer that is to be said in another way
    entry_ids: tuple[str, ...] = ()  # one whose answer it is, or two to compare
    meant: tuple[str, ...] = ()  # entries that a bare term may mean
    is_named: bool = False  # says a name of the field: not a matter for a refusal even where nothing is found
    result: SearchResult | None = None
    evidence_ms: float = 0.0

    @property
    def is_follow_up(self) -> bool:
        return bool(self.subject)

    @property
    def outcome(self) -> Outcome:
        """Which branch of the chain responds."""
        if self.remark:
            return "remark"
        if self.retold:
            return "retold"
        if self.entry_ids:
            return "entry"
        if self.meant:
            return "meanings"
        if not self.found.scope.in_scope:
            return "uncertain" if self.is_named else "refused"
        is_of_the_bank = bool(self.found.hits and self.found.hits[0].passage.entry_id)
        return "uncertain" if self.found.is_weak and is_of_the_bank else "written"

    @property
    def found(self) -> SearchResult:
        if self.result is None:
            raise TutorError("chat.no_passages_yet")
        return self.result


Respond = Callable[[Inquiry], Iterator[AnswerEvent]]


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
        self.conversation = Conversation(retriever, self.recogniser)
        self.listen: Runnable[Inquiry, Inquiry] = RunnableLambda(self._listen) | RunnableLambda(self._retrieve)
        self.chain: Runnable[Inquiry, AnswerEvent] = self.listen | RunnableBranch(
            *((_leads_to(outcome), RunnableGenerator(_each(respond))) for outcome, respond in self._branches()),
            RunnableGenerator(_each(self._write)),
        )

    def _branches(self) -> list[tuple[Outcome, Respond]]:
        return [
            ("remark", self._remark),
            ("retold", self._retell),
            ("entry", self._answer_from_entries),
            ("meanings", self._offer_meanings),
            ("refused", self._refuse),
            ("uncertain", self._offer_nearest),
        ]

    def start(self, question: str, earlier: tuple[Answer, ...], language: Language | None = None) -> Inquiry:
        """`language` is the interface's: what is said where the message itself is in none (a name, a smile)."""
        question = question.strip()
        return Inquiry(question, earlier, self._clock(), answer_language(question, earlier, language))

    def _listen(self, inquiry: Inquiry) -> Inquiry:
        """What the message is, and what it continues."""
        question = inquiry.question
        inquiry = replace(inquiry, standalone_question=question)
        request = read_request(read_words(question).text or question)
        courtesy = None if request.manner else read_courtesy(question)
        if courtesy:
            return replace(inquiry, remark=courtesy)
        subjects = subjects_of(inquiry.earlier)
        inquiry = replace(inquiry, request=request, language=request.language or inquiry.language)
        if request.is_bare and subjects:
            return self._listen_again(inquiry, subjects[0].question)
        condensed = self.conversation.condense(request.core or question, subjects)
        inquiry = replace(inquiry, weighed=condensed.weighed)
        if condensed.is_small_talk:
            return replace(inquiry, remark="small talk")
        if condensed.subject is None:
            return replace(inquiry, search_text=condensed.search_text)
        subject = condensed.subject.question
        standalone = joined(question, subject, inquiry.language)
        return replace(inquiry, search_text=condensed.search_text, subject=subject, standalone_question=standalone)

    def _listen_again(self, inquiry: Inquiry, subject: str) -> Inquiry:
        """A wish about the last answer: the entry or the written text again, else its subject in that manner."""
        last = last_answer(inquiry.earlier)
        inquiry = replace(
            inquiry,
            search_text=subject,
            subject=subject,
            standalone_question=joined(inquiry.question, subject, inquiry.language),
        )
        if last and last.entry_id and last.entry_id in self._bank:
            return replace(inquiry, entry_ids=(last.entry_id,))
        if last and last.citations and inquiry.request.manner in ("shorter", "one sentence", "Chinese", "English"):
            return replace(inquiry, retold=last)
        return inquiry

    def _retrieve(self, inquiry: Inquiry) -> Inquiry:
        """Passages, and the entries that surely answer; nothing where there is nothing to look for."""
        if inquiry.remark or inquiry.retold or inquiry.entry_ids:
            return inquiry
        result = self._retriever.search(inquiry.search_text, _SHOWN_HITS)
        if inquiry.is_follow_up:
            ids, meant = self.recogniser.continued(inquiry.request, result), tuple[str, ...]()
        else:
            ids = self.recogniser.entries(inquiry.request, result)
            meant = () if ids else self.recogniser.meanings(inquiry.request.core or inquiry.question)
            if len(meant) == 1:
                ids, meant = meant, ()
        named = self.recogniser.is_named(read_words(inquiry.question))
        inquiry = replace(inquiry, is_named=named)
        return replace(inquiry, result=result, entry_ids=ids, meant=meant, evidence_ms=self._milliseconds(inquiry))

    def _remark(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        yield Evidence(inquiry.question, (), _SURE)
        yield self._answer(inquiry, _REMARKS[inquiry.remark].in_language(inquiry.language), kind="remark")

    def _retell(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        assert inquiry.retold
        yield Evidence(inquiry.standalone_question, (), _SURE)
        text, citations = retell(inquiry.retold, inquiry.request.manner, inquiry.language)
        yield self._answer(inquiry, text, citations=citations)

    def _refuse(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        choices = self._nearest(inquiry)
        yield self._evidence(inquiry, choices)
        text = phrases.OUT_OF_SCOPE.in_language(inquiry.language)
        yield self._answer(inquiry, text, refused=True, choices=choices, nearest=_own(inquiry))

    def _offer_meanings(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        choices = choices_of(self._bank, inquiry.meant, inquiry.language)
        yield self._evidence(inquiry, choices)
        term = read_words(inquiry.request.core or inquiry.question).text
        text = phrases.DID_YOU_MEAN.in_language(inquiry.language).format(term=term)
        yield self._answer(inquiry, text, choices=choices, kind="choice")

    def _offer_nearest(self, inquiry: Inquiry) -> Iterator[AnswerEvent]:
        """Nothing is certain: questions instead of a text that would have to be taken back."""
        choices = self._nearest(inquiry)
        yield self._evidence(inquiry, choices)
        text = phrases.UNCERTAIN.in_language(inquiry.language)
        yield self._answer(inquiry, text, choices=choices, nearest=_own(inquiry), kind="choice")

    def _nearest(self, inquiry: Inquiry) -> tuple[Choice, ...]:
        return nearest_choices(self._bank, inquiry.found.hits, inquiry.language, _NEAREST)

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
        """Sentence by sentence, each shown only when the passages bear it; where none does, questions to choose from."""
        choices = self._nearest(inquiry)
        yield self._evidence(inquiry, choices)
        question, language = inquiry.standalone_question, inquiry.language
        material = self._material(inquiry)
        proof, first_token_ms = Proof(self._supporter(material.hits, question), language, material.texts), None
        for piece in stream_words(self._chat_model(), prompt_messages(question, material, language)):
            first_token_ms = first_token_ms or self._milliseconds(inquiry)
            shown = proof.add(piece)
            if shown.strip():
                yield TextDelta(shown)
        rest = proof.finish()
        if rest.strip():
            yield TextDelta(rest)
        answer = self._proven(proof, inquiry, material, choices)
        yield replace(answer, timings=self._timings(inquiry, first_token_ms))

    def _proven(self, proof: Proof, inquiry: Inquiry, material: Material, choices: tuple[Choice, ...]) -> Answer:
        """What the passages bear of the written text; without any, the learner's own documents in their own words."""
        language = inquiry.language
        proven = proof.proven()
        if proven.citations:
            said = [f"*{phrases.WEAK_EVIDENCE.in_language(language)}*"] if inquiry.found.is_weak else []
            said.append(proven.text)
            if proven.withheld:
                said.append(f"*{phrases.WITHHELD.in_language(language).format(count=len(proven.withheld))}*")
            text = "\n\n".join([*said, *material_notes(material, language)])
            return self._answer(inquiry, text, citations=proven.citations, choices=choices)
        own = [hit for hit in material.hits if not hit.passage.entry_id]
        if own:
            listed, citations = quote(inquiry.standalone_question, self._supporter(own, inquiry.standalone_question))
            text = f"*{phrases.QUOTED.in_language(language)}*\n\n{listed}"
            return self._answer(inquiry, text, citations=citations, choices=choices)
        text = phrases.UNCERTAIN.in_language(language)
        return self._answer(inquiry, text, choices=choices, kind="choice")

    def _supporter(self, hits: Sequence[Hit], question: str) -> Supporter:
        return Supporter(self._retriever.embeddings, hits, self._support, question)

    def _material(self, inquiry: Inquiry) -> Material:
        room = passage_room(
            inquiry.standalone_question,
            inquiry.language,
            context_tokens=self._context_tokens,
            answer_tokens=self._answer_tokens,
        )
        return choose_passages(inquiry.found.hits, min(self._passage_tokens, room))

    def _evidence(self, inquiry: Inquiry, choices: tuple[Choice, ...] = ()) -> Evidence:
        found = inquiry.result
        if found is None:
            return Evidence(inquiry.standalone_question, (), _SURE)
        return Evidence(inquiry.standalone_question, found.hits, found.scope, choices)

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
        choices: tuple[Choice, ...] = (),
        kind: AnswerKind = "answer",
    ) -> Answer:
        return Answer(
            question=inquiry.question,
            standalone_question=inquiry.standalone_question,
            text=text,
            language=inquiry.language,
            refused=refused,
            citations=citations,
            unsupported_sentences=(),
            timings=self._timings(inquiry, None),
            nearest=nearest,
            confidence=inquiry.result.scope.confidence if inquiry.result else 1.0,
            kind=kind,
            choices=choices,
        )


def _own(inquiry: Inquiry) -> tuple[Citation, ...]:
    """The nearest passages of the learner's own documents."""
    hits = [hit for hit in inquiry.found.hits[:_NEAREST] if not hit.passage.entry_id]
    return tuple(_whole(number, hit) for number, hit in enumerate(hits, start=1))


def _whole(number: int, hit: Hit) -> Citation:
    sentences = split_sentences(hit.passage.text)
    return cite_hit(number, hit, sentences[0] if sentences else "")


def _leads_to(outcome: Outcome) -> Callable[[Inquiry], bool]:
    return lambda inquiry: inquiry.outcome == outcome


def _each(
    respond: Respond,
) -> Callable[[Iterator[Inquiry]], Iterator[AnswerEvent]]:
    """A RunnableGenerator takes an iterator of inputs; ours carries exactly one inquiry."""

    def transform(inquiries: Iterator[Inquiry]) -> Iterator[AnswerEvent]:
        for inquiry in inquiries:
            yield from respond(inquiry)

    return transform
