"""Runs mock interviews: one question at a time, every step stored before the next one is taken.

The database is the only state: an Interviewer can be killed at any moment, and `resume` works out from what is stored
what was about to happen. Knows no UI and no model; the grader is a function that is passed in.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from weakref import WeakValueDictionary

from tutor.domain import Entry, Grade, Interview, KeyPointGrade, Language, Plan, Rubric, Turn
from tutor.errors import InterviewError, ModelError, TutorError
from tutor.interview.followup import SKIPPED, next_follow_up
from tutor.interview.plan import RECENT_INTERVIEWS, choose_entries
from tutor.learning.history import History, new_id, stamp, utc_now

log = logging.getLogger(__name__)


class Interviewer:
    """Mock interviews over the entries of a bank, kept in a history. Safe for several threads and processes."""

    def __init__(
        self,
        entries: Mapping[str, Entry],
        grade: Callable[[Rubric, str], Grade],
        history: History,
        clock: Callable[[], datetime] = utc_now,
        make_id: Callable[[], str] = new_id,
        read_ahead: Callable[[Rubric, str], None] | None = None,
    ) -> None:
        self._entries = entries
        self._grade = grade
        self._history = history
        self._clock = clock
        self._make_id = make_id
        self._read_ahead = read_ahead
        self._locks: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()  # while somebody holds them
        self._locks_guard = threading.Lock()

    def start(self, plan: Plan) -> Interview:
        """A new interview with its first question. Chooses entries where the plan names none.

        Raises InterviewError when fewer entries fit than the plan asks for.
        """
        if not plan.entry_ids:
            plan = choose_entries(plan, self._entries.values(), self._history.asked_entries(RECENT_INTERVIEWS))
        unknown = [entry_id for entry_id in plan.entry_ids if entry_id not in self._entries]
        if unknown:
            raise InterviewError("interview.unknown_entries", found=unknown)
        interview = Interview(id=self._make_id(), plan=plan, started_at=stamp(self._clock()))
        first = self._next_turn(interview)
        interview = replace(interview, turns=(first,) if first else ())
        self._history.save_interview(interview)
        return interview

    @staticmethod
    def current_turn(interview: Interview) -> Turn | None:
        """The turn that waits for an attempt, or whose attempt waits for its grade; None when there is none."""
        last = interview.turns[-1] if interview.turns else None
        return last if last and last.grade is None and interview.finished_at is None else None

    def attempt(self, interview_id: str, text: str, number: int | None = None) -> Interview:
        """Hands in and grades: what `hand_in` and then `resume` do, and raise."""
        self.hand_in(interview_id, text, number)
        return self.resume(interview_id)

    def hand_in(self, interview_id: str, text: str, number: int | None = None) -> None:
        """Stores the attempt; computes nothing, so that nothing can get lost. `resume` grades it.

        `number` is the turn that the learner saw; give it where a click may come twice. Raises InterviewError, storing
        nothing, when that turn is not the one that waits, or has another attempt.
        """
        turn = self._waiting_turn(self._history.interview(interview_id), number)
        if turn.attempt == text:
            return
        attempted = replace(turn, attempt=text, answered_at=stamp(self._clock()))
        if turn.attempt is not None or not self._history.save_turn(interview_id, attempted):
            raise InterviewError("interview.answered_before", number=turn.number)

    def resume(self, interview_id: str) -> Interview:
        """The interview, gone on from wherever it stopped: attempts without a grade are graded, the grade is stored with
        the next question or the end, a missing next question is added.

        Raises what the grader raised only when no question is left to go on with.
        """
        with self._alone(interview_id):
            interview = self._history.interview(interview_id)
            failure: TutorError | None = None
            for turn in interview.turns:
                rubric = self.rubric(interview, turn) if turn.grade is None else None
                if turn.attempt is None or rubric is None:
                    continue
                try:
                    grade = self._grade(rubric, turn.attempt)
                except TutorError as error:
                    failure = error
                    if isinstance(error, ModelError):  # it would fail for the others, too
                        break
                else:
                    interview = self._store(interview, replace(turn, grade=grade))
            interview = self._store(interview)
        if failure and not _has_open_question(interview):
            if isinstance(failure, ModelError):
                raise ModelError("interview.saved_ungraded", reason=failure) from failure
            raise failure
        return interview

    def skip(self, interview_id: str, number: int | None = None) -> Interview:
        """Passes on the waiting question: it counts 0 points, and the next main question comes.

        Where its attempt is stored but could not be graded, it is left for `resume` to grade later.
        """
        with self._alone(interview_id):
            interview = self._history.interview(interview_id)
            turn = self._waiting_turn(interview, number)
            if turn.attempt is not None:
                return self._store(interview, pass_on=True)
            skipped = replace(
                turn, attempt="", answered_at=stamp(self._clock()), grade=self._skipped_grade(interview, turn)
            )
            return self._store(interview, skipped)

    def finish(self, interview_id: str) -> Interview:
        """Ends the interview now; the waiting question stays unanswered. Ending it twice changes nothing."""
        if self._history.interview(interview_id).finished_at is None:
            self._history.save_turns(interview_id, (), finished_at=stamp(self._clock()))
        return self._history.interview(interview_id)

    def hint(self, interview_id: str, number: int | None = None) -> str | None:
        """The next hint on the waiting question, kept as taken; None where none is left. Errors as in `attempt`."""
        interview = self._history.interview(interview_id)
        turn = self._waiting_turn(interview, number)
        hints = self._hints(interview, turn)
        taken = self._history.take_hint(interview_id, turn.number, most=len(hints))
        return hints[taken - 1] if taken else None

    def hints_taken(self, interview: Interview) -> tuple[str, ...]:
        """The hints that were given on the waiting question, in order."""
        turn = self.current_turn(interview)
        return self._hints(interview, turn)[: turn.hints] if turn else ()

    def prepare(self, interview_id: str, draft: str = "") -> None:
        """Has the grader read ahead what the waiting question asks and what of the attempt is there.

        What keeps it from doing so is logged: it is told when the attempt is graded.
        """
        try:
            interview = self._history.interview(interview_id)
            turn = self.current_turn(interview)
            rubric = self.rubric(interview, turn) if turn else None
            if rubric and self._read_ahead:
                self._read_ahead(rubric, draft)
        except TutorError as error:
            log.info("grading could not be prepared: %s", error)

    def rubric(self, interview: Interview, turn: Turn) -> Rubric | None:
        """What an attempt at the turn is held against; None when the bank no longer has its entry or key point.

        A follow-up is held against the key point it probes alone, and the misconceptions of the entry.
        """
        entry = self._entries.get(turn.entry_id)
        if entry is None:
            return None
        rubric = _rubric_from_entry(entry, interview.plan.language)
        if turn.follow_up_to is None:
            return rubric
        probed = tuple(point for point in rubric.key_points if point.id == turn.probes)
        return replace(rubric, question=turn.question, key_points=probed) if probed else None

    def _hints(self, interview: Interview, turn: Turn) -> tuple[str, ...]:
        """All there are on the question; none when its entry left the bank."""
        entry = self._entries.get(turn.entry_id)
        return tuple(hint.in_language(interview.plan.language) for hint in entry.hints) if entry else ()

    def _alone(self, interview_id: str) -> threading.Lock:
        """One thread at a time grades an interview: a second one would do the same slow work again."""
        with self._locks_guard:
            return self._locks.setdefault(interview_id, threading.Lock())

    def _waiting_turn(self, interview: Interview, number: int | None) -> Turn:
        if interview.finished_at is not None:
            raise InterviewError("interview.finished", interview=interview.id)
        turn = self.current_turn(interview)
        if turn is None or number not in (None, turn.number):
            if turn is not None:
                raise InterviewError(
                    "interview.another_waits", interview=interview.id, number=number, found=turn.number
                )
            if number is not None:
                raise InterviewError("interview.waits_no_more", interview=interview.id, number=number)
            raise InterviewError("interview.none_waits", interview=interview.id)
        return turn

    def _store(self, interview: Interview, *changed: Turn, pass_on: bool = False) -> Interview:
        """Stores changed turns and, in the same transaction, what follows from them: the next question or the end."""
        new = {turn.number: turn for turn in changed}
        interview = replace(interview, turns=tuple(new.get(turn.number, turn) for turn in interview.turns))
        added: Sequence[Turn] = ()
        finished_at = None
        if interview.finished_at is None and (pass_on or self._is_settled(interview)):
            following = self._next_turn(interview)
            added = (following,) if following else ()
            finished_at = None if following else stamp(self._clock())
        if changed or added or finished_at:
            self._history.save_turns(interview.id, [*changed, *added], finished_at)
        return self._history.interview(interview.id)

    def _is_settled(self, interview: Interview) -> bool:
        """Whether nothing can be awaited from the last turn."""
        if not interview.turns:
            return True
        last = interview.turns[-1]
        return last.grade is not None or (last.attempt is not None and self.rubric(interview, last) is None)

    def _next_turn(self, interview: Interview) -> Turn | None:
        """A follow-up to the last main question, else the next main question that the bank still has."""
        language = interview.plan.language
        number, now = len(interview.turns) + 1, stamp(self._clock())
        if interview.turns:
            main, *follow_ups = _last_question(interview)
            entry = self._entries.get(main.entry_id)
            follow_up = next_follow_up(entry, [main, *follow_ups], language) if entry else None
            if follow_up:
                text = follow_up.text.in_language(language)
                return Turn(number, main.entry_id, text, main.number, follow_up.probes, asked_at=now)
        asked = {turn.entry_id for turn in interview.turns}
        for entry_id in interview.plan.entry_ids:
            if entry_id in self._entries and entry_id not in asked:
                question = self._entries[entry_id].question.in_language(language)
                return Turn(number, entry_id, question, follow_up_to=None, probes=None, asked_at=now)
        return None

    def _skipped_grade(self, interview: Interview, turn: Turn) -> Grade:
        rubric = self.rubric(interview, turn)
        points = rubric.key_points if rubric else ()
        missed = tuple(KeyPointGrade(p.statement, p.weight, 0.0, "missed", None, id=p.id) for p in points)
        return Grade(0.0, (0.0, 0.0), missed, (), feedback="", grader_version=SKIPPED, guard=SKIPPED)


def _last_question(interview: Interview) -> list[Turn]:
    """The last main question and its follow-ups."""
    last = interview.turns[-1]
    main = last.number if last.follow_up_to is None else last.follow_up_to
    return [turn for turn in interview.turns if main in (turn.number, turn.follow_up_to)]


def _has_open_question(interview: Interview) -> bool:
    turn = Interviewer.current_turn(interview)
    return turn is not None and turn.attempt is None


def _rubric_from_entry(entry: Entry, language: Language) -> Rubric:
    from tutor.grading.rubric import rubric_from_entry  # word segmentation is loaded only when something is graded

    return rubric_from_entry(entry, language)
