"""`python -m tutor search`: what retrieval finds for a query."""

import argparse
import time
from typing import Any

from tutor.assembly import Tutor
from tutor.cli.lines import open_lines, print_error, print_json, read_objects
from tutor.cli.render import search_json
from tutor.errors import AttemptError


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("search", help="find passages for a query")
    parser.add_argument("query", nargs="?", help="the query")
    parser.add_argument("--queries", metavar="FILE.jsonl", help="lines with id and query; - for standard input")
    parser.add_argument("-k", type=int, default=5, help="how many documents (default 5)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(handler=search)


def search(args: argparse.Namespace, tutor: Tutor) -> int:
    if (args.query is None) == (args.queries is None):
        raise AttemptError("cli.query_or_file")
    if args.k < 1:
        raise AttemptError("cli.too_few_results", found=args.k)
    if args.query is not None:
        _search_one(tutor, None, args.query, args)
        return 0
    failed = 0
    for item, error in read_objects(open_lines(args.queries), "query"):
        if error:
            failed += 1
            print_error(item.get("id"), error)
        else:
            _search_one(tutor, item.get("id"), item["query"], args)
    return 1 if failed else 0


def _search_one(tutor: Tutor, query_id: Any, query: str, args: argparse.Namespace) -> None:
    started = time.monotonic()
    result = tutor.retriever.search(query, args.k)
    milliseconds = (time.monotonic() - started) * 1_000
    if args.json or args.queries:
        print_json(search_json(query_id, result, milliseconds))
        return
    print(f"{'in scope' if result.scope.in_scope else 'out of scope'} ({result.scope.confidence:.2f})")
    for hit in result.hits:
        print(f"{hit.rank}. {hit.passage.title}  [{hit.passage.entry_id or hit.passage.document_id}]")
        print("   " + " ".join(hit.passage.text.split())[:160])
