"""Where a learner works on exercises: the list, and a verdict on a piece of code."""

from functools import cached_property
from pathlib import Path

from tutor.exercises.judge import Judge
from tutor.exercises.load import Exercises, load_exercises
from tutor.exercises.protection import Protection
from tutor.exercises.result import Result
from tutor.exercises.sandbox import Sandbox


class Workshop:
    """The exercises of a folder with a judge; files are read at the first use, no process runs before the first verdict."""

    def __init__(self, folder: Path, *, strangers: bool) -> None:
        self._folder = folder
        self._judge = Judge(Sandbox(strangers=strangers))

    @cached_property
    def exercises(self) -> Exercises:
        """Raises ExerciseError when a file is malformed."""
        return load_exercises(self._folder)

    @property
    def protection(self) -> Protection:
        """What stands around a learner's code on this machine; starts a process the first time."""
        return self._judge.sandbox.protection

    def run(self, exercise_id: str, code: str) -> Result:
        """The verdict on `code`. Raises ExerciseError for an unknown id, or when code may not run here."""
        return self._judge.judge(self.exercises.get(exercise_id), code)
