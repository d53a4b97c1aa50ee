"""`python -m tutor library list | add FILE... | remove NAME`: the documents that answers are drawn from."""

import argparse
import json
from pathlib import Path

from tutor.assembly import Tutor
from tutor.cli.lines import log, print_json
from tutor.ingestion.report import render_report, report_json


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("library", help="list, add and remove documents")
    commands = parser.add_subparsers(dest="library_command", required=True, metavar="list|add|remove")
    listing = commands.add_parser("list", help="one line per document (the bank's entries: `bank list`)")
    listing.set_defaults(handler=list_documents)
    adding = commands.add_parser("add", help="copy files into the library and index them; exit status 1 when one fails")
    adding.add_argument("files", nargs="+", metavar="FILE", type=Path)
    adding.set_defaults(handler=add_files)
    removing = commands.add_parser("remove", help="take a document out of the index and delete its copy")
    removing.add_argument("name", metavar="NAME", help="id, title or file name, as `list` tells them")
    removing.set_defaults(handler=remove_document)
    for command in (listing, adding, removing):
        command.add_argument("--json", action="store_true", help="JSON, one object a line")


def list_documents(args: argparse.Namespace, tutor: Tutor) -> int:
    for held in tutor.library.documents():
        document = held.document
        if document.entry_id is not None:
            continue
        is_own = tutor.library.owns(document)
        if args.json:
            print_json({"id": document.id, "title": document.title, "origins": list(document.origins), "own": is_own,
                        "passages": len(held.passage_ids), "contradictions": len(held.contradictions)})  # fmt: skip
        else:
            print(f"{'*' if is_own else ' '} {len(held.passage_ids):5}  {document.title}  [{document.id}]")
    return 0


def add_files(args: argparse.Namespace, tutor: Tutor) -> int:
    report = tutor.library.add(args.files)
    print(json.dumps(report_json(report), ensure_ascii=False) if args.json else render_report(report))
    return 1 if report.failed else 0


def remove_document(args: argparse.Namespace, tutor: Tutor) -> int:
    document = tutor.library.find(args.name)
    tutor.library.remove(document)
    if args.json:
        print_json({"id": document.id, "title": document.title, "removed": True})
    else:
        log(f"removed: {document.title}")
    return 0
