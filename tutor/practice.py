"""Drills and exercises as a learner works on them: judged, and what it came to is kept as an Outcome.

Knows no face, and not what a verdict is worth: whoever gives it says so.
"""

from tutor.drills.generate import Drill
from tutor.drills.grading import MARK_VERSION, Mark, grade_answer
from tutor.exercises.result import JUDGE_VERSION, Result
from tutor.exercises.workshop import Workshop
from tutor.learning.history import History


class Practice:
    """What a learner does outside of interviews."""

    def __init__(self, history: History, workshop: Workshop) -> None:
        self._history = history
        self._workshop = workshop

    def answer(self, drill: Drill, text: str, *, revealed: bool = False) -> Mark:
        """The mark of an answer to a drill; one that cannot be read does not count and leaves no Outcome.

        `revealed`: the solution was shown before. Raises HistoryError when the Outcome cannot be stored.
        """
        mark = grade_answer(drill, text)
        if mark.share is not None:
            self._history.add_outcome(
                "drill", drill.kind, mark.share, MARK_VERSION, detail=str(drill.seed), revealed=revealed
            )
        return mark

    def run(self, exercise_id: str, code: str, *, hints: int = 0, revealed: bool = False) -> Result:
        """The verdict on code for an exercise, after `hints` hints and perhaps the solution.

        Raises ExerciseError, leaving no Outcome, for an unknown id or when code may not run here; HistoryError when the
        Outcome cannot be stored.
        """
        result = self._workshop.run(exercise_id, code)
        self._history.add_outcome("exercise", exercise_id, result.share, JUDGE_VERSION, hints=hints, revealed=revealed)
        return result
