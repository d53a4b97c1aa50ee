"""One file -> Markdown-like text and a title, by the table of `readers`. Knows no cleaning and no index.

A file that cannot be read raises DocumentError: what was expected, what was found, what to do next.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from tutor.errors import DocumentError
from tutor.ingestion.content_kind import content_kind
from tutor.ingestion.loaded import Loaded
from tutor.ingestion.nonsense import strange_lines, strange_share
from tutor.ingestion.readers import CONVERTIBLE, READERS
from tutor.messages import Message

MAX_MEGABYTES = 50
# Of the letters that belong to no language. The bank and whole pages in Chinese, Korean, Japanese or English have under
# .001; a few icons or rare names in a short note stay below the first, text in the wrong encoding is above.
_MUCH, _MOST = 0.2, 0.5
_EXAMPLE = 40  # characters
BANK_SUFFIXES = frozenset({".yaml", ".yml"})


def read_bytes(path: Path, max_megabytes: float = MAX_MEGABYTES) -> bytes:
    """The raw bytes of a file. Raises DocumentError when they cannot be had or are too many."""
    try:
        size = path.stat().st_size
        if size > max_megabytes * 1e6:
            raise DocumentError(
                "ingestion.too_large", file=path.name, most_megabytes=max_megabytes, megabytes=size / 1e6
            )
        return path.read_bytes()
    except PermissionError:
        raise DocumentError("ingestion.not_permitted", file=path.name) from None
    except OSError as error:
        raise DocumentError("ingestion.unreadable", file=path.name, reason=error) from error


def load_bytes(data: bytes, name: str) -> Loaded:
    """Text and title of a file with that name and content. Raises DocumentError when it is damaged or of another kind."""
    suffix = PurePath(name).suffix.lower()
    if not data.strip():
        raise DocumentError("ingestion.empty", file=name)
    _refuse_other_kinds(data, name, suffix)
    reader = READERS.get(suffix)
    if reader is None:
        raise unknown_suffix(name, supported_suffixes())
    loaded = reader(data, name)
    if not any(char.isalnum() for char in loaded.text):
        raise DocumentError("ingestion.no_text", file=name)
    return _weighed(loaded, name)


def _weighed(loaded: Loaded, name: str) -> Loaded:
    """With a doubt where part of the text is nonsense. Raises DocumentError where most of it is."""
    share = strange_share(loaded.text)
    if share < _MUCH:
        lines = strange_lines(loaded.text)
        if not lines:
            return loaded
        doubt = Message("ingestion.strange_lines", lines=len(lines), example=lines[0][:_EXAMPLE])
        return replace(loaded, doubts=(doubt, *loaded.doubts))
    doubts = (Message("ingestion.strange_letters", share=share), *loaded.doubts)
    if share >= _MOST:
        raise DocumentError("ingestion.nonsense", file=name, reasons=doubts)
    return replace(loaded, doubts=doubts)


def unknown_suffix(name: str, known: Sequence[str]) -> DocumentError:
    """What is wrong with a file of that name where only these suffixes can be read."""
    suffix = PurePath(name).suffix.lower()
    if not suffix:
        return DocumentError("ingestion.no_suffix", file=name, known=known)
    if suffix in CONVERTIBLE:
        return DocumentError("ingestion.convert", file=name, found=suffix, better=CONVERTIBLE[suffix])
    return DocumentError("ingestion.unknown_suffix", file=name, known=known, found=suffix)


def supported_suffixes() -> list[str]:
    """What can be ingested, bank files included."""
    return [*READERS, *sorted(BANK_SUFFIXES)]


def _refuse_other_kinds(data: bytes, name: str, suffix: str) -> None:
    """Raises DocumentError when the content is of a kind that the name does not tell."""
    kind = content_kind(data)
    if kind is None or suffix in kind.suffixes:
        if suffix == ".pdf" and kind is None and b"%PDF-" not in data[:1024]:
            raise DocumentError("ingestion.no_pdf", file=name)
    elif kind.suffixes:
        better = PurePath(name).with_suffix(kind.suffixes[0])
        raise DocumentError("ingestion.misnamed", file=name, suffix=suffix or "-", found=kind.name, better=better)
    elif suffix in READERS:
        raise DocumentError("ingestion.other_kind", file=name, suffix=suffix, found=kind.name)
