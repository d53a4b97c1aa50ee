"""Which lines of a text ask an interview question, and which numbered lines are headings."""

import re
from itertools import islice

from tutor.ingestion.fences import MARK

_MARKED = re.compile(
    r"(?:#{1,6}\s*)?(?:\*\*)?(?:\d{1,3}\s*[.)、．]\s*)?(?:(?:Q|问|提问|题目|面试官|Question)\s*\d{0,3}\s*[:：.、]|问题\s*\d{1,3}\s*[:：.、])\s*(?:\*\*)?\s*(.*?)(?:\*\*)?\s*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:#{1,6}\s*)?(?:\*\*)?[(（]?(\d{1,3})\s*[.)、．）]\s*(?:\*\*)?\s*(\S.*?)(?:\*\*)?\s*")
_ASKS_ZH = re.compile(
    r"(?:分别|具体|详细|简单|试着?|能否|可以)?(?:请|简述|简单介绍|解释|描述|介绍|说说|说一[说下]|说明|讲讲|讲一[讲下]|谈谈|聊聊|列举|阐述|推导|手写|手撕|如何|怎么|怎样|为什么|为何|什么是|哪些|哪种|何时)"
    r"|.*(?:介绍|描述|解释|说明|讲|谈|说|分析|对比|比较|聊|举例|总结|概括|推导)(?:一?下|讲|谈|说|聊)?[。.]?$|.*(?:是什么|有哪些|有什么|怎么[做办]|区别|异同)[。.]?$"
)
_ASKS_EN = re.compile(
    r"(?:what|why|how|when|which|explain|describe|compare|define|discuss|derive|tell me|walk (?:me|us) through|give (?:an|some) example|contrast|outline|implement)\b",
    re.IGNORECASE,
)
_NUMBERING = re.compile(
    r"[（(]?[一二三四五六七八九十\d]+[)）]?\s*[、.．]|第\s*[一二三四五六七八九十\d]+\s*[章节篇部讲课]"
)
_LONGEST_QUESTION = 160
_LEAST_BODY = 40


def is_question(text: str) -> bool:
    """Whether a line reads as something an interviewer asks."""
    text = text.strip()
    if not text or len(text) > _LONGEST_QUESTION:
        return False
    return "?" in text or "？" in text or bool(_ASKS_ZH.match(text)) or bool(_ASKS_EN.match(text))


def question_lines(lines: list[str]) -> dict[int, str]:
    """Line number -> question, without its marks."""
    found = _marked_questions(lines)
    found |= _numbered_questions(lines, found)
    for number, line in enumerate(lines):
        heading = re.match(r"#{1,6}\s+(.+?)[\s#]*$", line)
        if heading and number not in found and asks(heading[1]):
            found[number] = heading[1].strip("* ")
    return found or _standing_questions(lines)


def asks(text: str) -> bool:
    """Whether a text of the length of a question has a question mark."""
    return len(text) <= _LONGEST_QUESTION and ("?" in text or "？" in text)


def _marked_questions(lines: list[str]) -> dict[int, str]:
    """`Q:`, `问：`, `Question 3.`; the question itself may stand on the next line."""
    found: dict[int, str] = {}
    for number, line in enumerate(lines):
        match = None if line.startswith((" ", "\t", MARK)) else _MARKED.fullmatch(line)
        if match and match[1]:
            found[number] = match[1]
        elif match and number + 1 < len(lines) and lines[number + 1].strip():
            found[number] = lines[number + 1].strip("* ")
            lines[number + 1] = ""
    return found


def _numbered_questions(lines: list[str], marked: dict[int, str]) -> dict[int, str]:
    """`1. ...?`, `2. ...?` in sequence. Numbered lists inside an answer start at 1 again and are left alone; once the
    sequence runs, its next number counts even without the wording of a question."""
    found: dict[int, str] = {}
    last = inner = 0  # numbers of the last question, and of the last item of a list in its answer
    fresh = True  # a heading since the last question: numbering may start again
    for number, line in enumerate(lines):
        match = None if number in marked else _numbered(line)
        if match is None:
            fresh = fresh or bool(re.match(r"#{1,6}\s|[一二三四五六七八九十]+、", line))
            continue
        value, text = int(match[1]), match[2]
        alone = number == 0 or not lines[number - 1].strip()
        in_list = bool(inner) and value == inner + 1 and not (asks(text) and alone)
        is_next = value == last + 1 or (value == 1 and fresh)
        asked = is_question(text) or (alone and last > 1 and len(text) <= _LONGEST_QUESTION)
        skips = value > last + 1 and asks(text) and alone and not inner
        if not in_list and ((is_next and asked) or skips):
            found[number] = text
            last, inner, fresh = value, 0, False
        else:
            inner = value
    real = sum(map(asks, found.values()))
    return found if real >= 0.25 * len(found) else {}


def _numbered(line: str) -> re.Match[str] | None:
    if line.startswith((" ", "\t", MARK)) or re.match(r"\d+\.\d", line):
        return None
    return _NUMBERED.fullmatch(line)


def _standing_questions(lines: list[str]) -> dict[int, str]:
    """Questions on lines of their own with text under them, in a text that marks its questions in no other way."""
    found: dict[int, str] = {}
    for number, line in enumerate(lines):
        text = line.strip().strip("*").strip()
        alone = number == 0 or not lines[number - 1].strip()
        following = next((other for other in islice(lines, number + 1, None) if other.strip()), "")
        ends = text.endswith(("?", "？")) and not re.search(r"[.。!！]\s*\S", text)
        marked = line.startswith((" ", "\t", MARK, "-", "|", ">", "#")) or bool(_NUMBERING.match(line))
        if (
            alone
            and ends
            and not marked
            and len(text) <= 100
            and following
            and not following.rstrip().endswith(("?", "？"))
        ):
            found[number] = text
    return found if len(found) >= 2 else {}


def numbered_headings(lines: list[str], questions: dict[int, str]) -> dict[int, str]:
    """Line number -> heading, for `1. Title`, `2. Title` that each have a text under them."""
    numbers = {n: m for n, line in enumerate(lines) if n not in questions and (m := _numbered(line))}
    found: dict[int, str] = {}
    bodies: list[int] = []
    expected = 1
    for number, match in numbers.items():
        text = match[2].strip()
        body = _body_length(lines, number, numbers)
        short = len(text) <= 60 and not re.search(r"[。！!；;，,：:]|\.$", text)
        alone = number == 0 or not lines[number - 1].strip()
        if int(match[1]) == expected and short and alone and body:
            found[number] = f"{match[1]}. {text}"
            bodies.append(body)
            expected += 1
    return found if len(found) >= 2 and sum(bodies) >= _LEAST_BODY * len(bodies) else {}


def _body_length(lines: list[str], number: int, numbers: dict[int, re.Match[str]]) -> int:
    length = 0
    for other in range(number + 1, len(lines)):
        if other in numbers:
            break
        length += len(lines[other].strip())
    return length
