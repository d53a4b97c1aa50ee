"""`python -m tutor drill`: a calculation with generated numbers, a verdict on an answer, the worked solution."""

import argparse
import random
from typing import Any

from tutor.assembly import Tutor
from tutor.cli.lines import log, print_json
from tutor.cli.locale import user_language
from tutor.domain import Language
from tutor.drills.generate import LEVELS, Drill, generate_drill
from tutor.drills.grading import Mark, show_answer


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "drill",
        help="practise calculations",
        description="Asks a calculation with generated numbers. With --answer it is judged and the solution shown; give "
        "the same --seed (and --kind, --level) as for the question. What came of it is kept in the history. Exit status 1 when the answer is not right.",
    )
    parser.add_argument("--kind", metavar="KIND", help="a formula, such as kv_cache; a wrong one lists them all")
    parser.add_argument("--level", type=int, choices=LEVELS, help="1 basic, 2 solid, 3 deep")
    parser.add_argument("--seed", type=int, help="the same seed asks the same (default: a new one, which is shown)")
    parser.add_argument("--answer", metavar="TEXT", help="a number with its unit, such as '4.3 GB'")
    parser.add_argument("--language", choices=("zh", "en"), help="of question and verdict (default: the setting)")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(handler=drill)


def drill(args: argparse.Namespace, tutor: Tutor) -> int:
    """0, or 1 when an answer was given and is not right."""
    language = args.language or user_language(tutor.settings.language)
    seed = random.SystemRandom().randrange(10**6) if args.seed is None else args.seed
    asked = generate_drill(seed, kind=args.kind, level=args.level)
    mark = tutor.practice.answer(asked, args.answer) if args.answer is not None else None
    if args.json:
        print_json(drill_json(asked, mark, language))
    else:
        _print(asked, mark, language)
    return 1 if mark and not mark.passed else 0


def drill_json(asked: Drill, mark: Mark | None, language: Language) -> dict[str, Any]:
    """The question; with a mark also the verdict, the right answer and the steps."""
    told: dict[str, Any] = {
        "kind": asked.kind,
        "seed": asked.seed,
        "level": asked.level,
        "question": asked.question.in_language(language),
        "unit": asked.answer.unit,
    }
    if mark is not None:
        told |= {
            "verdict": mark.verdict,
            "passed": mark.passed,
            "message": mark.message.in_language(language),
            "slips": list(mark.slips),
            "value": asked.answer.value,
            "steps": [{"text": step.text.in_language(language), "math": step.plain} for step in asked.steps],
        }
    return told


def _print(asked: Drill, mark: Mark | None, language: Language) -> None:
    print(asked.question.in_language(language))
    if mark is None:
        log(f"--kind {asked.kind} --seed {asked.seed} --answer '...'")
        return
    print(mark.message.in_language(language))
    for number, step in enumerate(asked.steps, start=1):
        print(f"  {number}. {step.text.in_language(language)}: {step.plain}")
    print(f"= {show_answer(asked.answer, language)}")
