"""Records of questions and answers as JSON or JSON lines -> pairs; conversations saved by chat programs likewise.

What a field means is told by its name, wherever in the tree the record stands: data sets, exports of tools, quizzes.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tutor.errors import DocumentError
from tutor.ingestion.loaded import Loaded, file_text
from tutor.ingestion.pairs import Pair, load_pairs
from tutor.messages import Message

_QUESTION = "question q query instruction prompt front problem 问题 题目 问 面试题".split()
_ANSWER = "answer a answers response output completion back reply solution reference_answer 答案 回答 答 解答 参考答案".split()
_BESIDE = "input choices options 选项".split()  # what belongs to the question
_ABOVE = "category topic section chapter subject deck group title name 分类 类别 主题 章节 标题".split()
_TURNS = "messages conversations conversation chat_messages turns dialogue dialog".split()
_SPEAKER = "role from sender speaker author".split()
_SAID = "content value text parts".split()
_ASKS = frozenset("user human interviewer questioner 面试官 用户 问".split())
_ANSWERS = frozenset("assistant gpt model bot chatgpt ai candidate 候选人 助手 答".split())
_LETTER = re.compile(r"\w")
_PROSE = re.compile(r"\w\s+\w+\s+\w|[\u3400-\u9fff]{4}")  # a sentence; not an id, a date, an address


def read_records(data: bytes, name: str) -> Loaded:
    """The records of a file. Raises DocumentError when it is no JSON, or JSON without a question and its answer."""
    text = file_text(data, name)
    doubts: list[Message] = []
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        tree = _lines(text, doubts)
        if not tree:
            raise DocumentError("ingestion.no_json", file=name, line=error.lineno, reason=error.msg) from error
    except RecursionError:
        raise DocumentError("ingestion.no_records", file=name, found="[[[[") from None
    pairs = list(_pairs(tree, ()))
    if not any(pair.question for pair in pairs):
        raise DocumentError("ingestion.no_records", file=name, found=_shape(tree))
    return load_pairs(pairs, doubts=doubts)


def _lines(text: str, doubts: list[Message]) -> list[Any]:
    """One value a line; a line that is none (the last of a file that was cut off) is told."""
    found: list[Any] = []
    broken: list[int] = []
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            found += [json.loads(line)] if line.strip() else []
        except (json.JSONDecodeError, RecursionError):
            broken.append(number)
    if broken:
        doubts.append(Message("ingestion.broken_lines", count=len(broken), line=broken[0]))
    return found if any(isinstance(value, dict | list) for value in found) else []


def _shape(tree: Any) -> str:
    """A few names of fields, for the learner to see what was looked at."""
    while isinstance(tree, list) and tree:
        tree = tree[0]
    return ", ".join(list(tree)[:6]) if isinstance(tree, dict) and tree else type(tree).__name__


def _pairs(tree: Any, path: tuple[str, ...]) -> Iterator[Pair]:
    if isinstance(tree, list):
        for value in tree:
            yield from _pairs(value, path)
    elif isinstance(tree, dict):
        yield from _pairs_of(tree, path)


def _pairs_of(record: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Pair]:
    fields = {str(key).strip().lower(): value for key, value in record.items()}
    question, answer = _first(fields, _QUESTION), _first(fields, _ANSWER)
    above = next((_text(fields[key]) for key in _ABOVE if isinstance(fields.get(key), str)), "")
    here = (*path, above) if above else path
    turns = _thread(fields) or next((fields[key] for key in _TURNS if isinstance(fields.get(key), list)), None)
    if turns is not None:
        yield from _dialogue(turns, here)
    elif question and answer:
        yield _pair(fields, question, answer, here)
    elif _is_mapping(record):
        yield from (Pair(key, str(value), path) for key, value in record.items())
    else:
        told = [_text(value) for key, value in fields.items() if isinstance(value, str) and key not in _ABOVE]
        if question or any(map(_PROSE.search, told)):
            yield Pair(question, "\n\n".join(text for text in told if _PROSE.search(text) and text != question), here)
        for key, value in record.items():
            yield from _pairs(value, (*here, key) if _is_heading(key, value) else here)


def _is_mapping(record: Mapping[str, Any]) -> bool:
    """Question -> answer, each key a sentence."""
    asked = sum(bool(_PROSE.search(key)) for key in record)
    return bool(record) and asked >= 0.8 * len(record) and all(isinstance(value, str) for value in record.values())


def _is_heading(key: str, value: Any) -> bool:
    """A group of records under its name ("Attention": [...]), not under the name of a field ("items")."""
    return isinstance(value, list | dict) and (key[:1].isupper() or bool(re.search("[\u3400-\u9fff]", key)))


def _first(fields: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((text for key in names if key in fields and (text := _text(fields[key]))), "")


def _text(value: Any) -> str:
    """Text of a field; several texts as a list, each once."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        texts = list(dict.fromkeys(filter(None, map(_text, value))))
        return texts[0] if len(texts) == 1 else "\n".join(f"- {text}" for text in texts)
    if isinstance(value, dict):
        return _first(value, (*_SAID, *_ANSWER))
    return "" if value is None or isinstance(value, bool) else str(value)


def _pair(fields: Mapping[str, Any], question: str, answer: str, path: tuple[str, ...]) -> Pair:
    used = {question, answer, *path}
    beside = [text for key in _BESIDE if (text := _text(fields.get(key))) and text not in used]
    others = [
        f"{key}: {text}"
        for key, value in fields.items()
        if key not in (*_BESIDE, *_ABOVE) and (text := _text(value)) not in used and _PROSE.search(text)
    ]
    return Pair("\n".join([question, *beside]), "\n\n".join([answer, *others]), path)


# --- conversations


def _thread(fields: Mapping[str, Any]) -> list[Any] | None:
    """The turns of a conversation that is kept as a tree of versions: those that lead to the current one."""
    mapping, node = fields.get("mapping"), fields.get("current_node")
    if not isinstance(mapping, dict) or node not in mapping:
        return None
    turns: list[Any] = []
    while isinstance(mapping.get(node), dict) and len(turns) <= len(mapping):
        turns.append(mapping[node].get("message"))
        node = mapping[node].get("parent")
    return turns[::-1]


def _dialogue(turns: Sequence[Any], path: tuple[str, ...]) -> Iterator[Pair]:
    """What was asked with all that was answered before the next question."""
    question: list[str] = []
    answer: list[str] = []
    for turn in turns:
        fields = {str(key).lower(): value for key, value in turn.items()} if isinstance(turn, dict) else {}
        speaker, said = _speaker(fields), _first(fields, _SAID)
        if speaker in _ASKS and said:
            if answer:
                yield Pair("\n".join(question), "\n\n".join(answer), path)
                question, answer = [], []
            question.append(said)
        elif speaker in _ANSWERS and _LETTER.search(said):
            answer.append(said)
    if question or answer:
        yield Pair("\n".join(question), "\n\n".join(answer), path)


def _speaker(fields: Mapping[str, Any]) -> str:
    value = next((fields[key] for key in _SPEAKER if key in fields), "")
    value = value.get("role", "") if isinstance(value, dict) else value
    return str(value).strip().lower()
