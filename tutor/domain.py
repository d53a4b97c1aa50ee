"""The nouns of the tutor as frozen dataclasses: one word per idea, the same in code, SQL, prompts and UI.

Knows nothing of files, vendors, models or storage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

LOCAL_LEARNER = "local"  # the one learner of a tutor without log-in

Verdict = Literal["covered", "partial", "missed", "contradicted"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

EntryKind = Literal["concept", "comparison", "calculation", "derivation", "design", "behavioural", "coding"]
OutcomeKind = Literal["attempt", "follow_up", "drill", "exercise"]
# What a passage of a bank entry holds; "text" is a passage of any other document.
PassagePart = Literal["question", "answer", "key_points", "misconceptions", "text"]


@dataclass(frozen=True)
class Bilingual:
    """The same text in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Document:
    """One source file or one bank entry."""

    id: str  # stable: derived from the content hash (files) or the entry id
    title: str
    origins: tuple[str, ...]  # paths or URLs it was found at; the same content twice has two
    sha256: str  # of the raw bytes (files) or the canonical form (entries)
    entry_id: str | None = None
    licence: str = ""


@dataclass(frozen=True)
class Passage:
    """The unit that is indexed, retrieved and cited."""

    id: str  # stable: the same text of the same document always gets the same id
    document_id: str
    text: str
    ordinal: int  # position within the document, from 0
    title: str  # of the parent document, shown with citations
    language: Language
    heading_path: tuple[str, ...] = ()
    entry_id: str | None = None
    part: PassagePart = "text"

    @property
    def headings(self) -> tuple[str, ...]:
        """Title and headings over a passage of a document, the outermost first.

        Empty for an entry: its passages open with their question, which says what they are about.
        """
        return _titled(self.title, self.heading_path) if self.part == "text" else ()

    @property
    def place(self) -> tuple[str, ...]:
        """The headings without the one that the passage opens with."""
        opens = bool(self.heading_path) and self.text.startswith(self.heading_path[-1])
        return self.headings[:-1] if opens else self.headings


def _titled(title: str, path: tuple[str, ...]) -> tuple[str, ...]:
    """The headings led by the title of the document, which most documents have as their first heading, too."""
    return (title, *path) if title and title not in path else path


@dataclass(frozen=True)
class KeyPoint:
    """A short statement that a good answer must contain."""

    id: str  # unique within its entry
    text: Bilingual
    weight: float


@dataclass(frozen=True)
class Source:
    """A paper, official documentation or book that supports an entry."""

    title: str
    authors: str = ""
    year: int | None = None
    arxiv: str = ""
    url: str = ""
    supports: str = ""  # which figure or claim it backs, where that is not obvious


@dataclass(frozen=True)
class Misconception:
    """A wrong claim that circulates, with its correction."""

    id: str
    claim: Bilingual
    correction: Bilingual
    seeds: tuple[str, ...] = ()


@dataclass(frozen=True)
class FollowUp:
    """A question that probes one key point."""

    probes: str  # KeyPoint.id
    text: Bilingual


@dataclass(frozen=True)
class Calculation:
    """A worked number of an entry: formula, inputs, and the result as the text shows it."""

    id: str
    formula: str
    values: Mapping[str, float | str]
    result: float
    unit: str


@dataclass(frozen=True)
class Entry:
    """One question of the bank with all that belongs to it."""

    id: str
    group: str
    kind: EntryKind
    level: int  # 1 basic, 2 solid, 3 deep
    frequency: Literal["high", "medium", "low"]
    question: Bilingual
    aliases: Mapping[Language, tuple[str, ...]]
    answer: Bilingual
    key_points: tuple[KeyPoint, ...]
    follow_ups: tuple[FollowUp, ...]
    hints: tuple[Bilingual, ...]
    misconceptions: tuple[Misconception, ...]
    sources: tuple[Source, ...]
    seeds: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    dated: Bilingual | None = None  # what part is of its time, where that is so


@dataclass(frozen=True)
class Contradiction:
    """A statement of a passage that the bank or the calculator refutes."""

    passage_id: str
    statement: str  # a substring of the passage
    problem: Bilingual  # the wrong claim that it makes
    correction: Bilingual
    entry_id: str  # where the bank treats it; empty where no entry does
    confidence: float  # calibrated probability, 0..1
    source: str = ""


@dataclass(frozen=True)
class Hit:
    """A passage that retrieval found, with why."""

    passage: Passage
    rank: int  # from 1
    score: float  # fused; comparable within one query only
    similarity: float  # cosine of query and passage, -1..1
    keyword_score: float  # BM25, >= 0
    origins: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()  # of the passage, found when it was ingested


@dataclass(frozen=True)
class Scope:
    """Whether the material can answer the question, decided in code."""

    in_scope: bool
    confidence: float  # calibrated probability of being in scope, 0..1


@dataclass(frozen=True)
class Citation:
    """Number in the text -> passage, with the sentence that supports it."""

    number: int
    passage_id: str
    document: str
    entry_id: str | None
    title: str
    text: str  # of the passage
    sentence: str  # the supporting sentence, a substring of text
    heading_path: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()  # of the passage

    @property
    def headings(self) -> tuple[str, ...]:
        """Title and headings over the passage, the outermost first."""
        return _titled(self.title, self.heading_path)


@dataclass(frozen=True)
class Timings:
    """Milliseconds since the question arrived; None where nothing was generated."""

    evidence_ms: float
    first_token_ms: float | None
    total_ms: float


