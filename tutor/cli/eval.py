"""`python -m tutor eval ...`: measures, and with --write fits, what data decides; one file for each wing of the evaluation."""

import argparse
import json

from tutor.assembly import Tutor
from tutor.cli import eval_entailment, eval_grading, eval_reading, eval_retrieval


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("eval", help="measure what the tutor decides")
    commands = parser.add_subparsers(
        dest="eval_command",
        required=True,
        metavar="retrieval|scope|follow-ups|support|check|answers|grading|accusations|rounding|reading|speed",
    )
    for wing in (eval_retrieval, eval_entailment, eval_grading, eval_reading):
        wing.add_parsers(commands)
    speed = commands.add_parser("speed", help="how fast the parts are on this machine")
    speed.set_defaults(handler=eval_speed)


def eval_speed(_: argparse.Namespace, tutor: Tutor) -> int:
    """Embedder (without its cache), search, a grade, and the language model."""
    from tutor.evaluation.speed import measure_embeddings, measure_grade, measure_model, measure_search

    figures = measure_embeddings(tutor.embedder) | measure_search(tutor.retriever)
    if tutor.has_chat_model():
        figures |= measure_model(tutor.chat_model)
    figures |= measure_grade(tutor.grader, tutor.bank.entries)
    print(json.dumps(figures, indent=2))
    return 0
