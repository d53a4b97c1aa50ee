"""Text as Markdown: what a learner typed is shown as typed, whatever marks it contains. Pure."""

import re
from datetime import datetime

from tutor.domain import Source

_MARK = re.compile(r"([\\`*_\[\]<>|~$&])")
_LINE_START = re.compile(r"^(\s*)(#+(?=\s|$)|[-+=])", re.M)
_NUMBERED_LINE = re.compile(r"^(\s*\d+)([.)])", re.M)
_SCHEME = re.compile(r"^https?://")


def one_line(text: str, limit: int = 0) -> str:
    """The text with all white space as single spaces; longer than `limit` characters (0: any length) it is cut."""
    line = " ".join(text.split())
    return line if not limit or len(line) <= limit else line[: limit - 1] + "…"


def literal(text: str) -> str:
    """Markdown that shows the text as it is: no mark, tag or formula in it takes effect."""
    escaped = _LINE_START.sub(r"\1\\\2", _MARK.sub(r"\\\1", text))
    return _NUMBERED_LINE.sub(r"\1\\\2", escaped)


def quote(text: str) -> str:
    """A block quote of the text as it was typed, line by line."""
    # two spaces at the end of a line: a line break that every Markdown dialect knows
    return "\n".join(f"> {literal(line.rstrip())}  " if line.strip() else ">" for line in text.splitlines())


def table_cell(markdown: str) -> str:
    """Markdown on one line in which a bar does not end the cell."""
    return re.sub(r"(?<!\\)\|", r"\\|", one_line(markdown))


def short_origin(origin: str) -> str:
    """A file's name, or the address: a learner's folders are nobody's business in an export."""
    return origin if _SCHEME.match(origin) else re.split(r"[\\/]", origin)[-1]


def minute(moment: str) -> str:
    """A stored moment (UTC, ISO 8601) as date, hour and minute of this machine's time zone."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")


def render_source(source: Source) -> str:
    """Authors (year). Title. Link."""
    year = f" ({source.year})" if source.year else ""
    lead = f"{source.authors}{year}. " if source.authors else (f"{year.strip()} " if year else "")
    link = f" [arXiv:{source.arxiv}](https://arxiv.org/abs/{source.arxiv})" if source.arxiv else ""
    if source.url:
        link += f" <{source.url}>"
    return f"{lead}*{source.title}*.{link}"
