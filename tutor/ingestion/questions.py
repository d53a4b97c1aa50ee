"""Which lines of a text ask an interview question, and which numbered lines are headings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

from tutor.ingestion.fences import MARK

_MARKED = re.compile(
    r"(?:#{1,6}\s*|[-*+]\s+)?(?:\*\*)?(?:\d{1,3}\s*[.)、．]\s*)?(?:(?:Q|问|提问|题目|面试官|Interviewer|Question)\s*\d{0,3}\s*[:：.、]|问题\s*\d{1,3}\s*[:：.、]"
    r"|[\[【](?:Q|问|提问|问题|题目|面试官|Interviewer|Question)\s*\d{0,3}[\]】]\s*[:：]?)\s*(?:\*\*)?\s*(.*?)(?:\*\*)?\s*",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:\*\*)?(?:Question\s*\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?|第\s*\d{1,3}\s*题)\s*[:：]?(?:\*\*)?", re.IGNORECASE
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
_ITEM = re.compile(r"[-*+]\s+")
_LONGEST_QUESTION = 160
_LEAST_BODY = 40


def is_question(text: str) -> bool:
    """Whether a line reads as something an interviewer asks."""
    text = text.strip()
    if not text or len(text) > _LONGEST_QUESTION:
        return False
    return "?" in text or "？" in text or bool(_ASKS_ZH.match(text)) or bool(_ASKS_EN.match(text))


@dataclass(frozen=True)
class Questions:
    """Where a text asks what."""

    texts: Mapping[int, str]  # line number -> question, without its marks
    told: frozenset[int] = frozenset()  # lines that hold nothing but the question of the line before


def find_questions(lines: list[str]) -> Questions:
    """Marked, numbered and headed questions; in a text without any of them, questions on lines of their own."""
    marked = _marked_questions(lines)
    found = dict(marked.texts)
    found |= _numbered_questions(lines, marked)
    for number, line in enumerate(lines):
        heading = re.match(r"#{1,6}\s+(.+?)[\s#]*$", line)
        if heading and number not in found and asks(heading[1]):
            found[number] = heading[1].strip("* ")
    return Questions(found or _standing_questions(lines), marked.told)


def asks(text: str) -> bool:
    """Whether a text of the length of a question has a question mark."""
    return len(text) <= _LONGEST_QUESTION and ("?" in text or "？" in text)


def _marked_questions(lines: list[str]) -> Questions:
    """`Q:`, `问：`, `Question 3 of 40`; the question itself may stand on the next line."""
    found: dict[int, str] = {}
    told: set[int] = set()
    for number, line in enumerate(lines):
        if line.startswith((" ", "\t", MARK)) or number in told:
            continue
        match = _MARKED.fullmatch(line)
        if match and match[1]:
            found[number] = match[1]
        elif match or _COUNTED.fullmatch(line):
            following = next((n for n in range(number + 1, min(number + 3, len(lines))) if lines[n].strip()), None)
            if following is not None and not _MARKED.fullmatch(lines[following]):
                found[number] = lines[following].strip("* ")
                told.add(following)
    return Questions(found, frozenset(told))


def _numbered_questions(lines: list[str], marked: Questions) -> dict[int, str]:
    """`1. ...?`, `2. ...?` in sequence. Numbered lists inside an answer start at 1 again and are left alone; once the
    sequence runs, its next number counts even without the wording of a question."""
    found: dict[int, str] = {}
    last = inner = 0  # numbers of the last question, and of the last item of a list in its answer
    fresh = True  # a heading since the last question: numbering may start again
    for number, line in enumerate(lines):
        match = None if number in marked.texts or number in marked.told else _numbered(line)
        if match is None:
            fresh = fresh or bool(re.match(r"#{1,6}\s|[一二三四五六七八九十]+、", line))
            continue
        value, text = int(match[1]), match[2]
        alone = number == 0 or not lines[number - 1].strip()
        in_list = bool(inner) and value == inner + 1 and not (asks(text) and alone)
        is_next = value == last + 1 or (value == 1 and fresh)
        asked = is_question(text) or (alone and last > 0 and len(text) <= _LONGEST_QUESTION)
        skips = value > last + 1 and asks(text) and alone and not inner
        if not in_list and ((is_next and asked) or skips):
            found[number] = text
            last, inner, fresh = value, 0, False
        else:
            inner = value
    real = sum(map(asks, found.values()))
    answered = any(_body_length(lines, number) for number in found)  # otherwise it is a plain list of questions
    return found if answered and real >= 0.25 * len(found) else {}


def _numbered(line: str) -> re.Match[str] | None:
    if line.startswith((" ", "\t", MARK)) or re.match(r"\d+\.\d", line):
        return None
    return _NUMBERED.fullmatch(line)


def _standing_questions(lines: list[str]) -> dict[int, str]:
    """Questions on lines of their own with text under them, in a text that marks its questions in no other way."""
    found: dict[int, str] = {}
    for number, line in enumerate(lines):
        following = next((other for other in islice(lines, number + 1, None) if other.strip()), "")
        item = _ITEM.match(line) if following.startswith((" ", "\t")) else None  # with its answer below, further right
        text = line[item.end() if item else 0 :].strip().strip("*").strip()
        alone = bool(item) or number == 0 or not lines[number - 1].strip()
        ends = text.endswith(("?", "？")) and not re.search(r"[.。!！]\s*\S", text)
        marked = not item and (line.startswith((" ", "\t", MARK, "-", "|", ">", "#")) or bool(_NUMBERING.match(line)))
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


def numbered_headings(lines: list[str], questions: Questions) -> dict[int, str]:
    """Line number -> heading, for `1. Title`, `2. Title` that each have a text under them. In a text that asks
    questions the numbers belong to the answers."""
    if any(not lines[number].startswith("#") for number in questions.texts):
        return {}
    found: dict[int, str] = {}
    bodies: list[int] = []
    for number, line in enumerate(lines):
        match = _numbered(line)
        if match is None or int(match[1]) != len(found) + 1:
            continue
        text = match[2].strip()
        body = _body_length(lines, number)
        if body and len(text) <= 60 and not re.search(r"[。！!；;，,：:]|\.$", text):
            found[number] = f"{match[1]}. {text}"
            bodies.append(body)
    return found if len(found) >= 2 and sum(bodies) >= _LEAST_BODY * len(bodies) else {}


def _body_length(lines: list[str], number: int) -> int:
    """Characters between a numbered line and the next one."""
    length = 0
    for line in islice(lines, number + 1, None):
        if _numbered(line):
            break
        length += len(line.strip())
    return length
