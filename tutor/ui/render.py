"""Domain objects -> Markdown and HTML. Pure; everything that came from outside is escaped."""

from collections.abc import Sequence

from tutor.doctor import Check
from tutor.domain import Answer, Bilingual, Contradiction, Document, Entry, Evidence, Language, Passage
from tutor.learning.markdown import short_origin
from tutor.ui.evidence import escape, link_marks, render_citations, render_warnings
from tutor.ui.problems import translate
from tutor.ui.strings import say

_OPENING_CHARACTERS = 60
# Gradio takes two dollars for a formula, escaped ones and entities too; one alone in an element stays a dollar.
_DOLLAR = "<span>&#36;</span>"
_STATE_MARK = {"ok": "✓", "warning": "⚠", "failure": "✗"}


def render_typed(text: str) -> str:
    """What a learner typed, as Markdown in which no tag and no formula takes effect."""
    return escape(text).replace("$", _DOLLAR)


def keep_dollars(markdown: str) -> str:
    """The Markdown with each escaped dollar as Gradio understands it."""
    return markdown.replace("\\$", _DOLLAR)


def render_evidence(evidence: Evidence, language: Language) -> str:
    """What was found, before the first word is written."""
    titles = "\n".join(f"- {escape(hit.passage.title)}" for hit in evidence.hits[:3])
    return f"*{say('found', language)}*\n\n{titles}\n\n*{say('writing', language)}*"


def render_answer(answer: Answer, language: Language) -> str:
    """The final message: text, marked where unsupported, and the passages behind it."""
    text = answer.text
    for sentence in answer.unsupported_sentences:
        note = escape(say("unsupported", language))
        text = text.replace(sentence, f'<u class="unsupported" title="{note}">{sentence}</u> ⚠', 1)
    parts = [_lead(answer, language), link_marks(text, answer.citations, language)]
    if answer.unsupported_sentences:
        parts.append(f"> ⚠ {say('unsupported_note', language)}")
    parts.append(render_citations(answer.citations, say("citations", language), language))
    parts.append(render_citations(answer.nearest, say("nearest", language), language))
    parts.append(f"<small>{say('seconds', language, answer.timings.total_ms / 1_000)}</small>")
    return "\n\n".join(part for part in parts if part)


def _lead(answer: Answer, language: Language) -> str:
    if answer.entry_id:
        title = answer.citations[0].title if answer.citations else ""
        return f"<small>✓ {say('from_bank', language)} · {escape(title)}</small>"
    if answer.standalone_question != answer.question:
        return f"<small>{say('answered_as', language)}: {escape(answer.standalone_question)}</small>"
    return ""


def _lines(text: str) -> str:
    return text.strip().replace("\n", "<br>")


def render_reference(entry: Entry, language: Language) -> str:
    """Answer and sources of an entry, as Markdown."""
    sources = "\n".join(
        "- "
        + " ".join(
            part
            for part in (
                source.authors,
                f"({source.year})" if source.year else "",
                f"*{source.title}*",
                f"[arXiv:{source.arxiv}](https://arxiv.org/abs/{source.arxiv})" if source.arxiv else "",
                source.url,
            )
            if part
        )
        for source in entry.sources
    )
    return f"{entry.answer.in_language(language)}\n\n{sources}"


def render_document(
    document: Document, passages: list[Passage], language: Language, contradictions: Sequence[Contradiction] = ()
) -> str:
    """A document with all its passages, folded; what the bank refutes in one stands with it."""
    origins = ", ".join(escape(short_origin(origin)) for origin in document.origins)
    head = f"<h3>{escape(document.title)}</h3><p>{say('origin', language)}: {origins}"
    head += f" · {say('licence', language)}: {escape(document.licence)}</p>" if document.licence else "</p>"
    if contradictions:
        head += f"<p>⚠ {say('contradictions', language, len(contradictions))}</p>"
    refuted = {passage.id: [item for item in contradictions if item.passage_id == passage.id] for passage in passages}
    body = "".join(
        f"<details><summary>{'⚠ ' if refuted[passage.id] else ''}{passage.ordinal + 1}. {escape(_preview(passage))}</summary>"
        f"<blockquote>{_lines(escape(passage.text))}</blockquote>{render_warnings(refuted[passage.id], language)}</details>"
        for passage in passages
    )
    return f'<div class="document">{head}{body}</div>'


def _opening(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _OPENING_CHARACTERS else plain[:_OPENING_CHARACTERS] + "…"


def _preview(passage: Passage) -> str:
    heading = passage.heading_path[-1] if passage.heading_path and passage.part == "text" else ""
    return _opening(heading or passage.text)


def _in_words(line: Bilingual, language: Language) -> str:
    """A line of the doctor; the message of an error within its Chinese is English until here."""
    text = line.in_language(language)
    return text.replace(line.en, translate(line.en)) if language == "zh" else text


def render_check(check: Check, language: Language) -> str:
    """One line of the doctor, as Markdown."""
    line = f"{_STATE_MARK[check.state]} **{say(f'check_{check.name}', language)}** — {_in_words(check.line, language)}"
    if check.next_step:
        line += f"  \n　→ {say('next_step', language)}: {check.next_step.in_language(language)}"
    return line
