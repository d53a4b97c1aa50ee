"""A chat session as a Markdown file that can be read without the tutor: citations become footnotes."""

import re
from collections.abc import Mapping, Sequence

from tutor.domain import Answer, Bilingual, Citation, Language
from tutor.learning.titles import Chat
from tutor.text.markdown import literal, minute, one_line, quote, short_origin
from tutor.text.plain import plain_line

_LABELS: Mapping[str, Bilingual] = {
    "started": Bilingual("对话，开始于 {0}，最近一次 {1}", "Chat started {0}, last used {1}"),
    "understood": Bilingual("按这个问题回答：", "Answered as: "),
    "unsupported": Bilingual("以下句子在材料中没有依据：", "These sentences have no support in the material:"),
    "nearest": Bilingual("最接近的段落（未用于回答）：", "Nearest passages (not used for an answer):"),
    "choices": Bilingual("题库里最接近的问题：", "The nearest questions of the bank:"),
    "empty": Bilingual("还没有内容。", "Nothing was said yet."),
}
_HEADING_CHARACTERS = 100
_PASSAGE_CHARACTERS = 300
_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.S)
_MARKER = re.compile(r"\[(\d+)\](?!\()")


def chat_markdown(chat: Chat, answers: Sequence[Answer], language: Language) -> str:
    """The session with labels in `language`; what was said keeps its own. Footnotes are numbered `exchange-citation`."""
    times = _label("started", language).format(minute(chat.created_at), minute(chat.updated_at))
    parts = [f"# {literal(one_line(chat.title))}", f"*{times}*"]
    for number, answer in enumerate(answers, start=1):
        parts.extend(_exchange(number, answer, language))
    if not answers:
        parts.append(_label("empty", language))
    return "\n\n".join(parts) + "\n"


def _exchange(number: int, answer: Answer, language: Language) -> list[str]:
    heading = one_line(answer.question, _HEADING_CHARACTERS)
    parts = [f"## {number}. {literal(heading)}"]
    if heading != answer.question.strip():
        parts.append(quote(answer.question))
    if answer.standalone_question not in ("", answer.question):
        parts.append(f"*{_label('understood', language)}{literal(one_line(answer.standalone_question))}*")
    parts.append(_with_footnote_marks(answer, number))
    if answer.unsupported_sentences:
        sentences = "\n".join(f"- {literal(one_line(sentence))}" for sentence in answer.unsupported_sentences)
        parts.append(f"⚠ {_label('unsupported', language)}\n\n{sentences}")
    if answer.choices:
        questions = "\n".join(f"- {literal(one_line(choice.question))}" for choice in answer.choices)
        parts.append(f"{_label('choices', language)}\n\n{questions}")
    if answer.nearest:
        passages = "\n".join(f"- {_passage(citation, citation.text)}" for citation in answer.nearest)
        parts.append(f"{_label('nearest', language)}\n\n{passages}")
    if answer.citations:
        notes = (f"[^{number}-{item.number}]: {_passage(item, item.sentence)}" for item in answer.citations)
        parts.append("\n".join(notes))
    return parts


def _with_footnote_marks(answer: Answer, exchange: int) -> str:
    """[n] -> [^exchange-n] outside code; a citation that the text does not mention is put at its end."""
    known = {citation.number for citation in answer.citations}
    used: set[int] = set()

    def mark(match: re.Match[str]) -> str:
        number = int(match[1])
        if number not in known:
            return match[0]
        used.add(number)
        return f"[^{exchange}-{number}]"

    pieces = _CODE.split(answer.text.strip())
    text = "".join(piece if i % 2 else _MARKER.sub(mark, piece) for i, piece in enumerate(pieces))
    rest = "".join(f"[^{exchange}-{number}]" for number in sorted(known - used))
    return f"{text} {rest}" if rest else text


def _passage(citation: Citation, text: str) -> str:
    title = " › ".join(literal(plain_line(name)) for name in citation.headings)
    quotation = literal(one_line(text, _PASSAGE_CHARACTERS))
    origins = ", ".join(map(short_origin, citation.origins)) or citation.document
    return f"**{title}**: “{quotation}” ({literal(one_line(origins))})"


def _label(name: str, language: Language) -> str:
    return _LABELS[name].in_language(language)
