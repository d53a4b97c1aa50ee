"""`python -m tutor eval retrieval | scope | follow-ups | support | check | answers | grading | rounding | speed`: measures, and with --write fits, what data decides."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.assembly import Tutor
from tutor.cli import eval_check
from tutor.cli.lines import log
from tutor.domain import Answer
from tutor.errors import ModelError
from tutor.settings import ROOT

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from tutor.chat.answer import AnswerChain
    from tutor.grading.judge import StateReader


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("eval", help="measure what the tutor decides")
    commands = parser.add_subparsers(
        dest="eval_command",
        required=True,
        metavar="retrieval|scope|follow-ups|support|check|answers|grading|rounding|speed",
    )
    retrieval = commands.add_parser("retrieval", help="which entry is found, on questions phrased unlike the bank")
    retrieval.add_argument("--write", action="store_true", help="replace docs/measurements/retrieval.md")
    retrieval.set_defaults(handler=eval_retrieval)
    scope = commands.add_parser("scope", help="in or out of scope, on the committed questions")
    scope.add_argument("--write", action="store_true", help="replace the shipped parameters")
    scope.set_defaults(handler=eval_scope)
    follow_ups = commands.add_parser(
        "follow-ups", help="which entry is found for a question that leans on the last one"
    )
    follow_ups.set_defaults(handler=eval_follow_ups)
    support = commands.add_parser("support", help="supported or not, on the bank's key points and mistakes")
    support.add_argument("--write", action="store_true", help="replace the shipped parameters")
    support.set_defaults(handler=eval_support)
    eval_check.add_parser(commands)
    answers = commands.add_parser("answers", help="answers with the real model, held against expected facts")
    answers.add_argument("--limit", type=int, metavar="N", help="only the first N questions of each path")
    answers.add_argument("--replies", type=Path, metavar="FILE", help="keep what the model writes there, and reuse it")
    answers.add_argument("--write", action="store_true", help="replace docs/measurements/answers-sample.md")
    answers.set_defaults(handler=eval_answers)
    grading = commands.add_parser("grading", help="grades, on attempts written for this project and human-scored sets")
    grading.add_argument("--write", action="store_true", help="replace the shipped parameters")
    grading.add_argument("--only", choices=("key-points", "reference"), help="fit only that kind of rubric")
    grading.add_argument("--measure", action="store_true", help="agreement with examiners, beside simpler methods")
    grading.add_argument(
        "--set",
        metavar="NAME",
        action="append",
        default=[],
        help="with --measure: only this set, also a file NAME.jsonl of FOLDER; may be repeated",
    )
    grading.add_argument("--skip-number", action="store_true", help="with --measure: do not ask the model for marks")
    grading.add_argument(
        "--sets",
        type=Path,
        default=ROOT.parent / "shared" / "data" / "asag",
        metavar="FOLDER",
        help="of human-scored sets",
    )
    grading.set_defaults(handler=eval_grading)
    rounding = commands.add_parser("rounding", help="how far grades move where a processor rounds in another order")
    rounding.set_defaults(handler=eval_rounding)
    speed = commands.add_parser("speed", help="how fast the parts are on this machine")
    speed.set_defaults(handler=eval_speed)


def eval_retrieval(args: argparse.Namespace, tutor: Tutor) -> int:
    """Ranks the committed questions on the current index."""
    from tutor.evaluation.retrieval.measure import (
        load_questions,
        measure_scope_unseen,
        rank_questions,
        retrieval_markdown,
        table,
    )

    questions = load_questions()
    ranked = rank_questions(tutor.retriever, questions)
    scope = measure_scope_unseen(tutor.retriever, questions)
    test = [item for item in ranked if item.question.split == "test"]
    print(json.dumps({"test": table(test, lambda question: question.language), "scope": scope}, indent=2))
    if args.write:
        page = ROOT / "docs" / "measurements" / "retrieval.md"
        today = datetime.now(UTC).date().isoformat()
        page.write_text(retrieval_markdown(ranked, scope, today, len(tutor.bank.entries)), encoding="utf-8")
        log(f"written: {page}")
    return 0


def eval_scope(args: argparse.Namespace, tutor: Tutor) -> int:
    """Fits on the tune part of the current index and reports on the test part."""
    from tutor.evaluation.retrieval.fit_scope import measure_scope, write_scope

    parameters, report, wrong = measure_scope(tutor.retriever)
    print(json.dumps(report, indent=2))
    for line in wrong:
        log(f"wrong on the test part: {line}")
    if args.write:
        embedder = tutor.index.manifest().embedder
        log(f"written: {write_scope(parameters, report, embedder=embedder, bank_entries=len(tutor.bank.entries))}")
    return 0


def eval_follow_ups(_: argparse.Namespace, tutor: Tutor) -> int:
    """Condenses the committed dialogues and ranks entries for what comes out."""
    from tutor.chat.condense import condense_after
    from tutor.evaluation.retrieval.follow_ups import load_dialogues, resolve, summarise_follow_ups

    def condense(first: str, second: str) -> tuple[str, bool]:
        condensed = condense_after(second, first, tutor.answers.recogniser.stands_alone)
        return condensed.search_text, condensed.is_follow_up

    resolved = resolve(load_dialogues(), condense, tutor.retriever)
    print(json.dumps(summarise_follow_ups(resolved), indent=2))
    for item in resolved:
        if not item.is_right:
            log(f"wrong ({item.dialogue.split}): {item.search_text} -> {item.found}, leans: {item.leans}")
    return 0


def eval_support(args: argparse.Namespace, tutor: Tutor) -> int:
    """Fits on two thirds of the bank's entries and reports on the rest."""
    from tutor.evaluation.entailment.fit_support import measure_support, write_support

    entries = tutor.bank.entries
    parameters, report = measure_support(entries, tutor.embeddings)
    print(json.dumps(report, indent=2))
    if args.write:
        name = tutor.embeddings.name
        log(f"written: {write_support(parameters, report, embedder=name, entries=len(entries))}")
    return 0


