"""`python -m tutor models`: list, pull, verify and find the weights."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tutor.assembly import Tutor
from tutor.cli.lines import log, print_json
from tutor.errors import WeightsError
from tutor.models.catalog import Weights
from tutor.models.sources import source_label
from tutor.models.weights import Store

ELSEWHERE = ("http://", "https://", "transformers:")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("models", help="list, fetch and verify model weights")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    listing = actions.add_parser("list", help="the models known by name, and whether they are here")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    listing.set_defaults(handler=list_models)

    pull = actions.add_parser("pull", help="fetch weights, going on where it stopped")
    pull.add_argument(
        "name", nargs="?", help="catalogue name or hf:owner/repository/file.gguf (default: the one in use)"
    )
    pull.add_argument("--from", dest="local", type=Path, metavar="PATH", help="a file or folder to try first")
    pull.set_defaults(handler=pull_model)

    verify = actions.add_parser("verify", help="read the weights again and compare their SHA-256")
    verify.add_argument("name", nargs="?", help="name or file (default: every one that is here)")
    verify.add_argument("--accept", action="store_true", help="record the hash of a file you replaced on purpose")
    verify.set_defaults(handler=verify_models)

    path = actions.add_parser("path", help="where the weights of a name are")
    path.add_argument("name", help="catalogue name, file, or hf:owner/repository/file.gguf")
    path.set_defaults(handler=print_path)


def list_models(args: argparse.Namespace, tutor: Tutor) -> int:
    for weights in tutor.weights.catalog.values():
        row = _row(weights, tutor.weights, tutor.settings.llm)
        if args.json:
            print_json(row)
            continue
        mark = "*" if row["in_use"] else " "
        print(f"{mark} {row['name']}  [{row['state']}]")
        print(
            f"    {row['kind']}, {weights.size_bytes / 1e6:,.0f} MB, {weights.licence}, "
            f"context {weights.context_tokens:,} tokens"
        )
        print(f"    {weights.publisher_url}")
        print(f"    sha256 {weights.sha256}")
        print(f"    from   {'; '.join(row['sources'])}")
    return 0


def pull_model(args: argparse.Namespace, tutor: Tutor) -> int:
    name = args.name or tutor.settings.llm
    if name == "none" or name.startswith(ELSEWHERE):
        log(f"`{name}` needs no weights from here.")
        return 0
    if name.endswith(".gguf") and not name.startswith("hf:"):
        log(f"{tutor.weights.resolve(name)} is a file of yours; nothing to fetch.")
        return 0
    with _progress_bar(name) as progress:
        path = tutor.weights.pull(name, progress, local=args.local)
    log(f"{path} is here and verified.")
    return 0


def verify_models(args: argparse.Namespace, tutor: Tutor) -> int:
    store = tutor.weights
    check = store.accept if args.accept else store.verify
    if args.accept and not args.name:
        raise WeightsError("cli.accept_what")
    names = [args.name] if args.name else store.here()
    bad = 0
    for name in names:
        try:
            print(f"{name}: SHA-256 is right, {check(name)}", flush=True)
        except WeightsError as error:
            bad += 1
            log(str(error))
    if not names:
        log("No weights are here yet. Run `python -m tutor models pull`.")
    return 1 if bad else 0


def print_path(args: argparse.Namespace, tutor: Tutor) -> int:
    print(tutor.weights.resolve(args.name))
    return 0


def _row(weights: Weights, store: Store, llm: str) -> dict[str, Any]:
    return {
        "name": weights.name,
        "kind": weights.kind,
        "state": "here" if store.has(weights.name) else "not fetched",
        "in_use": weights.name == llm,
        "size_bytes": weights.size_bytes,
        "sha256": weights.sha256,
        "licence": weights.licence,
        "context_tokens": weights.context_tokens,
        "publisher_url": weights.publisher_url,
        "sources": [str(source_label(source)) for source in weights.sources],
    }


@contextmanager
def _progress_bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; elsewhere a line for every tenth part, so that a log stays readable."""
    if not sys.stderr.isatty():
        yield _progress_lines(name)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    columns = ("{task.description}", BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def _progress_lines(name: str) -> Callable[[int, int], None]:
    told = -1

    def progress(done: int, total: int) -> None:
        nonlocal told
        tenth = done * 10 // total if total else -1
        if tenth > told:
            told = tenth
            log(f"{name}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB")

    return progress
