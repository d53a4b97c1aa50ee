"""What an interview showed, computed from its stored turns; the bank adds references and sources where it still can.

The scores, in full:
- A main question has the score of its grade. A key point that only a follow-up brought out earns half of what it would
  have earned at once: gain = 10 * weight share * 1/2 * (credit after - credit before), with credit 1 for covered,
  1/2 for partial, 0 for missed and contradicted.
- A skipped question has 0. A question without an attempt or without a grade does not count.
- Overall, and per group: the mean of the questions, each weighted by its level (basic 1, solid 1.5, deep 2), because
  more is known of who answers a deep question well. The band is the mean of the bands with the same weights.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from tutor.bank.schema import GROUPS
from tutor.domain import Entry, Grade, Interview, Language, Source, Turn, Verdict
from tutor.interview.followup import better_verdict, is_skipped

Item = TypeVar("Item")
Status = Literal["graded", "skipped", "ungraded", "unanswered"]

LEVEL_WEIGHTS: Mapping[int | None, float] = {None: 1.0, 1: 1.0, 2: 1.5, 3: 2.0}  # None: no longer in the bank
SECOND_TRY_CREDIT = 0.5
_CREDIT: Mapping[Verdict, float] = {"covered": 1.0, "partial": 0.5, "missed": 0.0, "contradicted": 0.0}
_MASTERED = 8.0  # a question at or above this needs no further study
_MOST_TO_STUDY = 5


@dataclass(frozen=True)
class PointOutcome:
    """A key point after the main answer and its follow-ups."""

    question: int  # number of the main question, from 1
    statement: str  # the reference statement
    weight: float
    first_verdict: Verdict
    verdict: Verdict
    evidence: str | None  # the learner's words
    second_try: bool  # a follow-up improved it


@dataclass(frozen=True)
class FollowUpOutcome:
    """A follow-up with what came of it."""

    question: str
    attempt: str | None
    draft: str | None  # typed and not handed in
    status: Status
    verdict: Verdict | None
    feedback: str


@dataclass(frozen=True)
class QuestionOutcome:
    """A main question with what came of it."""

    number: int  # from 1
    entry_id: str
    group: str  # "" when no longer in the bank
    level: int | None
    question: str
    attempt: str | None
    draft: str | None  # typed and not handed in
    status: Status
    first_score: float | None  # 0..10, of the main answer alone
    score: float | None  # 0..10, follow-ups included
    band: tuple[float, float] | None
    points: tuple[PointOutcome, ...]
    follow_ups: tuple[FollowUpOutcome, ...]
    feedback: str
    spoken: str  # what a good answer says in half a minute, "" where the grade has none
    reference: str  # "" when no longer in the bank
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class GroupOutcome:
    """The questions of one group together."""

    group: str
    title: str
    score: float
    questions: int


@dataclass(frozen=True)
class MisconceptionOutcome:
    """A circulating mistake that the learner repeated."""

    claim: str
    correction: str
    evidence: tuple[str, ...]  # the learner's words
    questions: tuple[int, ...]  # numbers of the main questions


@dataclass(frozen=True)
class Study:
    """A question worth studying next."""

    entry_id: str
    question: str
    score: float
    missed: tuple[str, ...]  # statements, heaviest first
    first_learn: tuple[str, ...]  # questions of the bank that it builds on
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Report:
    """What the whole interview showed. Scores are None where nothing was graded."""

    interview_id: str
    language: Language
    started_at: str
    finished_at: str | None
    planned: int
    counted: int  # questions that the score rests on
    score: float | None
    band: tuple[float, float] | None
    groups: tuple[GroupOutcome, ...]
    strengths: tuple[PointOutcome, ...]  # heaviest first
    missed: tuple[PointOutcome, ...]  # heaviest first
    misconceptions: tuple[MisconceptionOutcome, ...]
    study_next: tuple[Study, ...]
    sources: tuple[Source, ...]
    questions: tuple[QuestionOutcome, ...]
    vanished: tuple[str, ...]  # ids of planned entries that the bank no longer has


def interview_report(interview: Interview, entries: Mapping[str, Entry]) -> Report:
    """The report on an interview, finished or not."""
    language = interview.plan.language
    mains = [turn for turn in interview.turns if turn.follow_up_to is None]
    questions = tuple(
        _question(number, main, _follow_ups_of(main, interview.turns), entries.get(main.entry_id), language)
        for number, main in enumerate(mains, start=1)
    )
    counted = [question for question in questions if question.score is not None]
    points = [point for question in counted for point in question.points]
    points.sort(key=lambda point: -point.weight)
    planned = dict.fromkeys([*interview.plan.entry_ids, *(main.entry_id for main in mains)])
    return Report(
        interview_id=interview.id,
        language=language,
        started_at=interview.started_at,
        finished_at=interview.finished_at,
        planned=len(interview.plan.entry_ids),
        counted=len(counted),
        score=_mean(counted, [question.score or 0.0 for question in counted]),
        band=_mean_band(counted),
        groups=_groups(counted, language),
        strengths=tuple(point for point in points if point.verdict == "covered"),
        missed=tuple(point for point in points if point.verdict != "covered"),
        misconceptions=_misconceptions(interview.turns),
        study_next=_study_next(counted, entries, language),
        sources=_unique(source for question in questions for source in question.sources),
        questions=questions,
        vanished=tuple(entry_id for entry_id in planned if entry_id not in entries),
    )


def _follow_ups_of(main: Turn, turns: Iterable[Turn]) -> list[Turn]:
    return [turn for turn in turns if turn.follow_up_to == main.number]


def _question(
    number: int, main: Turn, follow_ups: Sequence[Turn], entry: Entry | None, language: Language
) -> QuestionOutcome:
    points = _points(number, main.grade, follow_ups) if main.grade else ()
    gain = _second_try_gain(points)
    return QuestionOutcome(
        number=number,
        entry_id=main.entry_id,
        group=entry.group if entry else "",
        level=entry.level if entry else None,
        question=main.question,
        attempt=main.attempt,
        draft=main.draft,
        status=_status(main),
        first_score=main.grade.score if main.grade else None,
        score=min(10.0, main.grade.score + gain) if main.grade else None,
        band=(min(10.0, main.grade.band[0] + gain), min(10.0, main.grade.band[1] + gain)) if main.grade else None,
        points=points,
        follow_ups=tuple(_follow_up(turn) for turn in follow_ups),
        feedback=main.grade.feedback if main.grade else "",
        spoken=main.grade.spoken if main.grade else "",
        reference=entry.answer.in_language(language) if entry else "",
        sources=entry.sources if entry else (),
    )


def _points(number: int, grade: Grade, follow_ups: Iterable[Turn]) -> tuple[PointOutcome, ...]:
    """Key points by statement, so that an entry that left the bank is no obstacle."""
    later = [turn.grade.key_points[0] for turn in follow_ups if turn.grade and turn.grade.key_points]
    outcomes = []
    for point in grade.key_points:
        verdict, evidence = point.verdict, point.evidence
        for probe in later:
            if probe.text == point.text and better_verdict(verdict, probe.verdict) == probe.verdict:
                verdict, evidence = probe.verdict, probe.evidence or evidence
        improved = _CREDIT[verdict] > _CREDIT[point.verdict]
        outcomes.append(
            PointOutcome(number, point.text, point.weight, point.verdict, verdict, evidence, second_try=improved)
        )
    return tuple(outcomes)


def _second_try_gain(points: Sequence[PointOutcome]) -> float:
    total = sum(point.weight for point in points)
    gained = sum(point.weight * (_CREDIT[point.verdict] - _CREDIT[point.first_verdict]) for point in points)
    return 10.0 * SECOND_TRY_CREDIT * gained / total if total > 0 and gained > 0 else 0.0


def _follow_up(turn: Turn) -> FollowUpOutcome:
    points = turn.grade.key_points if turn.grade else ()
    verdict = points[0].verdict if points else None
    feedback = turn.grade.feedback if turn.grade else ""
    return FollowUpOutcome(turn.question, turn.attempt, turn.draft, _status(turn), verdict, feedback)


def _status(turn: Turn) -> Status:
    if turn.attempt is None:
        return "unanswered"
    if turn.grade is None:
        return "ungraded"
    return "skipped" if is_skipped(turn) else "graded"


def _mean(questions: Sequence[QuestionOutcome], values: Sequence[float]) -> float | None:
    weights = [LEVEL_WEIGHTS[question.level] for question in questions]
    if not weights:
        return None
    return sum(weight * value for weight, value in zip(weights, values, strict=True)) / sum(weights)


def _mean_band(questions: Sequence[QuestionOutcome]) -> tuple[float, float] | None:
    bands = [question.band or (0.0, 0.0) for question in questions]
    low = _mean(questions, [band[0] for band in bands])
    high = _mean(questions, [band[1] for band in bands])
    return None if low is None or high is None else (low, high)


def _groups(questions: Sequence[QuestionOutcome], language: Language) -> tuple[GroupOutcome, ...]:
    outcomes = []
    order = [*GROUPS, *sorted({question.group for question in questions} - set(GROUPS))]
    for group in order:
        members = [question for question in questions if question.group == group]
        score = _mean(members, [question.score or 0.0 for question in members])
        if group and score is not None:
            name = GROUPS[group].in_language(language) if group in GROUPS else group
            outcomes.append(GroupOutcome(group, name, score, len(members)))
    return tuple(outcomes)


def _misconceptions(turns: Sequence[Turn]) -> tuple[MisconceptionOutcome, ...]:
    mains = [turn.number for turn in turns if turn.follow_up_to is None]
    found: dict[str, MisconceptionOutcome] = {}
    for turn in turns:
        number = mains.index(turn.follow_up_to or turn.number) + 1
        for item in turn.grade.misconceptions if turn.grade else ():
            earlier = found.get(item.claim)
            found[item.claim] = MisconceptionOutcome(
                item.claim,
                item.correction,
                _unique([*(earlier.evidence if earlier else ()), item.evidence]),
                _unique([*(earlier.questions if earlier else ()), number]),
            )
    return tuple(found.values())


def _study_next(
    questions: Iterable[QuestionOutcome], entries: Mapping[str, Entry], language: Language
) -> tuple[Study, ...]:
    """Where most was lost first: the points below 10, times the weight of the level."""
    weak = [question for question in questions if question.score is not None and question.score < _MASTERED]
    weak.sort(key=lambda question: -(10.0 - (question.score or 0.0)) * LEVEL_WEIGHTS[question.level])
    return tuple(
        Study(
            entry_id=question.entry_id,
            question=question.question,
            score=question.score or 0.0,
            missed=_statements_missed(question),
            first_learn=_prerequisites(entries.get(question.entry_id), entries, language),
            sources=question.sources,
        )
        for question in weak[:_MOST_TO_STUDY]
    )


def _statements_missed(question: QuestionOutcome) -> tuple[str, ...]:
    missed = [point for point in question.points if point.verdict != "covered"]
    return tuple(point.statement for point in sorted(missed, key=lambda point: -point.weight))


def _prerequisites(entry: Entry | None, entries: Mapping[str, Entry], language: Language) -> tuple[str, ...]:
    known = [entries[name] for name in (entry.prerequisites if entry else ()) if name in entries]
    return tuple(prerequisite.question.in_language(language) for prerequisite in known)


def _unique(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(items))