@dataclass(frozen=True)
class Choice:
    """A question of the bank that can be asked instead, with the first sentence of its answer."""

    entry_id: str
    question: str
    lead: str


# "remark": thanks, greetings and the like, which nothing can follow from; "choice": nothing certain, questions instead.
AnswerKind = Literal["answer", "remark", "choice"]


@dataclass(frozen=True)
class Answer:
    """What the tutor says."""

    question: str
    standalone_question: str
    text: str  # with [n] markers that refer to citations
    language: Language
    refused: bool
    citations: tuple[Citation, ...]
    unsupported_sentences: tuple[str, ...]
    timings: Timings
    entry_id: str | None = None  # set when the answer is the entry's own
    nearest: tuple[Citation, ...] = ()  # shown when refused
    confidence: float = 1.0
    kind: AnswerKind = "answer"
    choices: tuple[Choice, ...] = ()  # the nearest entries, where the answer is not one's own


# --- the stream contract: Evidence, then TextDelta..., then one Answer


@dataclass(frozen=True)
class Evidence:
    """First event of an answer: the passages it will rest on."""

    standalone_question: str
    hits: tuple[Hit, ...]
    scope: Scope
    choices: tuple[Choice, ...] = ()  # the nearest entries, where none is surely meant


@dataclass(frozen=True)
class TextDelta:
    """A piece of generated text."""

    text: str


AnswerEvent = Evidence | TextDelta | Answer


@dataclass(frozen=True)
class RubricPoint:
    """A key point in the rubric's language."""

    id: str  # KeyPoint.id; of a question that is not in the bank, the position from 1
    statement: str
    weight: float  # > 0


@dataclass(frozen=True)
class RubricMisconception:
    """A wrong claim that circulates, with its correction, in the rubric's language."""

    id: str  # Misconception.id
    claim: str
    correction: str


@dataclass(frozen=True)
class Rubric:
    """What an attempt is held against, in one language."""

    question: str
    key_points: tuple[RubricPoint, ...]
    reference: str = ""
    misconceptions: tuple[RubricMisconception, ...] = ()
    language: Language = "en"
    entry_id: str | None = None
    from_reference: bool = False  # the key points are pieces of the reference that code has cut
    alternatives: tuple[str, ...] = ()  # other answers that are as good as the reference; only where it was cut


@dataclass(frozen=True)
class KeyPointGrade:
    """The verdict on one key point."""

    text: str
    weight: float
    covered: float  # probability that the attempt states it, 0..1
    verdict: Verdict
    evidence: str | None  # a real substring of the attempt
    proof: str | None = None  # the sentence of the reference that says so, a real substring of it (Markdown)
    id: str = ""  # RubricPoint.id; empty in grades of before it was kept


@dataclass(frozen=True)
class RepeatedMisconception:
    """A circulating mistake that the attempt repeats."""

    claim: str
    correction: str
    evidence: str  # a real substring of the attempt
    id: str = ""  # RubricMisconception.id; empty in grades of before it was kept


@dataclass(frozen=True)
class Grade:
    """What the code decided about an attempt; feedback is written after the score is fixed."""

    score: float  # 0..10
    band: tuple[float, float]  # 0..10, low <= score <= high
    key_points: tuple[KeyPointGrade, ...]
    misconceptions: tuple[RepeatedMisconception, ...]
    feedback: str
    grader_version: str
    guard: str | None = None  # which guard capped the score ("empty", "copied-question", ...)
    spoken: str = ""  # what a good answer says in half a minute; empty where there is only one key point


@dataclass(frozen=True)
class Plan:
    """What a mock interview will be about."""

    groups: tuple[str, ...]  # empty = all
    levels: tuple[int, ...]  # empty = all
    questions: int
    language: Language
    seed: int
    entry_ids: tuple[str, ...] = ()  # chosen when the interview starts, in order


@dataclass(frozen=True)
class Turn:
    """One question-attempt-grade step of an interview."""

    number: int  # from 1 within the interview
    entry_id: str
    question: str
    follow_up_to: int | None  # number of the turn this follows up, None for a main question
    probes: str | None  # key point id a follow-up aims at
    attempt: str | None = None  # None while the question waits for an attempt
    grade: Grade | None = None  # None while the attempt waits for its grade
    asked_at: str | None = None  # UTC, ISO 8601; None where it is not known
    answered_at: str | None = None  # when the attempt was handed in
    hints: int = 0  # taken before the attempt
    revealed: bool = False  # whether the reference was opened while the question waited; it no longer can be
    draft: str | None = None  # what was typed and not handed in (yet)


@dataclass(frozen=True)
class Interview:
    """A mock interview as far as it has gone."""

    id: str
    plan: Plan
    started_at: str  # UTC, ISO 8601
    finished_at: str | None = None
    turns: tuple[Turn, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Outcome:
    """What one graded piece of a learner's work came to; what a review schedule or a progress report reads."""

    learner_id: str
    kind: OutcomeKind
    item: str  # id of the entry (attempt, follow-up) or exercise, formula of the drill
    detail: str  # id of the key point that a follow-up probes, seed of a drill; else empty
    share: float  # of what there was to get, 0..1
    at: str  # UTC, ISO 8601: when it was answered
    hints: int  # taken before it was answered
    revealed: bool  # whether the reference or the solution was opened before
    grader_version: str  # of whatever decided the share
