"""`python -m tutor vectors`: computes the vectors of the question bank that ship with the corpus."""

import argparse
from collections.abc import Sequence

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.domain import Entry
from tutor.entailment.claims import claim_texts
from tutor.grading.topic import bank_topics
from tutor.ingestion.bank import entry_passages
from tutor.models.vector_cache import AS_QUERY, write_vectors
from tutor.retrieval.foreign import foreign_questions
from tutor.retrieval.store import searchable_text

_BATCH = 64


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("vectors", help="bring the bank's shipped vectors up to date (for contributors)")
    parser.add_argument("--check", action="store_true", help="change nothing; exit status 1 when some are missing")
    parser.set_defaults(handler=vectors)


def vectors(args: argparse.Namespace, tutor: Tutor) -> int:
    """Embeds what is missing, drops what is said no longer, writes one file; saves now and then on the way."""
    embeddings, path = tutor.embeddings, tutor.settings.shipped_vectors(tutor.embeddings.name)
    texts = shipped_texts(tutor.bank.entries)
    queries = shipped_queries()
    missing = set(embeddings.missing([*texts, *queries]))
    log(f"{len(texts) + len(queries)} texts, {len(missing)} without a vector in {path.name}")
    if args.check:
        return 1 if missing else 0
    known = [text for text in texts if text not in missing]
    fresh = [text for text in texts if text in missing]
    for start in range(0, len(fresh), _BATCH):
        known += fresh[start : start + _BATCH]
        write_vectors(path, known, embeddings.embed_documents(known))
        log(f"{len(known)} of {len(texts)}")
    vectors = embeddings.embed_documents(texts) + embeddings.embed_queries(foreign_questions())
    write_vectors(path, [*texts, *queries], vectors)
    return 0


def shipped_texts(entries: Sequence[Entry]) -> list[str]:
    """What is embedded beforehand, each text once: the bank's passages, the statements that contradictions are sought with,
    and what attempts may be about."""
    passages = [passage for entry in entries for passage in entry_passages(entry)[1]]
    topics = [text for texts in bank_topics(entries).values() for text in texts]
    return list(dict.fromkeys([*map(searchable_text, passages), *claim_texts(entries), *topics]))


def shipped_queries() -> list[str]:
    """The questions whose vectors as queries are embedded beforehand, as they are kept."""
    return [AS_QUERY + question for question in foreign_questions()]
