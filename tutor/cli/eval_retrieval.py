"""`python -m tutor eval retrieval | scope | follow-ups`: which entry is found, and whether a question is in scope."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.domain import Answer, AnswerKind, Timings
from tutor.settings import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.chat.answer import AnswerChain, Inquiry
    from tutor.evaluation.retrieval.dialogues import Reply


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    retrieval = commands.add_parser("retrieval", help="which entry is found, on questions phrased unlike the bank")
    retrieval.add_argument("--write", action="store_true", help="replace docs/measurements/retrieval.md")
    retrieval.set_defaults(handler=eval_retrieval)
    scope = commands.add_parser("scope", help="in or out of scope, on the committed questions")
    scope.add_argument("--write", action="store_true", help="replace the shipped parameters")
    scope.set_defaults(handler=eval_scope)
    follow_ups = commands.add_parser(
        "follow-ups", help="which entry is found for a question that leans on the last one"
    )
    follow_ups.add_argument("--file", type=Path, metavar="FILE", help="other dialogues of the same form")
    follow_ups.add_argument(
        "--list-mistakes", action="store_true", help="name the messages of the tune part that went wrong"
    )
    follow_ups.add_argument("--write", action="store_true", help="replace the shipped parameters")
    follow_ups.set_defaults(handler=eval_follow_ups)


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


def eval_follow_ups(args: argparse.Namespace, tutor: Tutor) -> int:
    """What the chat makes of the committed dialogues, and which entries it finds for pairs of questions."""
    from tutor.chat.condense import Subject
    from tutor.evaluation.retrieval.dialogues import hear, load_dialogues, mistakes, summarise_dialogues
    from tutor.evaluation.retrieval.fit_leaning import leave_voices_out, write_leaning
    from tutor.evaluation.retrieval.follow_ups import load_pairs, resolve, summarise_follow_ups

    listen = listener(tutor.answers)
    heard = [item for dialogue in load_dialogues(args.file) for item in hear(dialogue, listen, topic_of)]
    judged = leave_voices_out(heard) if args.file is None else heard
    report = {"dialogues": summarise_dialogues(judged)}

    def condense(first: str, second: str) -> tuple[str, bool]:
        condensed = tutor.answers.conversation.condense(second, [Subject(first)])
        return condensed.search_text, condensed.is_follow_up

    if args.file is None:
        resolved = resolve(load_pairs(), condense, tutor.retriever)
        report["pairs"] = summarise_follow_ups(resolved)
    print(json.dumps(report, indent=2))
    if args.write and args.file is None:
        log(f"written: {write_leaning(heard, report['dialogues'], embedder=tutor.index.manifest().embedder)}")
    if args.list_mistakes:
        for line in mistakes([item for item in judged if item.dialogue.split == "tune"]):
            log(line)
    return 0


def topic_of(question: str) -> str:
    """A question as the chat names it as a subject."""
    from tutor.chat.request import read_request

    return read_request(question).core or question


def listener(chain: "AnswerChain") -> "Callable[[str, tuple[Answer, ...]], Reply]":
    """What the chain makes of a message after earlier answers, before any word is written."""
    from tutor.evaluation.retrieval.dialogues import Reply

    def listen(message: str, earlier: tuple[Answer, ...]) -> Reply:
        inquiry = chain.listen.invoke(chain.start(message, earlier))
        hits = inquiry.result.hits if inquiry.result else ()
        found = [*inquiry.entry_ids, *inquiry.meant, *(hit.passage.entry_id or "" for hit in hits)]
        return Reply(inquiry.subject, tuple(dict.fromkeys(found)), _without_words(inquiry), inquiry.weighed)

    return listen


def _without_words(inquiry: "Inquiry") -> Answer:
    """The answer as far as it matters for what comes next."""
    kinds: dict[str, AnswerKind] = {"remark": "remark", "meanings": "choice", "uncertain": "choice"}
    return Answer(
        question=inquiry.question,
        standalone_question=inquiry.standalone_question,
        text="",
        language=inquiry.language,
        refused=inquiry.outcome == "refused",
        citations=(),
        unsupported_sentences=(),
        timings=Timings(0.0, None, 0.0),
        entry_id=inquiry.entry_ids[0] if inquiry.entry_ids else None,
        kind=kinds.get(inquiry.outcome, "answer"),
    )
