"""`python -m tutor ask`: one cited answer per question, with memory in a named session."""

import argparse
import sys

from tutor.assembly import Tutor
from tutor.cli.lines import open_lines, print_error, print_json, read_objects
from tutor.cli.render import answer_json
from tutor.domain import Answer, Evidence, TextDelta
from tutor.errors import AttemptError, TutorError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("ask", help="ask a question, get a cited answer")
    parser.add_argument("question", nargs="?", help="the question")
    parser.add_argument("--questions", metavar="FILE.jsonl", help="lines with id and question; - for standard input")
    parser.add_argument("--session", metavar="NAME", help="remember the conversation under this name")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(handler=ask)


def ask(args: argparse.Namespace, tutor: Tutor) -> int:
    if (args.question is None) == (args.questions is None):
        raise AttemptError("cli.question_or_file")
    chat_id = _session(tutor, args.session) if args.session else None
    if args.question is not None:
        answer = _final(tutor, args.question, chat_id, echo=not args.json)
        if args.json:
            print_json(answer_json(None, answer))
        else:
            _print_references(answer)
        return 0
    failed = 0
    for item, error in read_objects(open_lines(args.questions), "question"):
        if not error:
            try:
                print_json(answer_json(item.get("id"), _final(tutor, item["question"], chat_id, echo=False)))
                continue
            except TutorError as trouble:
                error = trouble
        failed += 1
        print_error(item.get("id"), error)
    return 1 if failed else 0


def _session(tutor: Tutor, name: str) -> str:
    """The session of that name, the latest where several share it; a new one where there is none."""
    same = [chat for chat in tutor.history.chats() if chat.title == name]
    return same[0].id if same else tutor.history.create_chat(name)


def _final(tutor: Tutor, question: str, chat_id: str | None, *, echo: bool) -> Answer:
    final: Answer | None = None
    for event in tutor.chat.ask(question, chat_id):
        if isinstance(event, Answer):
            final = event
        elif echo and isinstance(event, Evidence):
            for hit in event.hits[:3]:
                print(f"· {hit.passage.title}", file=sys.stderr)
        elif echo and isinstance(event, TextDelta):
            print(event.text, end="", file=sys.stderr, flush=True)
    if final is None:
        raise TutorError("cli.answer_cut_short")
    return final


def _print_references(answer: Answer) -> None:
    print(("\n" if answer.timings.first_token_ms else "") + answer.text)
    for citation in answer.citations or answer.nearest:
        print(f"[{citation.number}] {' › '.join(citation.headings)} — {' '.join(citation.sentence.split())[:120]}")
    for choice in answer.choices:
        print(f"? {choice.question} — {' '.join(choice.lead.split())[:120]}")
