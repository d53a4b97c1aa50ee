"""The composition root: Settings -> Tutor. Parts are built when first used, so that no command waits for what it
does not need (a search loads no language model, a list of sessions no embedder). Nothing else builds a use case."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from langchain_core.language_models import BaseChatModel

from tutor.bank.load import Bank, load_bank, load_entries
from tutor.drills.formulas import compute
from tutor.errors import BankError, ModelError
from tutor.models.weights import Store as WeightsStore
from tutor.settings import Settings

if TYPE_CHECKING:
    from tutor.chat.answer import AnswerChain
    from tutor.chat.session import Chat
    from tutor.domain import Contradiction, Document, Passage
    from tutor.entailment.contradiction import Detector
    from tutor.exercises.workshop import Workshop
    from tutor.grading.grader import Grader
    from tutor.grading.judge import Probes
    from tutor.ingestion.library import Library
    from tutor.ingestion.report import Failure, Report
    from tutor.interview.session import Interviewer
    from tutor.learning.history import History
    from tutor.models.hidden_state import HiddenStates
    from tutor.models.named import NamedEmbeddings
    from tutor.models.vector_cache import CachedEmbeddings
    from tutor.practice import Practice
    from tutor.retrieval.hybrid import HybridRetriever
    from tutor.retrieval.index import Index

Part = TypeVar("Part")
NO_MODEL = "none"


class part(Generic[Part]):  # noqa: N801 - a decorator, as `property` is one
    """A part of the tutor: built at its first use, by one thread, and kept."""

    def __init__(self, build: Callable[["Tutor"], Part]) -> None:
        self._build = build
        self.__doc__ = build.__doc__

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, tutor: "Tutor", _: type) -> Part:
        with tutor.lock:
            kept = vars(tutor)
            if self._name not in kept:  # afterwards Python finds it there and does not come here
                kept[self._name] = self._build(tutor)
            return cast(Part, kept[self._name])


class Tutor:
    """All use cases over one home folder. Thread-safe; close it when done."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lock = threading.RLock()  # of `part`
        self._opened = ExitStack()

    @part
    def bank(self) -> Bank:
        return load_bank(self.settings.bank_folder, compute)

    @part
    def history(self) -> "History":
        from tutor.learning.history import History

        self.settings.home.mkdir(parents=True, exist_ok=True)
        history = History(self.settings.history_url)
        self._opened.callback(history.close)
        return history

    @part
    def weights(self) -> WeightsStore:
        return WeightsStore(self.settings.cache)

    @part
    def embedder(self) -> "NamedEmbeddings":
        """The embedding model itself; `embeddings` looks a text up first."""
        from tutor.models.embedder import open_embeddings

        # On busy cores OpenMP threads that spin while they wait make a query a hundred times slower.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        return open_embeddings(self.settings.embeddings)

    @part
    def embeddings(self) -> "CachedEmbeddings":
        from tutor.models.vector_cache import CachedEmbeddings

        name = self.embedder.name
        return CachedEmbeddings(self.embedder, name, self.settings.shipped_vectors(name))

    @part
    def index(self) -> "Index":
        from tutor.retrieval.index import Index

        return Index(
            self.settings.index_folder,
            self.embeddings,
            embedder_name=self.embeddings.name,
            url=self.settings.vectors,
        )

    @part
    def retriever(self) -> "HybridRetriever":
        from tutor.models.reranker import open_reranker
        from tutor.retrieval.foreign import ForeignQuestions
        from tutor.retrieval.hybrid import HybridRetriever
        from tutor.retrieval.scope import load_scope_model

        reranker = open_reranker(self.settings.reranker)
        return HybridRetriever(
            index=self.index,
            embeddings=self.embeddings,
            scope=load_scope_model(),
            foreign=ForeignQuestions(self.embeddings.embed_queries),
            rerank=reranker.scores if reranker else None,
        )

    @part
    def chat_model(self) -> BaseChatModel:
        """The language model. Raises ModelError when none is set or it cannot be had."""
        from tutor.models.llm import close_chat_model, open_chat_model

        settings = self.settings
        if settings.llm == NO_MODEL:
            raise ModelError("models.none_set")
        model = open_chat_model(
            settings.llm,
            store=self.weights,
            context_tokens=settings.context_tokens,
            threads=settings.threads,
            api_key=settings.llm_api_key,
            max_tokens=settings.answer_tokens,
        )
        self._opened.callback(close_chat_model, model)
        return model

    def has_chat_model(self) -> bool:
        """Whether one is configured (not whether it works; for that see `doctor`)."""
        return self.settings.llm != NO_MODEL

    @part
    def answers(self) -> "AnswerChain":
        """The chain from question to answer, without sessions."""
        return self.build_answers(self.bank, lambda: self.chat_model)

    def build_answers(self, bank: Bank, chat_model: Callable[[], BaseChatModel]) -> "AnswerChain":
        """A chain over this index with another bank or model; what a measurement compares."""
        from tutor.chat.answer import AnswerChain
        from tutor.entailment.support import load_support_model

        return AnswerChain(
            self.retriever,
            bank,
            chat_model,
            load_support_model(),
            passage_tokens=self.settings.passage_tokens,
            context_tokens=self.settings.context_tokens,
            answer_tokens=self.settings.answer_tokens,
        )

    @part
    def chat(self) -> "Chat":
        from tutor.chat.session import Chat

        return Chat(self.answers, self.history)

    @part
    def grader(self) -> "Grader":
        from tutor.grading.calibration import load_calibration
        from tutor.grading.grader import Grader
        from tutor.grading.topic import bank_topics

        topics = bank_topics(self.bank.entries)
        return Grader(self.embeddings, self.states, load_calibration(), self.probes, topics)

    @part
    def probes(self) -> "Probes":
        from tutor.grading.judge import load_probes

        return load_probes()

    @part
    def states(self) -> "HiddenStates | None":
        """What the language model understands of a prompt, for grading; None unless the set model is the one that the
        grader's probes were fitted on. Raises WeightsError when its weights are missing."""
        from tutor.models.hidden_state import open_states

        probes = self.probes
        if self.settings.llm != probes.model:
            return None
        states = open_states(probes.model, probes.blocks, store=self.weights, threads=self.settings.threads)
        self._opened.callback(states.close)
        return states

    @part
    def detector(self) -> "Detector":
        from tutor.drills.refutations import refute_figures
        from tutor.entailment.claims import Claims
        from tutor.entailment.contradiction import Detector, load_alarms

        return Detector(Claims(self.bank.entries, self.embeddings), load_alarms(), refute_figures)

    @part
    def interviewer(self) -> "Interviewer":
        from tutor.interview.session import Interviewer

        entries, learner = {entry.id: entry for entry in self.bank.entries}, self.history.learner_id
        return Interviewer(
            entries,
            lambda rubric, attempt: self.grader.grade(rubric, attempt, learner),
            self.history,
            read_ahead=lambda rubric, draft: self.grader.prepare(rubric, draft, learner),
        )

    @part
    def workshop(self) -> "Workshop":
        from tutor.exercises.workshop import Workshop

        return Workshop(self.settings.corpus / "exercises", strangers=self.settings.listens_beyond_this_machine)

    @part
    def library(self) -> "Library":
        from tutor.ingestion.library import Library

        settings = self.settings
        return Library(settings.library_folder, self.index, self.ingest, max_megabytes=settings.upload_megabytes)

    @part
    def practice(self) -> "Practice":
        """Drills and exercises, with what they leave in the history."""
        from tutor.practice import Practice

        return Practice(self.history, self.workshop)

    def ingest(
        self,
        paths: Sequence[str | Path] = (),
        *,
        rebuild: bool = False,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> "Report":
        """Brings the index up to date with `paths` (none: the corpus and the library)."""
        from tutor.ingestion.pipeline import ingest

        roots: list[str | Path] = list(paths) or self.default_roots()
        with self.index.writing(rebuild=rebuild) as missing:
            roots += [
                origin for entry in missing.values() for origin in entry.document.origins if Path(origin).is_file()
            ]
            return ingest(
                roots,
                self.index,
                load_bank=lambda file: load_entries(file, compute),
                check=lambda passages: self.detector.find(passages),
                progress=progress,
            )

    def check(
        self, paths: Sequence[str | Path]
    ) -> "Iterator[tuple[Document | Failure, list[Passage], list[Contradiction]]]":
        """Reads files without indexing them; what each states that the bank or the calculator refutes."""
        from tutor.ingestion.pipeline import read_files

        for document, passages in read_files(paths):
            yield document, passages, self.detector.find(passages)

    def default_roots(self) -> list[str | Path]:
        """What is ingested when no path is given."""
        library = self.settings.library_folder
        return [self.settings.corpus, *([library] if library.is_dir() else [])]

    def check_bank(self) -> str:
        """One line on the bank; raises BankError when it cannot be loaded."""
        bank = self.bank
        if not bank.entries:
            raise BankError("bank.empty", folder=self.settings.bank_folder)
        return f"{len(bank.entries)} entries in {len(bank.groups)} groups"

    def close(self) -> None:
        """Ends what was opened (engines, the database), the last first, and opens nothing. Closing twice does no harm."""
        with self.lock:
            self._opened.close()
