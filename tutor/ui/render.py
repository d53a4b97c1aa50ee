"""Domain objects -> Markdown and HTML. Pure; everything that came from outside is escaped."""

import re
from collections.abc import Sequence

from tutor.doctor import Check
from tutor.domain import Answer, Choice, Contradiction, Document, Entry, Evidence, Language, Passage
from tutor.text.markdown import render_source, short_origin
from tutor.text.markup import put_behind
from tutor.text.plain import opening, plain_line
from tutor.ui.evidence import link_marks, render_citations, render_warnings, whence
from tutor.ui.markup import escape, inline_html
from tutor.ui.strings import say

_OPENING_CHARACTERS = 60
_BEGIN, _END = "\ue0a4", "\ue0a5"  # of an unsupported sentence, while tags of others are taken for text
_NO_BREAK = "\u202f"
_BULLET = re.compile(r"(?:[-*+]|\d{1,2}[.)]|#{1,6}|>)\s+")
_STATE_MARK = {"ok": "✓", "warning": "⚠", "failure": "✗"}


def render_evidence(evidence: Evidence, language: Language) -> str:
    """What was found, before the first word is written: the nearest questions can already be asked instead."""
    found = render_choices(evidence.choices, language)
    if not found and evidence.hits:
        titles = "\n".join(f"- {inline_html(hit.passage.title, in_markdown=True)}" for hit in evidence.hits[:3])
        found = f"*{say('found', language)}*\n\n{titles}"
    return "\n\n".join(part for part in (found, f"*{say('writing', language)}*") if part)


def render_unanswered(question: str, *, is_stopped: bool, language: Language) -> str:
    """In place of an answer that was stopped or never finished: so much, and a button that asks again."""
    told = say("stopped" if is_stopped else "unanswered", language)
    asks = f'<span class="unseen">{escape(" ".join(question.split()))}</span>'
    return f'*{told}*\n\n<button type="button" class="choice">{say("ask_again", language)}{asks}</button>'


def render_choices(choices: Sequence[Choice], language: Language) -> str:
    """Questions of the bank as buttons that ask them, each with the first sentence of its answer."""
    shown = [
        f'<button type="button" class="choice">{escape(plain_line(choice.question))}</button>'
        f"<small>{inline_html(choice.lead, in_markdown=True)}</small>"
        for choice in choices
    ]
    return "\n\n".join([f"*{say('choices', language)}*", *shown]) if shown else ""


def render_answer(answer: Answer, language: Language) -> str:
    """The final message: text, marked where unsupported, and the passages behind it."""
    text = link_marks(_mark_unsupported(answer), answer.citations, language)
    note = escape(say("unsupported", language))
    text = text.replace(_BEGIN, f'<u class="unsupported" title="{note}">').replace(_END, "</u>")
    parts = [_lead(answer, language), text]
    if answer.unsupported_sentences:
        parts.append(f"> ⚠ {say('unsupported_note', language)}")
    parts.append(render_citations(answer.citations, say("citations", language), language))
    parts.append(render_choices(answer.choices, language))
    parts.append(render_citations(answer.nearest, say("nearest", language), language))
    parts.append(f"<small>{say('seconds', language, answer.timings.total_ms / 1_000)}</small>")
    parts.append(_copy_button(answer, language))
    return "\n\n".join(part for part in parts if part)


def answer_to_copy(answer: Answer, language: Language) -> str:
    """The answer as Markdown for a notebook: numbers for citations, and below what they stand for."""
    sources = "\n".join(f"[{item.number}] {plain_line(item.title)} ({whence(item)})  " for item in answer.citations)
    return "\n\n".join(filter(None, [answer.text.strip(), sources and f"{say('citations', language)}\n\n{sources}"]))


def _copy_button(answer: Answer, language: Language) -> str:
    """messages.js puts the hidden text on the clipboard; Gradio's own button would copy this message's HTML."""
    text = escape(answer_to_copy(answer, language)).replace("\n", "&#10;")
    return f'<button type="button" class="copy">{say("copy", language)}</button>\n\n<pre class="copied">{text}</pre>'


def _mark_unsupported(answer: Answer) -> str:
    """The text with ⚠ behind each unsupported sentence, and where it begins and ends if it is a stretch of a line."""
    pieces, start = [], 0
    for sentence in answer.unsupported_sentences:
        found = answer.text.find(sentence, start)
        if found < 0:
            continue
        pieces.append(answer.text[start:found])
        start = found + len(sentence)
        pieces.append(_underlined(sentence))
        if not answer.text[start : start + 1].isspace():
            pieces.append(" ")
    return "".join([*pieces, answer.text[start:]]).rstrip()


def _underlined(sentence: str) -> str:
    marked = put_behind(sentence, "⚠")
    if not marked.endswith(" ⚠") or "\n" in marked:  # a table, code, a formula: a line under it would break it
        return marked
    lead = _BULLET.match(sentence)
    begin = lead.end() if lead else 0
    return f"{sentence[:begin]}{_BEGIN}{sentence[begin:]}{_END}{_NO_BREAK}⚠"


def _lead(answer: Answer, language: Language) -> str:
    if answer.entry_id:
        title = answer.citations[0].title if answer.citations else ""
        return f"<small>✓ {say('from_bank', language)} · {inline_html(title, in_markdown=True)}</small>"
    if answer.standalone_question != answer.question:
        return f"<small>{say('answered_as', language)}: {escape(answer.standalone_question)}</small>"
    return ""


def render_reference(entry: Entry, language: Language) -> str:
    """Answer and sources of an entry, as Markdown."""
    sources = "\n".join(f"- {render_source(source)}" for source in entry.sources)
    return f"{entry.answer.in_language(language)}\n\n{sources}"


def render_document(
    document: Document, passages: list[Passage], language: Language, contradictions: Sequence[Contradiction] = ()
) -> str:
    """A document with all its passages, folded; what the bank refutes in one stands with it."""
    origins = ", ".join(escape(short_origin(origin)) for origin in document.origins)
    head = f"<h3>{inline_html(document.title)}</h3><p>{say('origin', language)}: {origins}"
    head += f" · {say('licence', language)}: {escape(document.licence)}</p>" if document.licence else "</p>"
    if contradictions:
        head += f"<p>⚠ {say('contradictions', language, len(contradictions))}</p>"
    refuted = {passage.id: [item for item in contradictions if item.passage_id == passage.id] for passage in passages}
    body = "".join(
        f"<details><summary>{'⚠ ' if refuted[passage.id] else ''}{passage.ordinal + 1}. {escape(_preview(passage))}</summary>"
        f"<blockquote>{inline_html(passage.text)}</blockquote>{render_warnings(refuted[passage.id], language)}</details>"
        for passage in passages
    )
    return f'<div class="document">{head}{body}</div>'


def _preview(passage: Passage) -> str:
    heading = passage.heading_path[-1] if passage.heading_path and passage.part == "text" else ""
    return opening(heading or passage.text, _OPENING_CHARACTERS)


def render_check(check: Check, language: Language) -> str:
    """One line of the doctor, as Markdown."""
    line = f"{_STATE_MARK[check.state]} **{say(f'check_{check.name}', language)}** — {check.line.in_language(language)}"
    if check.next_step:
        line += f"  \n　→ {say('next_step', language)}: {check.next_step.in_language(language)}"
    return line
