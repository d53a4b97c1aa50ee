"""Call-outs, admonitions and toggles of the Markdown dialects -> a title and its text. Knows their marks, nothing of a page.

Obsidian and GitHub (`> [!note] Title`), Docusaurus, VuePress, Pandoc (`:::`), Python-Markdown (`!!!`, `???`), MyST (a
fence named `{note}`), GitBook and Hexo (`{% hint %}`).
"""

import re
from itertools import islice

from tutor.ingestion.questions import is_question

_QUOTE = re.compile(r"([ \t]*)(?:>(?!>>)[ \t]?)+(.*)")
_MYST = re.compile(
    r"^([ \t]*)(`{3,}|~{3,})\{(?:note|tip|hint|warning|important|attention|caution|danger|error|seealso|admonition|dropdown"
    r"|question|exercise|solution|topic)\}[ \t]*(.*)\n((?:(?![ \t]*[`~]{3,}\{).*\n)*?)[ \t]*\2[ \t]*$",
    re.MULTILINE,
)
_OPTION = re.compile(r"^[ \t]*:[\w-]+:.*\n?", re.MULTILINE)
_QUOTED = re.compile(r"([ \t]*)\[!([\w-]+)(?:\|[^\]]*)?\][+-]?[ \t]*(.*)")
_COLONS = re.compile(
    r"([ \t]*):{3,}[ \t]*(?:\{[^}]*?(?:title=\"([^\"]*)\"[^}]*)?\}|\.?([\w-]+)(?:\{[^}]*\})?)?[ \t]*(?:\[(.*)\]|(.*?))[ \t]*:*"
)
_INDENTED = re.compile(r"([ \t]*)(?:!!!|\?\?\?\+?)[ \t]+([\w-]+)(?:[ \t]+[\w-]+)*[ \t]*(?:\"(.*)\")?[ \t]*")
_LIQUID = re.compile(r"[ \t]*\{%-?[ \t]*\w+(?:.*?title=[\"']([^\"']+)[\"'])?.*?%\}[ \t]*")
# A title that only offers to show what stands under it says nothing by itself, and would part an answer from its question.
_OFFER = re.compile(
    r"\W*(?:(?:click|tap|press)(?: here)?(?: to)?\s*)?(?:show|view|reveal|see|expand|open|toggle)?\s*(?:the |an |full |sample |model )*"
    r"(?:answers?|solutions?|explanations?|details?|more|hide)?\W*"
    r"|\W*(?:点击|点我|点此|单击)?(?:这里|此处)?(?:展开|查看|显示|收起|折叠|看|阅读)?(?:/收起)?\s*(?:参考|标准|详细|完整)?(?:答案|解答|解析|回答|详情|全文|更多|内容)?\W*",
    re.IGNORECASE,
)


def titled(title: str, is_asked: bool = False) -> str:
    """The title of a box as a line: a heading where it asks something, "" where it only offers to show what is inside."""
    text = " ".join(title.split()).strip("*_# ")
    if not text or _OFFER.fullmatch(text):
        return ""
    return f"###### {text}" if is_asked or is_question(text) else f"**{text}**"


def unquoted(text: str) -> str:
    """Markdown without the marks of block quotes; prompts of Python (`>>>`) stay."""
    return "\n".join(match[1] + match[2] if (match := _QUOTE.fullmatch(line)) else line for line in text.split("\n"))


def open_boxes(text: str) -> str:
    """Unquoted Markdown with each box as its title and its text, at the margin of the box."""
    lines = text.split("\n")
    opened: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        title = _title(line)
        if title is None:
            opened.append(line)
            continue
        opened += ["", title, ""] if title else [""]
        indented = _INDENTED.fullmatch(line)
        if indented:
            body = _body(lines, position, len(indented[1]))
            opened += [*(text[4:] for text in body), ""]
            position += len(body)
    return "\n".join(opened)


def open_myst(text: str) -> str:
    """MyST's fences that hold text instead of code as their title and text; before code is put aside."""
    return _MYST.sub(lambda match: f"\n{titled(match[3])}\n\n{_OPTION.sub('', match[4])}\n", text)


def _title(line: str) -> str | None:
    """The line to write for one that opens or closes a box; None for any other line."""
    for pattern in (_QUOTED, _INDENTED):
        if match := pattern.fullmatch(line):
            return (
                match[1] + titled(match[3] or "", match[2].lower() in {"question", "faq", "help"}) if match[3] else ""
            )
    if match := _COLONS.fullmatch(line):
        return titled(match[2] or match[4] or match[5] or "", match[3] in {"question", "faq"})
    if match := _LIQUID.fullmatch(line):
        return titled(match[1] or "")
    return None


def _body(lines: list[str], start: int, indent: int) -> list[str]:
    body: list[str] = []
    for line in islice(lines, start, None):
        if line.strip() and not line.startswith(" " * (indent + 4)) and not line.startswith("\t"):
            break
        body.append(line.replace("\t", "    ", 1) if line.startswith("\t") else line)
    return body
