"""A cleaned text -> passages: one question with its answer, one section, one group of topics; never longer than fits.

The first line of a passage is its question or heading, so that it can be read alone; the heading path says where it stood.
"""

import re
from collections.abc import Callable

from tutor.domain import Document, Language, Passage
from tutor.ingestion.fences import shielded
from tutor.ingestion.outline import Section, outline
from tutor.ingestion.pack import pack_lines
from tutor.ingestion.passages import Draft, build_passages
from tutor.text.language import detect_language
from tutor.text.tokens import estimate_tokens

PASSAGE_TOKENS = 350
_HEADING_TOKENS = 100  # a longer question is told in the text; its beginning stands as the heading
_LEAST_ROOM = 150  # tokens for the text, however long the heading is


def split_document(document: Document, text: str, root: Section | None = None) -> list[Passage]:
    """Passages of at most about 350 tokens (`estimate_tokens`), in the order of the text; `root` is its outline where
    that is known."""
    if root is None:
        marked, put_back = shielded(text)
        root = outline(marked.split("\n"))
        _restore(root, put_back)
    _drop_title(root, document.title)
    drafts = _drafts(root, (), document.title)
    if not drafts:
        drafts = [
            Draft(piece, document.title, _language(piece)) for piece in pack_lines(text.split("\n"), PASSAGE_TOKENS)
        ]
    return build_passages(document.id, drafts)


def find_title(text: str) -> str:
    """The first line of a cleaned text, where it looks like a title; "" otherwise."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    title = re.sub(r"^[#*\s]+|[#*\s]+$", "", first)
    is_title = len(title) <= 80 and not re.match(
        r"```|[|\-]|(?:Q|A|问|答)\d*\s*[:：]|\d+\s*[.、)]|[一二三四五六七八九十]+、", title
    )
    return title if is_title and not re.search(r"[。；;，,：:]$|\.$", title) else ""


def _restore(section: Section, put_back: Callable[[str], str]) -> None:
    section.lines = put_back("\n".join(section.lines)).split("\n")
    for child in section.children:
        _restore(child, put_back)


def _drop_title(root: Section, title: str) -> None:
    """The title of the document is with every passage already."""
    if root.lines and _same(root.lines[0], title):
        del root.lines[0]
    first = root.children[0] if root.children else None
    if first and _same(first.heading, title) and not first.is_question and not any(line.strip() for line in root.lines):
        root.lines = first.lines
        root.children = [*first.children, *root.children[1:]]


def _same(line: str, title: str) -> bool:
    return bool(title) and re.sub(r"[\s#*]+", "", line) == re.sub(r"\s+", "", title)


def _drafts(section: Section, path: tuple[str, ...], title: str) -> list[Draft]:
    if section.is_question and not any(map(_asks_more, section.children)) and (not section.children or _fits(section)):
        return _pieces(section.heading, _flattened(section), path, title)
    drafts: list[Draft] = []
    below = (*path, section.heading) if section.heading else path
    lines = [
        *section.lines,
        "",
    ]  # what stands right under the heading: its text, then headings that stand for themselves
    for child in section.children:
        if _is_silent(child) and not child.children:
            lines.append(f"- {child.heading}")
            continue
        drafts += _pieces(section.heading, lines, path, title, needs_text=True)
        lines = []
        listed = [line for branch in child.children for line in _listed(branch)] if _is_silent(child) else []
        if listed and estimate_tokens("\n".join(listed)) <= _LEAST_ROOM:
            drafts += _pieces(child.heading, listed, below, title)
        else:
            drafts += _drafts(child, below, title)
    return drafts + _pieces(section.heading, lines, path, title, needs_text=True)


def _asks_more(section: Section) -> bool:
    """Whether a section below a question asks and answers one of its own, which then stands for itself."""
    return (section.is_question and not _is_silent(section)) or any(map(_asks_more, section.children))


def _is_silent(section: Section) -> bool:
    """Whether no text stands under a heading: a question without its answer, a branch of a mind map, a line of an outline."""
    return not any(re.search(r"\w", line) for line in section.lines) and all(map(_is_silent, section.children))


def _listed(section: Section) -> list[str]:
    """The headings of a silent section as a list."""
    return [f"- {section.heading}", *(f"  {line}" for child in section.children for line in _listed(child))]


def _fits(section: Section) -> bool:
    return estimate_tokens("\n".join([section.heading, *_flattened(section)])) <= PASSAGE_TOKENS


def _flattened(section: Section) -> list[str]:
    """The lines of a section with those of its subsections."""
    lines = list(section.lines)
    for child in section.children:
        lines += ["", f"### {child.heading}", *_flattened(child)]
    return lines


def _pieces(
    heading: str, lines: list[str], path: tuple[str, ...], title: str, *, needs_text: bool = False
) -> list[Draft]:
    """Drafts that each start with the heading."""
    if needs_text and not any(re.search(r"\w", line) for line in lines):
        return []
    if estimate_tokens(heading) > _HEADING_TOKENS:
        lines = [heading, *lines]
        heading = _beginning(heading)
    if heading:
        path = (*path, heading)
    room = max(_LEAST_ROOM, PASSAGE_TOKENS - estimate_tokens(heading) - 1)
    texts = ["\n".join(filter(None, (heading, piece))) for piece in pack_lines(lines, room) or [""]]
    return [Draft(text, title, _language(text), path) for text in texts if text]


def _language(text: str) -> Language:
    return detect_language(re.sub(r"https?://\S+", "", text))


def _beginning(text: str) -> str:
    return re.split(r"(?<=[。！？!?；;])|(?<=\.)\s", text, maxsplit=1)[0][:80].strip()
