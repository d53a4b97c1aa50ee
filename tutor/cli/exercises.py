"""`python -m tutor exercises list | show ID | run ID FILE`: write a function, have it judged in the sandbox."""

import argparse
import sys
from pathlib import Path
from typing import Any

from tutor.assembly import Tutor
from tutor.cli.lines import log, print_json
from tutor.cli.locale import user_language
from tutor.domain import Language
from tutor.errors import ExerciseError
from tutor.exercises.result import Result
from tutor.exercises.schema import Exercise

_LABELS = {
    "related": {"zh": "相关题目", "en": "Related entry"},
    "hint": {"zh": "提示", "en": "Hint"},
    "complexity": {"zh": "复杂度", "en": "Complexity"},
    "printed": {"zh": "你的输出", "en": "Your output"},
    "passed": {"zh": "通过 {0} / {1}", "en": "{0} of {1} passed"},
}


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("exercises", help="write code, have it tested")
    commands = parser.add_subparsers(dest="exercises_command", required=True, metavar="list|show|run")
    listing = commands.add_parser("list", help="one line per exercise")
    listing.set_defaults(handler=list_exercises)
    showing = commands.add_parser("show", help="statement and starting code")
    showing.add_argument("id")
    showing.add_argument("--hints", action="store_true", help="with the hints")
    showing.add_argument("--solution", action="store_true", help="with a solution, its complexity and common slips")
    showing.set_defaults(handler=show_exercise)
    running = commands.add_parser("run", help="judge a file of Python; exit status 1 when a case fails")
    running.add_argument("id")
    running.add_argument("file", metavar="FILE", help="- for standard input")
    running.set_defaults(handler=run_exercise)
    for command in (listing, showing, running):
        command.add_argument("--json", action="store_true", help="JSON, one object a line")
        command.add_argument("--language", choices=("zh", "en"), help="of what is printed (default: the setting)")


def list_exercises(args: argparse.Namespace, tutor: Tutor) -> int:
    language = _language(args, tutor)
    for exercise in tutor.workshop.exercises.all:
        if args.json:
            print_json({"id": exercise.id, "level": exercise.level, "entry": exercise.entry,
                        "title": {"zh": exercise.title.zh, "en": exercise.title.en}})  # fmt: skip
        else:
            print(f"{exercise.id:32} {exercise.level}  {exercise.title.in_language(language)}")
    return 0


def show_exercise(args: argparse.Namespace, tutor: Tutor) -> int:
    exercise = tutor.workshop.exercises.get(args.id)
    if args.json:
        hidden = {"cases"} | (set() if args.hints else {"hints"})
        hidden |= set() if args.solution else {"solution", "wrong", "complexity"}
        print_json(exercise.model_dump(exclude=hidden))
        return 0
    language = _language(args, tutor)
    print(f"# {exercise.title.in_language(language)}\n\n{exercise.statement.in_language(language)}\n")
    print(f"{_label('related', language)}: {exercise.entry}\n\n{exercise.starter}")
    if args.hints:
        for number, hint in enumerate(exercise.hints, start=1):
            print(f"{_label('hint', language)} {number}: {hint.in_language(language)}")
    if args.solution:
        _print_solution(exercise, language)
    return 0


def run_exercise(args: argparse.Namespace, tutor: Tutor) -> int:
    """0 when every case passes, else 1."""
    language = _language(args, tutor)
    result = tutor.practice.run(args.id, _read_code(args.file))
    if args.json:
        print_json(result_json(result, language))
    else:
        log(result.protection.words.in_language(language))
        _print_result(result, language)
    return 0 if result.passed else 1


def result_json(result: Result, language: Language) -> dict[str, Any]:
    """The verdict as plain values."""
    return {
        "id": result.exercise_id,
        "passed": result.passed,
        "problem": result.problem.in_language(language) if result.problem else None,
        "cases": [
            {
                "name": case.name.in_language(language),
                "passed": case.passed,
                "why": case.why.in_language(language) if case.why else None,
                "inputs": case.inputs,
            }
            for case in result.cases
        ],
        "printed": result.printed,
        "seconds": round(result.seconds, 3),
        "protection": sorted(result.protection.layers),
    }


def _print_result(result: Result, language: Language) -> None:
    if result.problem:
        print(result.problem.in_language(language))
    for case in result.cases:
        why = f": {case.why.in_language(language)}\n    {case.inputs}" if case.why else ""
        print(f"{'✓' if case.passed else '✗'} {case.name.in_language(language)}{why}")
    if result.printed.strip():
        print(f"\n{_label('printed', language)}:\n{result.printed.rstrip()}")
    print("\n" + _label("passed", language).format(result.passed_count, len(result.cases)))


def _print_solution(exercise: Exercise, language: Language) -> None:
    print(f"\n{exercise.solution}\n{_label('complexity', language)}: {exercise.complexity.in_language(language)}")
    for slip in exercise.wrong:
        print(f"✗ {slip.reason.in_language(language)}")


def _read_code(name: str) -> str:
    """Raises ExerciseError when the file cannot be read as text."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciseError("cli.no_python", file=name, reason=error) from error


def _language(args: argparse.Namespace, tutor: Tutor) -> Language:
    return args.language or user_language(tutor.settings.language)


def _label(name: str, language: Language) -> str:
    return _LABELS[name][language]
