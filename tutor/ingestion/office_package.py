"""The zip of an Office file (OPC): its XML parts and what they refer to, within bounds. Knows no kind of document.

Only named parts are unpacked, so pictures, macros and what is embedded cost nothing; nothing outside of the file is
followed. Entities are never resolved.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tutor.errors import DocumentError
from tutor.ingestion.archives import damage_told, too_large
from tutor.ingestion.titles import title_of_author
from tutor.messages import Message

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MOST_XML_BYTES = 100_000_000  # a small archive can unpack to a disk full; this is a text of several thousand pages
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")  # "Strict Open XML" has names of its own


def office_damage_told(name: str, kind: Message) -> AbstractContextManager[None]:
    """Raises DocumentError for what a damaged Office file of that kind lets through."""
    return damage_told(lambda reason: DocumentError("ingestion.damaged_office", file=name, kind=kind, reason=reason))


@dataclass(frozen=True)
class Relation:
    """What a part refers to: the last word of the relation's type, and a path in the zip ("" outside of it)."""

    kind: str
    path: str


class Package:
    """The parts of one file. Raises DocumentError where it would unpack to too much; everything else is damage."""

    def __init__(self, data: bytes, name: str) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._members = {info.filename.lstrip("/"): info for info in self._archive.infolist()}
        self._name = name
        self._unpacked = 0

    @cached_property
    def main(self) -> str:
        """The path of the document itself."""
        return next(relation.path for relation in self.relations("").values() if relation.kind == "officeDocument")

    @cached_property
    def title(self) -> str:
        """What the author has named the document; "" where a program has."""
        core = next((item.path for item in self.relations("").values() if item.kind == "core-properties"), "")
        root = self.xml(core)
        found = root.find("{http://purl.org/dc/elements/1.1/}title") if root is not None else None
        return title_of_author(found.text or "") if found is not None else ""

    def has(self, path: str) -> bool:
        return path in self._members

    def count(self, start: str) -> int:
        """How many parts have a path that starts so."""
        return sum(path.startswith(start) for path in self._members)

    def refuse_more_than(self, most_bytes: int) -> None:
        """Raises DocumentError where the XML parts unpack to more, before any is unpacked."""
        unpacked = sum(info.file_size for path, info in self._members.items() if path.endswith((".xml", ".rels")))
        if unpacked > most_bytes:
            raise too_large(self._name, most_bytes, unpacked)

    def read(self, path: str) -> bytes:
        """The bytes of a part; empty where there is none."""
        info = self._members.get(path)
        if info is None:
            return b""
        with self._archive.open(info) as member:
            data = member.read(_MOST_XML_BYTES - self._unpacked + 1)
        self._unpacked += len(data)
        if self._unpacked > _MOST_XML_BYTES:
            raise too_large(self._name, _MOST_XML_BYTES, sum(item.file_size for item in self._members.values()))
        return data

    def xml(self, path: str) -> Any:
        """The root of an XML part; None where there is none."""
        from lxml import etree

        data = self.read(path) if path else b""
        if not data:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        return etree.fromstring(_STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/\2", data), parser)

    def relations(self, path: str) -> Mapping[str, Relation]:
        """Relation id -> what the part refers to."""
        folder, file = posixpath.split(path)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, Relation] = {}
        for item in root.iter(_RELATION) if root is not None else ():
            target = str(item.get("Target", ""))
            is_outside = item.get("TargetMode") == "External"
            inside = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            found[str(item.get("Id"))] = Relation(
                str(item.get("Type")).rsplit("/", 1)[-1], "" if is_outside else inside
            )
        return found

    def related(self, path: str, kind: str) -> Any:
        """The root of the first part of that kind that the part refers to; None where there is none."""
        return next((self.xml(item.path) for item in self.relations(path).values() if item.kind == kind), None)
