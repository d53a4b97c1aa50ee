"""Lines of a cleaned text -> a tree of sections and questions. Decides what is a heading; knows nothing of sizes.

Understood: Markdown headings, `第三章`, `一、`, `（一）`, `1.2`, emoji headings, `Q:`/`问：`, `1. ...?`, numbered and bare
short headings. Text without any of these is one section.
"""

import re
from dataclasses import dataclass, field

from tutor.ingestion.fences import MARK
from tutor.ingestion.questions import Questions, asks, find_questions, numbered_headings

QUESTION_LEVEL = 70
_MARKDOWN = re.compile(r"(#{1,6})\s+(.+?)[\s#]*$")
_EMOJI = re.compile(r"(?:[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF][\uFE0F\u200d]*\s*)+")
_NUMBERED = (  # (level, pattern)
    (
        12,
        re.compile(
            r"第\s*[一二三四五六七八九十百\d]+\s*[章篇部](?:分)?(?:\s|[:：、.]|$).{0,60}|(?:chapter|part)\s+(?:\d+|[ivx]+)\b.{0,80}",
            re.I,
        ),
    ),
    (
        18,
        re.compile(r"第\s*[一二三四五六七八九十百\d]+\s*[节讲课](?:\s|[:：、.]|$).{0,60}|section\s+\d+\b.{0,80}", re.I),
    ),
    (22, re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.．]\s*\S.{0,60}")),
    (26, re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]\s*\S.{0,60}")),
    (
        30,
        re.compile(
            r"\d{1,2}\.\d{1,2}[.、]?\s+\S.{0,80}|\d{1,2}\.\d{1,2}(?=[\u3400-\u9fff])(?![\u3400-\u9fff]*[倍万亿%％]).{1,60}"
        ),
    ),
    (40, re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}[.、]?\s*\S.{0,80}")),
    (
        50,
        re.compile(
            r"(?:计算题|例题|习题|练习题?|案例|面试题|真题|exercise|example|problem)\s*\d+\s*(?:[:：.、]|$).{0,80}",
            re.I,
        ),
    ),
)
_SENTENCE_END = re.compile(r"[。！!；;，,、：:…]$|[A-Za-z\d)]\.$")
_PLAIN_LEVEL = 46
_CONCLUSION = re.compile(
    r".{0,16}(?:总结|小结|结语|结论|附录|参考文献|参考资料|准备策略)|summary|conclusions?|references|appendix.{0,20}|final thoughts",
    re.I,
)
_ITEM = re.compile(r"\s*(?:[-*+]\s|\(?\d{1,3}[.)、．]|[a-zA-Z][.)]\s)")
_ANSWER = re.compile(
    r"\s*(?:[-*+]\s+)?(?:\*\*)?(?:(?:A\d*|答|答案|解答|回答|参考答案|Answer)\s*\d*\s*[:：.]"
    r"|[\[【](?:A\d*|答|答案|解答|回答|参考答案|Answer)\s*\d*[\]】]\s*[:：]?)\s*(?:\*\*)?\s*",
    re.I,
)


@dataclass
class Section:
    """A heading or question with the lines under it."""

    level: int
    heading: str = ""
    is_question: bool = False
    lines: list[str] = field(default_factory=list)
    children: list["Section"] = field(default_factory=list)
    answered: bool = False  # an answer mark was seen


def outline(lines: list[str]) -> Section:
    """The tree of a text whose code blocks are marks (see `fences`)."""
    root = Section(0)
    open_sections = [root]
    questions = find_questions(lines)
    for number, heading in enumerate(_headings(lines, questions)):
        if heading is None and number in questions.told:
            continue
        if heading is None:
            _add_line(open_sections[-1], lines[number])
            continue
        while open_sections[-1].level >= heading.level:
            open_sections.pop()
        open_sections[-1].children.append(heading)
        open_sections.append(heading)
    return root


def _add_line(section: Section, line: str) -> None:
    if section.is_question and not section.answered and _ANSWER.match(line):
        section.answered = True
        line = _ANSWER.sub("", line, count=1)
    if line.strip() or section.lines:
        section.lines.append(line)


