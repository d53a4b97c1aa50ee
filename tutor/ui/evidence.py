"""Citations -> Markdown and HTML: marks in the text that open a passage with the sentences that prove the claim.

Pure; evidence.js opens the view. Everything that came from outside is escaped. What links a mark to its sentences are
class names (`cite-2 s3`): Gradio lets no other attribute through. Works without the script, too: the passages fold open.
"""

import re
from collections.abc import Sequence

from tutor.domain import Citation, Contradiction, Language
from tutor.text.markdown import short_origin
from tutor.text.markup import cut_markup
from tutor.text.plain import opening, plain_line
from tutor.text.sentences import split_sentences
from tutor.ui.markup import escape, inline_html
from tutor.ui.strings import say

_OPENING_CHARACTERS = 60
_MARK = re.compile(r"\[(\d+)\](?!\()")
_BULLET = re.compile(r"^(?:[-*+]|\d+[.)])\s+")
# A tag in an answer is text: the model, a passage and the bank write Markdown.
_TAG = re.compile(r"<(?!https?://)(?=[A-Za-z/!?])")


def link_marks(text: str, citations: Sequence[Citation], language: Language) -> str:
    """The answer's Markdown with each `[n]` of a citation as a button that opens it."""
    cited = {citation.number: citation for citation in citations}
    linked, claim = [], ""
    for piece in cut_markup(text):
        if piece.kind != "prose":  # where a mark is no citation
            linked.append(piece.source)
            claim += piece.source
            continue
        prose, start = piece.source, 0
        for mark in _MARK.finditer(prose):
            citation = cited.get(int(mark[1]))
            if citation is None:
                continue
            claim += prose[start : mark.start()]
            linked += [_without_tags(prose[start : mark.start()]), _button(citation, claim, language)]
            start, claim = mark.end(), "" if not prose[mark.end() :].startswith("[") else claim
        linked.append(_without_tags(prose[start:]))
        claim += prose[start:]
    return "".join(linked)


def _without_tags(prose: str) -> str:
    return _TAG.sub("&lt;", prose)


def _button(citation: Citation, claim: str, language: Language) -> str:
    proofs = " ".join(f"s{number}" for number in _proofs(citation, claim))
    tip = escape(say("open_citation", language, plain_line(citation.title)))
    return (
        f'<button type="button" class="cite cite-{citation.number} {proofs}" title="{tip}">[{citation.number}]</button>'
    )


def _proofs(citation: Citation, claim: str) -> list[int]:
    """Numbers of the passage's sentences that say the claim word for word; none: those of the citation's sentence."""
    block = claim.rstrip().rsplit("\n\n", 1)[-1]
    said = {_BULLET.sub("", sentence) for sentence in split_sentences(block)}
    spans = _spans(citation.text)
    verbatim = [number for number, (low, high) in enumerate(spans) if citation.text[low:high] in said]
    return verbatim or _supporting(citation, spans)


def _supporting(citation: Citation, spans: list[tuple[int, int]]) -> list[int]:
    start = citation.text.find(citation.sentence) if citation.sentence else -1
    end = start + len(citation.sentence)
    return [number for number, (low, high) in enumerate(spans) if start >= 0 and low < end and high > start]


def _spans(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for sentence in split_sentences(text):
        low = text.index(sentence, start)
        start = low + len(sentence)
        spans.append((low, start))
    return spans


def render_citations(citations: tuple[Citation, ...], heading: str, language: Language) -> str:
    """One folding block per citation, the supporting sentence highlighted, what the bank refutes below it."""
    if not citations:
        return ""
    return f"**{heading}**\n\n" + "\n".join(_block(citation, language) for citation in citations)


def _block(citation: Citation, language: Language) -> str:
    preview = escape(opening(citation.sentence or citation.text, _OPENING_CHARACTERS))
    headings = (citation.title,) if citation.entry_id else citation.headings
    title = " › ".join(inline_html(heading, in_markdown=True) for heading in headings)
    return (
        f'<details class="citation citation-{citation.number}">'
        f"<summary>[{citation.number}] {'⚠ ' if citation.contradictions else ''}{title} · <small>{preview}</small></summary>\n"
        f"<blockquote>{mark_sentences(citation)}</blockquote>\n"
        f"{render_warnings(citation.contradictions, language, in_markdown=True)}"
        f"<small>{escape(whence(citation))}</small></details>"
    )


def render_warnings(contradictions: Sequence[Contradiction], language: Language, *, in_markdown: bool = False) -> str:
    """What a passage states against the bank or the calculator, each with its correction and the source of it."""
    return "".join(
        f'<p class="contradiction">⚠ {say("contradicts", language)}: <q>{inline_html(" ".join(item.statement.split()), in_markdown=in_markdown)}</q><br>'
        f"<b>{say('correction', language)}</b>: {inline_html(item.correction.in_language(language), in_markdown=in_markdown)}"
        f"{f' <small>({escape(item.source)})</small>' if item.source else ''}</p>"
        for item in contradictions
    )


def whence(citation: Citation) -> str:
    """Heading path and origin as plain text; a file without its folders."""
    origin = "; ".join(short_origin(origin) for origin in citation.origins)
    return " › ".join(part for part in (*map(plain_line, citation.heading_path), origin) if part)


def mark_sentences(citation: Citation) -> str:
    """The passage as HTML, each sentence in an element of class `sN`, those that support the answer as `mark`."""
    spans = _spans(citation.text)
    supporting = set(_supporting(citation, spans))
    parts, start = [], 0
    for number, (low, high) in enumerate(spans):
        element = "mark" if number in supporting else "span"
        parts.append(_between(citation.text[start:low]))
        parts.append(
            f'<{element} class="s{number}">{inline_html(citation.text[low:high], in_markdown=True)}</{element}>'
        )
        start = high
    parts.append(_between(citation.text[start:].rstrip()))
    return "".join(parts)


def _between(text: str) -> str:
    return inline_html(text, in_markdown=True)
