"""A second process that ingests into an index: one command a line on standard input, one JSON report a line back."""

import json
import sys
from pathlib import Path

from tests.fakes import WordHashEmbeddings
from tutor.ingestion.pipeline import ingest
from tutor.retrieval.index import Index


def main(folder: str, url: str, notes: str) -> None:
    """`ingest` brings the index up to date with the notes, `rebuild` starts it anew."""
    index = Index(Path(folder), WordHashEmbeddings(), embedder_name="word-hash", url=url)
    for line in sys.stdin:
        with index.writing(rebuild=line.strip() == "rebuild"):
            report = ingest([notes], index, load_bank=lambda _: [])
        print(json.dumps({"passages": report.passages, "failed": len(report.failed)}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
