"""Exercise files -> exercises. Reads YAML and the schema; judges no content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import ValidationError

from tutor.errors import ExerciseError
from tutor.exercises.schema import Exercise
from tutor.messages import Message
from tutor.text.read_yaml import read_yaml


@dataclass(frozen=True)
class Exercises:
    """All exercises, easy ones first."""

    all: tuple[Exercise, ...]
    _by_id: Mapping[str, Exercise] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {exercise.id: exercise for exercise in self.all})

    def get(self, exercise_id: str) -> Exercise:
        """The exercise; raises ExerciseError when there is none of that id."""
        try:
            return self._by_id[exercise_id]
        except KeyError:
            raise ExerciseError("exercises.unknown", exercise=exercise_id, known=len(self.all)) from None


def load_exercises(folder: Path) -> Exercises:
    """Every *.yaml of a folder. Raises ExerciseError on the first slip, or when a file is not named after its id."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise ExerciseError("exercises.no_files", folder=folder)
    exercises = [load_exercise(file) for file in files]
    return Exercises(tuple(sorted(exercises, key=lambda exercise: (exercise.level, exercise.id))))


def load_exercise(file: Path) -> Exercise:
    """One exercise; raises ExerciseError naming file and field."""
    try:
        data = read_yaml(file.read_text(encoding="utf-8"))
        exercise = Exercise.model_validate(data)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = Message("files.line", number=mark.line + 1) if mark else ""
        problem = getattr(error, "problem", None) or Message("files.no_yaml")
        raise ExerciseError("files.yaml_slip", file=file.name, line=line, problem=problem) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciseError("files.not_utf8", file=file.name, reason=error) from error
    except ValidationError as error:
        slip = error.errors()[0]
        where = ".".join(map(str, slip["loc"])) or "file"
        raise ExerciseError("exercises.field", file=file.name, field=where, problem=slip["msg"]) from error
    if exercise.id != file.stem:
        raise ExerciseError("exercises.another_id", file=file.name, expected=file.stem, found=exercise.id)
    return exercise
