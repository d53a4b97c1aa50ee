"""Exercise files -> exercises. Reads YAML and the schema; judges no content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import ValidationError

from tutor.errors import ExerciseError
from tutor.exercises.schema import Exercise


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
            raise ExerciseError(
                f"Exercise `{exercise_id}`: expected one of {len(self.all)} known ids, found none of that name. "
                "Run `python -m tutor exercises list` to see them."
            ) from None


def load_exercises(folder: Path) -> Exercises:
    """Every *.yaml of a folder. Raises ExerciseError on the first slip, or when a file is not named after its id."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise ExerciseError(f"Exercises `{folder}`: expected *.yaml files, found none. Is this the project's folder?")
    exercises = [load_exercise(file) for file in files]
    return Exercises(tuple(sorted(exercises, key=lambda exercise: (exercise.level, exercise.id))))


def load_exercise(file: Path) -> Exercise:
    """One exercise; raises ExerciseError naming file and field."""
    try:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
        exercise = Exercise.model_validate(data)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise ExerciseError(
            f"{file.name}{line}: expected YAML, found a slip. Mend it there, then run again."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{file.name}: cannot be read as UTF-8 text ({error}).") from error
    except ValidationError as error:
        slip = error.errors()[0]
        where = ".".join(map(str, slip["loc"])) or "file"
        raise ExerciseError(f"{file.name}, field {where}: {slip['msg']}. Mend the field, then run again.") from error
    if exercise.id != file.stem:
        raise ExerciseError(f"{file.name}: expected id `{file.stem}` like the file, found `{exercise.id}`. Rename one.")
    return exercise


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """libyaml where it is there."""
