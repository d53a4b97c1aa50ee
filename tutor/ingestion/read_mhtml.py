"""A page saved as one file (.mhtml, as Chrome and Edge save it) -> Markdown of its article, by the reader of web pages."""

import email
import email.policy
from email.message import EmailMessage, Message

from tutor.errors import DocumentError
from tutor.ingestion.decode import decode_text
from tutor.ingestion.loaded import Loaded
from tutor.ingestion.read_html import html_markdown


def read_mhtml(data: bytes, name: str) -> Loaded:
    """The page in the file: its first part that is HTML; frames, pictures and styles are other parts.

    Raises DocumentError when there is none.
    """
    message = email.message_from_bytes(data, _class=EmailMessage, policy=email.policy.default)
    part = next((part for part in message.walk() if part.get_content_type() in _PAGE_TYPES), None)
    content = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(content, bytes) or not content.strip():
        raise DocumentError("ingestion.no_page_inside", file=name)
    text = _text(part, content)
    return Loaded(*html_markdown(content if text is None else text.encode(), text, name))


_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


def _text(part: Message, content: bytes) -> str | None:
    """The page's text by the encoding that the file tells, or the one that fits."""
    try:
        return content.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decode_text(content)