def _headings(lines: list[str], questions: Questions) -> list[Section | None]:
    """For each line the section that it opens, or None."""
    numbered = numbered_headings(lines, questions)
    has_markdown = sum(bool(_MARKDOWN.match(line)) for line in lines) >= 2
    found: list[Section | None] = []
    in_answer = False
    for number, line in enumerate(lines):
        section = _explicit(line) if number not in questions.told else None
        if number in questions.texts:
            section = Section(section.level if section else QUESTION_LEVEL, questions.texts[number], is_question=True)
        elif section is None and number in numbered:
            section = Section(QUESTION_LEVEL - 5, numbered[number])
        elif section is None and not has_markdown and _is_plain(lines, number, questions, in_answer):
            level = 20 if _CONCLUSION.fullmatch(line.strip()) else _PLAIN_LEVEL
            section = Section(level, _bare(line))
        if section is not None:
            in_answer = section.level == QUESTION_LEVEL
        found.append(section)
    return found


def _bare(text: str) -> str:
    """A heading without Markdown and emoji."""
    return re.sub(r"^[*_`\s]+|[*_`\s:：]+$", "", _EMOJI.sub("", text.strip(), count=1)).strip()


def _explicit(line: str) -> Section | None:
    """A heading that says so by a mark or a number of its own."""
    markdown = _MARKDOWN.match(line)
    if markdown:
        text = _bare(markdown[2])
        return Section(10 * len(markdown[1]), text, is_question=asks(text)) if text else None
    text = line.strip().strip("*")
    if line.startswith((" ", "\t", MARK, "|", ">")) or not text or len(text) > 90:
        return None
    for level, pattern in _NUMBERED:
        if pattern.fullmatch(text) and not re.search(r"[。；;，,]$", text):
            return Section(level, _bare(text), is_question=asks(text))
    emoji = _EMOJI.match(text)
    if emoji and len(text) <= 40 and not _SENTENCE_END.search(text):
        return Section(20, _bare(text))
    return None


def _is_plain(lines: list[str], number: int, questions: Questions, in_answer: bool) -> bool:
    """A short line of its own over a longer text. Inside an answer only a line right over the next question counts."""
    line = lines[number]
    if not _is_short_title(line):
        return False
    above = next((n for n in range(number - 1, -1, -1) if lines[n].strip()), -1)
    before = lines[above] if above >= 0 else ""
    after_title = not any(lines[n].strip() for n in range(above))
    following = next((n for n in range(number + 1, len(lines)) if lines[n].strip()), None)
    if following is None or before.rstrip().endswith((":", "：")):
        return False
    if (_is_short_title(before) and _explicit(before) is None and not after_title) or _is_row(line, lines[following]):
        return False
    over_heading = following in questions.texts or _explicit(lines[following]) is not None
    if in_answer or over_heading:
        return over_heading and (not in_answer or following in questions.texts)
    own_paragraph = number == 0 or not lines[number - 1].strip() or _explicit(before) is not None
    text = lines[following]
    opens_text = (
        len(text.strip()) >= 25
        or text.endswith((":", "："))
        or bool(_ITEM.match(text))
        or text.startswith((MARK, "|"))
        or text.count("|") >= 2
    )
    tiny = len(line.strip()) <= 12 and bool(re.fullmatch(r"[\u3400-\u9fff\w]+", line.strip()))
    return opens_text and (own_paragraph or (tiny and not _ITEM.match(before)))


def _is_row(line: str, following: str) -> bool:
    """The head of a table whose lines were lost: words in columns, and as many in the line below."""
    columns = len(line.split())
    return columns >= 3 and bool(re.search(r"[\u3400-\u9fff]", line)) and len(following.split()) >= columns - 1


def _is_short_title(line: str) -> bool:
    text = line.strip()
    chinese = bool(re.search(r"[\u3400-\u9fff]", text))
    short = len(text) <= 30 if chinese else 0 < len(text.split()) <= 9 and text[:1].isupper()
    marked = line.startswith((" ", "\t", MARK)) or _ITEM.match(line) or "|" in line or "://" in line or "=" in line
    return (
        bool(text)
        and short
        and not marked
        and not _SENTENCE_END.search(text)
        and not re.search(r"[，,：:；;。]|[？?](?!$)", text)
    )
