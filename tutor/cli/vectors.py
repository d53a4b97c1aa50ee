"""`python -m tutor vectors`: computes the vectors of the question bank that ship with the corpus."""

import argparse
from collections.abc import Sequence

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.domain import Entry
from tutor.grading.claims import claim_texts
from tutor.ingestion.bank import entry_passages
from tutor.models.vector_cache import write_vectors
from tutor.retrieval.store import searchable_text

_BATCH = 64


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("vectors", help="bring the bank's shipped vectors up to date (for contributors)")
    parser.add_argument("--check", action="store_true", help="change nothing; exit status 1 when some are missing")
    parser.set_defaults(handler=vectors)


def vectors(args: argparse.Namespace, tutor: Tutor) -> int:
    """Embeds what is missing, drops what the bank no longer says, writes one file; saves now and then on the way."""
    path = tutor.settings.shipped_vectors(tutor.embeddings.name)
    texts = shipped_texts(tutor.bank.entries)
    missing = tutor.embeddings.missing(texts)
    log(f"{len(texts)} texts, {len(missing)} without a vector in {path.name}")
    if args.check:
        return 1 if missing else 0
    known = [text for text in texts if text not in set(missing)]
    for start in range(0, len(missing), _BATCH):
        known += missing[start : start + _BATCH]
        write_vectors(path, known, tutor.embeddings.embed_documents(known))
        log(f"{len(known)} of {len(texts)}")
    write_vectors(path, texts, tutor.embeddings.embed_documents(texts))
    return 0


def shipped_texts(entries: Sequence[Entry]) -> list[str]:
    """What is embedded beforehand, each text once: the bank's passages and the statements that contradictions are sought with."""
    passages = [passage for entry in entries for passage in entry_passages(entry)[1]]
    return list(dict.fromkeys([*map(searchable_text, passages), *claim_texts(entries)]))
