"""Verdicts that the learner contests, and the anonymised rows that a grader can be calibrated with.

A contest names a key point by its place in the stored grade; what was judged, and by which grader, is read from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, delete, insert, select, update

from tutor.domain import VERDICTS, Grade, Interview, KeyPointGrade, Turn, Verdict
from tutor.errors import HistoryError
from tutor.learning import tables


@dataclass(frozen=True)
class Contest:
    """The learner's own verdict on a key point, beside the one that was given."""

    interview_id: str
    turn: int  # its number
    point: int  # place of the key point in the grade, from 0
    key_point: str
    verdict: Verdict  # as given
    learner_verdict: Verdict
    grader_version: str
    contested_at: str  # UTC, ISO 8601


def opposite(verdict: Verdict) -> Verdict:
    """What a learner most likely means who just says no."""
    return "missed" if verdict == "covered" else "covered"


def contest_of(interview: Interview, turn: int, point: int, learner_verdict: Verdict | None, moment: str) -> Contest:
    """None as verdict: the opposite of the one given. Raises HistoryError when there is no such verdict, or it is the learner's own."""
    grade = next((step.grade for step in interview.turns if step.number == turn and step.attempt), None)
    if grade is None or not 0 <= point < len(grade.key_points):
        raise HistoryError("learning.no_key_point", question=turn, key_point=point + 1)
    judged = grade.key_points[point]
    learner_verdict = learner_verdict or opposite(judged.verdict)
    if learner_verdict not in VERDICTS or learner_verdict == judged.verdict:
        raise HistoryError("learning.same_verdict", question=turn, given=judged.verdict, found=learner_verdict)
    return Contest(
        interview.id, turn, point, judged.text, judged.verdict, learner_verdict, grade.grader_version, moment
    )


def put_contest(connection: Connection, contest: Contest) -> None:
    """Stores the contest, in place of an earlier one of the same verdict."""
    values = {"learner_verdict": contest.learner_verdict, "contested_at": contest.contested_at}
    here = _is_here(contest.interview_id, contest.turn, contest.point)
    if connection.execute(update(tables.contest).where(here).values(**values)).rowcount == 0:
        connection.execute(
            insert(tables.contest).values(
                interview_id=contest.interview_id,
                number=contest.turn,
                point=contest.point,
                key_point=contest.key_point,
                verdict=contest.verdict,
                grader_version=contest.grader_version,
                **values,
            )
        )


def drop_contest(connection: Connection, interview_id: str, turn: int, point: int) -> None:
    """Takes the contest back; one that is gone already is fine."""
    connection.execute(delete(tables.contest).where(_is_here(interview_id, turn, point)))


def read_contests(connection: Connection, learner_id: str, interview_id: str | None) -> list[Contest]:
    """Those of one interview of the learner, or all, in order."""
    contest, interview = tables.contest.c, tables.interview.c
    rows = (
        select(tables.contest)
        .join(tables.interview, interview.id == contest.interview_id)
        .where(interview.learner_id == learner_id)
        .order_by(contest.interview_id, contest.number, contest.point)
    )
    if interview_id is not None:
        rows = rows.where(contest.interview_id == interview_id)
    return [Contest(*row) for row in connection.execute(rows)]


def _is_here(interview_id: str, turn: int, point: int) -> Any:
    contest = tables.contest.c
    return (contest.interview_id == interview_id) & (contest.number == turn) & (contest.point == point)


def calibration_rows(interviews: Sequence[Interview], contests: Sequence[Contest]) -> list[dict[str, Any]]:
    """One row per contest, without ids of interviews and with the day only; sorted, so that order tells nothing."""
    by_id = {interview.id: interview for interview in interviews}
    rows = [_row(by_id[contest.interview_id], contest) for contest in contests if contest.interview_id in by_id]
    return sorted(rows, key=lambda row: tuple(str(row[name]) for name in ("day", "entry_id", "key_point", "attempt")))


def _row(interview: Interview, contest: Contest) -> dict[str, Any]:
    turn = next(step for step in interview.turns if step.number == contest.turn)
    return {
        "entry_id": turn.entry_id,
        "language": interview.plan.language,
        "question": turn.question,
        "key_point": contest.key_point,
        "attempt": turn.attempt,
        "verdict": contest.verdict,
        "covered": _judged(turn, contest).covered,
        "learner_verdict": contest.learner_verdict,
        "grader_version": contest.grader_version,
        "day": contest.contested_at[:10],
    }


def _judged(turn: Turn, contest: Contest) -> KeyPointGrade:
    return cast(Grade, turn.grade).key_points[contest.point]  # a grade is never replaced
