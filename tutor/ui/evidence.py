"""Citations -> Markdown and HTML: marks in the text that open a passage with the sentences that prove the claim.

Pure; evidence.js opens the view. Everything that came from outside is escaped. What links a mark to its sentences are
class names (`cite-2 s3`): Gradio lets no other attribute through. Works without the script, too: the passages fold open.
"""

import html
import re
from collections.abc import Sequence

from tutor.domain import Citation, Contradiction, Language
from tutor.learning.markdown import short_origin
from tutor.text.sentences import split_sentences
from tutor.ui.strings import say

_OPENING_CHARACTERS = 60
# Where a mark is no citation: code and formulas.
_SHIELDED = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$)", re.DOTALL)
_MARK = re.compile(r"\[(\d+)\](?!\()")
_BULLET = re.compile(r"^(?:[-*+]|\d+[.)])\s+")
_BOLD = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")
_CODE = re.compile(r"`([^`\n]+)`")


def escape(text: str) -> str:
    return html.escape(text, quote=True)


def link_marks(text: str, citations: Sequence[Citation], language: Language) -> str:
    """The answer's Markdown with each `[n]` of a citation as a button that opens it."""
    cited = {citation.number: citation for citation in citations}
    linked, claim = [], ""
    for number, piece in enumerate(_SHIELDED.split(text)):
        if number % 2:  # shielded
            linked.append(piece)
            claim += piece
            continue
        start = 0
        for mark in _MARK.finditer(piece):
            citation = cited.get(int(mark[1]))
            if citation is None:
                continue
            claim += piece[start : mark.start()]
            linked += [piece[start : mark.start()], _button(citation, claim, language)]
            start, claim = mark.end(), "" if not piece[mark.end() :].startswith("[") else claim
        linked.append(piece[start:])
        claim += piece[start:]
    return "".join(linked)


def _button(citation: Citation, claim: str, language: Language) -> str:
    proofs = " ".join(f"s{number}" for number in _proofs(citation, claim))
    tip = escape(say("open_citation", language, citation.title))
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
    opening = escape(_opening(citation.sentence or citation.text))
    return (
        f'<details class="citation citation-{citation.number}">'
        f"<summary>[{citation.number}] {'⚠ ' if citation.contradictions else ''}{escape(citation.title)} · <small>{opening}</small></summary>\n"
        f"<blockquote>{mark_sentences(citation)}</blockquote>\n"
        f"{render_warnings(citation.contradictions, language)}"
        f"<small>{escape(whence(citation))}</small></details>"
    )


def render_warnings(contradictions: Sequence[Contradiction], language: Language) -> str:
    """What a passage states against the bank or the calculator, each with its correction and the source of it."""
    return "".join(
        f'<p class="contradiction">⚠ {say("contradicts", language)}: <q>{escape(" ".join(item.statement.split()))}</q><br>'
        f"<b>{say('correction', language)}</b>: {escape(item.correction.in_language(language))}"
        f"{f' <small>({escape(item.source)})</small>' if item.source else ''}</p>"
        for item in contradictions
    )


def whence(citation: Citation) -> str:
    """Heading path and origin; a file without its folders."""
    origin = "; ".join(short_origin(origin) for origin in citation.origins)
    return " › ".join(part for part in (*citation.heading_path, origin) if part)


def mark_sentences(citation: Citation) -> str:
    """The passage as HTML, each sentence in an element of class `sN`, those that support the answer as `mark`."""
    spans = _spans(citation.text)
    supporting = set(_supporting(citation, spans))
    parts, start = [], 0
    for number, (low, high) in enumerate(spans):
        element = "mark" if number in supporting else "span"
        parts.append(escape(citation.text[start:low]))
        parts.append(f'<{element} class="s{number}">{_inline(citation.text[low:high])}</{element}>')
        start = high
    parts.append(escape(citation.text[start:]))
    return re.sub(r"\n+", "<br>", "".join(parts).strip())


def _inline(sentence: str) -> str:
    """Bold and code of a Markdown passage; links and pictures stay text, so that nothing is fetched."""
    return _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<b>\1</b>", escape(sentence)))


def _opening(text: str) -> str:
    plain = " ".join(text.replace("**", "").split())
    return plain if len(plain) <= _OPENING_CHARACTERS else plain[:_OPENING_CHARACTERS] + "…"
