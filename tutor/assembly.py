"""The composition root: Settings -> Tutor. Parts are built when first used, so that no command waits for what it
does not need (a search loads no language model, a list of sessions no embedder)."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

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
    from tutor.grading.contradiction import Detector
    from tutor.grading.grader import Grader
    from tutor.ingestion.report import Failure, Report
    from tutor.interview.session import Interviewer
    from tutor.learning.history import History
    from tutor.models.hidden_state import HiddenStates
    from tutor.models.vector_cache import CachedEmbeddings
    from tutor.retrieval.hybrid import HybridRetriever
    from tutor.retrieval.index import Index

Part = TypeVar("Part")
NO_MODEL = "none"


class Tutor:
    """All use cases over one home folder. Thread-safe; close it when done."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._parts: dict[str, object] = {}
        self._lock = threading.RLock()

    def _part(self, name: str, build: Callable[[], Part]) -> Part:
        with self._lock:
            if name not in self._parts:
                self._parts[name] = build()
            return cast(Part, self._parts[name])

    @property
    def bank(self) -> Bank:
        return self._part("bank", lambda: load_bank(self.settings.bank_folder, compute))

    @property
    def history(self) -> "History":
        def build() -> "History":
            from tutor.learning.history import History

            self.settings.home.mkdir(parents=True, exist_ok=True)
            return History(self.settings.history_url)

        return self._part("history", build)

    @property
    def weights(self) -> WeightsStore:
        return self._part("weights", lambda: WeightsStore(self.settings.cache))

    @property
    def embeddings(self) -> "CachedEmbeddings":
        def build() -> "CachedEmbeddings":
            from tutor.models.embedder import open_embeddings
            from tutor.models.vector_cache import CachedEmbeddings

            inner = open_embeddings(self.settings.embeddings)
            return CachedEmbeddings(inner, inner.name, self.settings.shipped_vectors(inner.name))

        return self._part("embeddings", build)

    @property
    def index(self) -> "Index":
        def build() -> "Index":
            from tutor.retrieval.index import Index

            embeddings = self.embeddings
            return Index(
                self.settings.index_folder, embeddings, embedder_name=embeddings.name, url=self.settings.vectors
            )

        return self._part("index", build)

    @property
    def retriever(self) -> "HybridRetriever":
        def build() -> "HybridRetriever":
            from tutor.models.reranker import open_reranker
            from tutor.retrieval.foreign import ForeignQuestions
            from tutor.retrieval.hybrid import HybridRetriever

            return HybridRetriever(
                index=self.index,
                embeddings=self.embeddings,
                foreign=ForeignQuestions(self.embeddings.embed_queries),
                reranker=open_reranker(self.settings.reranker),
            )

        return self._part("retriever", build)

    def chat_model(self) -> BaseChatModel:
        """The language model; loads it at the first call. Raises ModelError when none is set or it cannot be had."""

        def build() -> BaseChatModel:
            from tutor.models.llm import open_chat_model

            settings = self.settings
            if settings.llm == NO_MODEL:
                raise ModelError(
                    "Language model: expected one to write an answer, found `llm = none` in the settings. "
                    "Set TUTOR_LLM, or ask a question of the bank."
                )
            return open_chat_model(
                settings.llm,
                store=self.weights,
                context_tokens=settings.context_tokens,
                threads=settings.threads,
                api_key=settings.llm_api_key,
                max_tokens=settings.answer_tokens,
            )

        return self._part("chat_model", build)

    def has_chat_model(self) -> bool:
        """Whether one is configured (not whether it works; for that see `doctor`)."""
        return self.settings.llm != NO_MODEL

    @property
    def answers(self) -> "AnswerChain":
        """The chain from question to answer, without sessions."""
        return self._part("answers", lambda: self.build_answers(self.bank, self.chat_model))

    def build_answers(self, bank: Bank, chat_model: Callable[[], BaseChatModel]) -> "AnswerChain":
        """A chain over this index with another bank or model; what a measurement compares."""
        from tutor.chat.answer import AnswerChain

        return AnswerChain(
            self.retriever,
            bank,
            chat_model,
            passage_tokens=self.settings.passage_tokens,
            context_tokens=self.settings.context_tokens,
            answer_tokens=self.settings.answer_tokens,
        )

    @property
    def chat(self) -> "Chat":
        def build() -> "Chat":
            from tutor.chat.session import Chat

            return Chat(self.answers, self.history)

        return self._part("chat", build)

    @property
    def grader(self) -> "Grader":
        def build() -> "Grader":
            from tutor.grading.grader import Grader
            from tutor.grading.topic import bank_topics

            return Grader(self.embeddings, self.states(), topics=bank_topics(self.bank.entries))

        return self._part("grader", build)

    def states(self) -> "HiddenStates | None":
        """What the language model understands of a prompt, for grading; None unless the set model is the one that the
        grader's probes were fitted on. Raises WeightsError when its weights are missing."""

        def build() -> "HiddenStates | None":
            from tutor.grading.probes import load_probes
            from tutor.models.hidden_state import open_states

            probes = load_probes()
            if self.settings.llm != probes.model:
                return None
            return open_states(probes.model, probes.blocks, store=self.weights, threads=self.settings.threads)

        return self._part("states", build)

    @property
    def detector(self) -> "Detector":
        def build() -> "Detector":
            from tutor.grading.claims import Claims
            from tutor.grading.contradiction import Detector

            return Detector(Claims(self.bank.entries, self.embeddings))

        return self._part("detector", build)

    @property
    def interviewer(self) -> "Interviewer":
        def build() -> "Interviewer":
            from tutor.interview.session import Interviewer

            entries = {entry.id: entry for entry in self.bank.entries}
            return Interviewer(entries, lambda rubric, attempt: self.grader.grade(rubric, attempt), self.history)

        return self._part("interviewer", build)

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
        with self.index.writing():
            if rebuild:
                held = self.index.rebuild()
                roots += [
                    origin for entry in held.values() for origin in entry.document.origins if Path(origin).is_file()
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
            raise BankError(f"Bank `{self.settings.bank_folder}`: expected entries, found none.")
        return f"{len(bank.entries)} entries in {len(bank.groups)} groups"

    def close(self) -> None:
        """Stops the engine and closes the database."""
        with self._lock:
            states = self._parts.pop("states", None)
            if states is not None:
                cast("HiddenStates", states).close()
            model = self._parts.pop("chat_model", None)
            if model is not None:
                from tutor.models.llm import close_chat_model

                close_chat_model(cast(BaseChatModel, model))
            history = self._parts.pop("history", None)
            if history is not None:
                cast("History", history).close()
