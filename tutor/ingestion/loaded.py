"""What a reader of files gives back, and the text of a file that is text. Knows no format."""

from dataclasses import dataclass

from tutor.errors import DocumentError
from tutor.ingestion.decode import decode_text
from tutor.ingestion.outline import Section
from tutor.messages import Message


@dataclass(frozen=True)
class Loaded:
    """What a reader found in a file."""

    text: str  # Markdown-like, not cleaned yet
    title: str  # empty where the file names none
    doubts: tuple[Message, ...] = ()  # what could not be read as it should
    is_authored: bool = False  # the format has no place for page furniture: nothing is cleaned away
    outline: Section | None = None  # where the format itself says what is a heading, a question, an answer


def counted(*doubts: Message) -> tuple[Message, ...]:
    """Those of the doubts whose `count` is not 0."""
    return tuple(doubt for doubt in doubts if doubt.fields["count"])


def file_text(data: bytes, name: str) -> str:
    """The text of a file that is text. Raises DocumentError when it is in no known encoding."""
    text = decode_text(data)
    if text is None:
        raise DocumentError("ingestion.unknown_encoding", file=name)
    return text
