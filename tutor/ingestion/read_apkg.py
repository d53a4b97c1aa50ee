"""A package of Anki (.apkg, .colpkg) -> its cards as questions and answers, decks as headings. Knows no scheduling.

A package is a zip with the collection as an SQLite file: `collection.anki21b` (packed by zstandard, tables for decks and
note types) since 2.1.50, `collection.anki21` or `collection.anki2` (JSON in one row) before. Beside a newer one the
older is only a note that asks for an update.
"""

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import zstandard

from tutor.errors import DocumentError
from tutor.ingestion.archives import damage_told, too_large
from tutor.ingestion.cards import Cards
from tutor.ingestion.loaded import Loaded
from tutor.ingestion.pairs import load_pairs

_COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")  # the best first
_MOST_BYTES = 300_000_000  # unpacked
_JOURNAL = slice(18, 20)  # two bytes of SQLite's head: 2 is a journal file beside it, which memory has not


@dataclass(frozen=True)
class _NoteType:
    fields: tuple[str, ...]
    fronts: tuple[str, ...]  # the front of each kind of card, a template with {{Field}}


def read_apkg(data: bytes, name: str) -> Loaded:
    """The cards of a package. Raises DocumentError when it is damaged or has no card."""

    def damaged(reason: str) -> DocumentError:
        return DocumentError("ingestion.damaged_apkg", file=name, reason=reason)

    cards = Cards(name)
    with damage_told(damaged, zstandard.ZstdError):
        collection = _collection(data, name)
        with sqlite3.connect(":memory:") as database:
            database.create_collation(
                "unicase", lambda left, right: (left.lower() > right.lower()) - (left.lower() < right.lower())
            )
            database.deserialize(collection)
            _read_notes(database, cards)
    return load_pairs(cards.pairs, doubts=cards.doubts())


def _collection(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        member = next((member for member in _COLLECTIONS if member in archive.namelist()), None)
        if member is None:
            raise KeyError(_COLLECTIONS[-1])
        with archive.open(member) as packed:
            stream = zstandard.ZstdDecompressor().stream_reader(packed) if member.endswith("b") else packed
            unpacked = stream.read(_MOST_BYTES + 1)
    if len(unpacked) > _MOST_BYTES:
        raise too_large(name, _MOST_BYTES, len(unpacked))
    return unpacked[: _JOURNAL.start] + b"\x01\x01" + unpacked[_JOURNAL.stop :]


def _read_notes(database: sqlite3.Connection, cards: Cards) -> None:
    """All notes, deck by deck, in the order in which they were made."""
    tables = {name for (name,) in database.execute("select name from sqlite_master where type = 'table'")}
    decks = _decks(database, tables)
    types = dict(_new_types(database) if "notetypes" in tables else _old_types(database))
    notes = database.execute(
        "select notes.mid, notes.flds, min(cards.ord), cards.did from notes left join cards on cards.nid = notes.id"
        " group by notes.id order by notes.id"
    ).fetchall()
    for type_id, content, ordinal, deck_id in sorted(notes, key=lambda note: decks.get(note[3], "")):
        kind = types.get(type_id, _NoteType((), ()))
        contents = content.split("\x1f")
        names = [*kind.fields, *[""] * len(contents)][: len(contents)]
        front = kind.fronts[ordinal] if ordinal is not None and ordinal < len(kind.fronts) else ""
        asked = [field for field in names if field and f"{field}}}}}" in front.replace(" ", "")]
        cards.add(list(zip(names, contents, strict=True)), decks.get(deck_id, ""), asked)


def _decks(database: sqlite3.Connection, tables: set[str]) -> dict[int, str]:
    """Deck -> its name; the one that everybody has needs no heading."""
    if "decks" in tables:
        named = {int(key): str(name) for key, name in database.execute("select id, name from decks")}
    else:
        (decks,) = database.execute("select decks from col").fetchone()
        named = {int(key): str(deck["name"]) for key, deck in json.loads(decks).items()}
    return {key: name for key, name in named.items() if key != 1}


def _old_types(database: sqlite3.Connection) -> Iterator[tuple[int, _NoteType]]:
    (models,) = database.execute("select models from col").fetchone()
    for key, model in json.loads(models).items():
        fields = tuple(str(one["name"]) for one in sorted(model["flds"], key=lambda one: int(one["ord"])))
        yield int(key), _NoteType(fields, tuple(str(template["qfmt"]) for template in model["tmpls"]))


def _new_types(database: sqlite3.Connection) -> Iterator[tuple[int, _NoteType]]:
    for (key,) in database.execute("select id from notetypes").fetchall():
        fields = database.execute("select name from fields where ntid = ? order by ord", (key,)).fetchall()
        fronts = database.execute("select config from templates where ntid = ? order by ord", (key,)).fetchall()
        yield key, _NoteType(tuple(name for (name,) in fields), tuple(_front(config) for (config,) in fronts))


def _front(config: bytes) -> str:
    """The first text of a template's settings (a protocol buffer whose field 1 is the front)."""
    if config[:1] != b"\x0a":
        return ""
    length = shift = 0
    for position, byte in enumerate(config[1:6], start=2):
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return config[position : position + length].decode("utf-8", "replace")
    return ""
