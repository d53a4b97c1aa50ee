"""`python -m tutor eval reading FOLDER`: where every word of the files went that ingestion reads."""

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.assembly import Tutor
from tutor.cli.lines import log

if TYPE_CHECKING:
    from tutor.evaluation.reading.measure import ReadText

_EXAMPLES = 8  # of each file


def add_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    reading = commands.add_parser("reading", help="what of the words of files ends up in no passage")
    reading.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders")
    reading.add_argument("--losses", action="store_true", help="name what is lost, file by file")
    reading.add_argument("--most-lost", type=float, metavar="SHARE", help="exit status 1 where more words are lost")
    reading.set_defaults(handler=eval_reading)


def eval_reading(args: argparse.Namespace, _: Tutor) -> int:
    """Reads every file twice: as the product does, and by a reading of its own."""
    from tutor.evaluation.reading.measure import Losses, measure_reading
    from tutor.evaluation.statistics.tables import markdown_table

    kinds: dict[str, Losses] = defaultdict(Losses)
    for path, losses in measure_reading(_files(args.paths), read_as_product):
        kinds[path.suffix.lower()].add(losses)
        if args.losses and (losses.lost or losses.pairs_kept < losses.pairs or losses.in_order < losses.neighbours):
            log(
                f"{path}: {json.dumps({**losses.row(path.suffix), 'examples': losses.examples[:_EXAMPLES]}, ensure_ascii=False)}"
            )
    together = Losses()
    for losses in kinds.values():
        together.add(losses)
    rows = [losses.row(kind) for kind, losses in sorted(kinds.items())]
    print(markdown_table([*rows, together.row("all")]))
    if not together.words:
        log("no words were read: give files, or folders that hold some")
        return 1
    return int(args.most_lost is not None and together.lost > args.most_lost * together.words)


def _files(paths: list[Path]) -> list[Path]:
    found = (path for given in paths for path in (sorted(given.rglob("*")) if given.is_dir() else [given]))
    return [path for path in found if path.is_file() and not any(part.startswith(".") for part in path.parts)]


def read_as_product(path: Path) -> "ReadText":
    """The passages of a file, and what the cleaning dropped of it."""
    from tutor.domain import Document
    from tutor.evaluation.reading.measure import ReadText
    from tutor.ingestion.pipeline import read_files

    passages: list[str] = []
    refusal = ""
    for document, found in read_files([path]):
        if isinstance(document, Document):
            passages += ["\n".join([document.title, *passage.heading_path, passage.text]) for passage in found]
        else:
            refusal = str(document.error)
    return ReadText(tuple(passages), "" if refusal else _dropped(path), "" if passages else refusal)


def _dropped(path: Path) -> str:
    """The lines of what was loaded that cleaning took away."""
    from tutor.errors import DocumentError
    from tutor.ingestion.clean import clean_text
    from tutor.ingestion.load import load_bytes

    try:
        loaded = load_bytes(path.read_bytes(), path.name).text
    except DocumentError:
        return ""
    kept = {"".join(line.split()) for line in clean_text(loaded).splitlines()}
    return "\n".join(line for line in loaded.splitlines() if "".join(line.split()) not in kept)