def eval_answers(args: argparse.Namespace, tutor: Tutor) -> int:
    """Asks the committed questions: those that one entry answers as anybody asks, all of them also of the model."""
    from tutor.evaluation.entailment.measure_answers import judge_answers, load_expectations, sample_markdown, summarise

    written = _writing_chain(tutor, args.replies)
    expectations = load_expectations()
    entry = [item for item in expectations if item.path == "entry"][: args.limit]
    others = [item for item in expectations if item.path == "written"][: args.limit]
    groups = {
        "one entry, as asked": judge_answers(entry, lambda item: _answer(tutor.answers, item.question)),
        "several entries, written": judge_answers(others, lambda item: _answer(written, item.question)),
        "one entry, written all the same": judge_answers(entry, lambda item: _answer(written, item.question)),
    }
    print(json.dumps({name: summarise(judged) for name, judged in groups.items()}, indent=2))
    if args.write:
        page = ROOT / "docs" / "measurements" / "answers-sample.md"
        today = datetime.now(UTC).date().isoformat()
        judged = groups["several entries, written"] + groups["one entry, written all the same"]
        page.write_text(sample_markdown(judged, today), encoding="utf-8")
        log(f"written: {page}")
    return 0


def _writing_chain(tutor: Tutor, replies: Path | None) -> "AnswerChain":
    """The chain with a bank that knows no question, so that the model writes every answer."""
    from tutor.bank.load import Bank
    from tutor.evaluation.entailment.replies import RecordedReplies

    model = RecordedReplies(file=replies, open_model=tutor.chat_model) if replies else None
    return tutor.build_answers(Bank(()), (lambda: model) if model else tutor.chat_model)


def _answer(chain: "AnswerChain", question: str) -> Answer:
    log(question)
    events = list(chain.chain.stream(chain.start(question, ())))
    final = events[-1]
    assert isinstance(final, Answer)
    return final


def eval_grading(args: argparse.Namespace, tutor: Tutor) -> int:
    """Fits on the tune parts and reports on the test parts; asks the language model where one is set."""
    from tutor.evaluation.grading.fit import measure_grading, write_fit
    from tutor.grading.probes import load_probes

    if args.measure:
        return _eval_agreement(args, tutor)
    fit = measure_grading(tutor.bank.entries, _vectors(tutor), args.sets, _states(tutor), args.only)
    print(json.dumps(fit.report, indent=2))
    if args.write:
        probes = load_probes()
        for file in write_fit(fit, embedder=tutor.embeddings.name, model=probes.model, blocks=probes.blocks):
            log(f"written: {file}")
    return 0


def _states(tutor: Tutor) -> "StateReader | None":
    """The model's states, remembered on disk: reading all attempts takes an hour and a half on two cores."""
    from tutor.evaluation.grading.stored import Stored, StoredStates
    from tutor.grading.probes import load_probes

    states, probes = tutor.states(), load_probes()
    stored = Stored(tutor.settings.home / "states.sqlite")
    return StoredStates(states, stored, f"{probes.model}:{probes.blocks}") if states else None


def _vectors(tutor: Tutor) -> "Embeddings":
    """The embedder's vectors, remembered on disk: every fold reads the same sentences, thousands of them."""
    from tutor.evaluation.grading.stored import Stored, StoredVectors

    return StoredVectors(tutor.embeddings, Stored(tutor.settings.home / "states.sqlite"), tutor.embeddings.name)


def _eval_agreement(args: argparse.Namespace, tutor: Tutor) -> int:
    """How well grades agree with examiners; --write brings the measured sets' part of docs/measurements/grading.md up to date."""
    from tutor.evaluation.grading.page import Conditions, check_sets, keep, measure_all, page

    check_sets(args.set, args.sets, write=args.write)
    model = tutor.chat_model() if tutor.has_chat_model() and not args.skip_number else None
    measured, details = measure_all(tutor.bank.entries, _vectors(tutor), args.sets, args.set, _states(tutor), model)
    print(json.dumps({"agreement": [item.line() for item in measured], "own": details}, indent=2))
    if args.write:
        place = ROOT / "docs" / "measurements" / "grading.md"
        how = Conditions(datetime.now(UTC).date().isoformat(), tutor.embeddings.name, tutor.settings.llm)
        known = keep(place.with_suffix(".json"), measured, details, how)
        place.write_text(page(known), encoding="utf-8")
        log(f"written: {place}")
    return 0


def eval_rounding(_: argparse.Namespace, tutor: Tutor) -> int:
    """The same attempts graded twice, with the model's sums in two orders."""
    from tutor.evaluation.grading.rounding import measure_rounding

    states = tutor.states()
    if states is None:
        raise ModelError(
            f"Rounding: expected the model that grades are read with, found `{tutor.settings.llm}`. "
            "Set TUTOR_LLM to the bundled model (`python -m tutor models list`)."
        )
    print(json.dumps(measure_rounding(tutor.embeddings, states, tutor.bank.entries), indent=2))
    return 0


def eval_speed(_: argparse.Namespace, tutor: Tutor) -> int:
    """Embedder (without its cache), search, a grade, and the language model."""
    from tutor.evaluation.speed import measure_embeddings, measure_grade, measure_model, measure_search
    from tutor.models.embedder import open_embeddings

    figures = measure_embeddings(open_embeddings(tutor.settings.embeddings)) | measure_search(tutor.retriever)
    if tutor.has_chat_model():
        figures |= measure_model(tutor.chat_model())
    figures |= measure_grade(tutor.grader, tutor.bank.entries)
    print(json.dumps(figures, indent=2))
    return 0
