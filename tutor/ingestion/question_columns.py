"""Rows of a sheet -> questions with their answers, where its columns are named so. Knows no file format."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.ingestion.pairs import Pair
from tutor.ingestion.questions import is_question

_QUESTION = re.compile(
    r"(?:^|\b)(?:questions?|prompts?|problems?)\b|^(?:q|front|ask)$|问题|題目|题目|面试题|题干|提问|^问$", re.I
)
_ANSWER = re.compile(
    r"(?:^|\b)(?:answers?|responses?|solutions?|repl(?:y|ies))\b|^(?:a|back)$|答案|回答|解答|答复|^答$", re.I
)
_MORE = re.compile(r"\bexplanations?\b|\bnotes?\b|解析|说明|详解|要点|备注", re.I)  # an answer where none is named
_ABOUT = re.compile(
    r"\b(?:id|no|num(?:ber)?|type|kind|level|difficulty|source|date|link|url|count)\b|编号|序号|题号|类型|题型|难度|来源|日期|链接|数量",
    re.I,
)
_CATEGORY = re.compile(
    r"^(?:categor(?:y|ies)|topics?|section|chapter|subject|module|group)$|分类|类别|主题|章节|模块|方向|知识点", re.I
)
_COUNTER = re.compile(r"^(?:id|no\.?|num(?:ber)?|#|index|编号|序号|题号)$", re.I)
_HEADS_WITHIN = 6  # rows; above the names of the columns there may be a title and a remark
_LEAST_ASKING = 0.6  # of the rows of a sheet of two columns without names


@dataclass(frozen=True)
class _Columns:
    """Which column is what."""

    question: int
    answer: int
    category: int | None = None


def question_pairs(rows: Sequence[Sequence[str]], path: tuple[str, ...] = ()) -> list[Pair]:
    """The questions of a sheet with all that stands in their rows; nothing where its columns name none.

    Rows of one length. What stands above the names of the columns is a text by itself.
    """
    for place, row in enumerate(rows[:_HEADS_WITHIN]):
        columns = _named(row)
        if columns:
            above = " ".join(cell for line in rows[:place] for cell in line if cell)
            return [*([Pair("", above, path)] if above else []), *_pairs(rows[place + 1 :], row, columns, path)]
    if rows and len(rows[0]) == 2 and sum(is_question(row[0]) for row in rows) >= _LEAST_ASKING * len(rows):
        return list(_pairs(rows, ("", ""), _Columns(0, 1), path))
    return []


def _named(row: Sequence[str]) -> _Columns | None:
    names = [" ".join(re.split(r"[\s_\-/()（）:：]+", cell)).strip() for cell in row]
    asks = [
        at for at, name in enumerate(names) if _QUESTION.search(name) and not _ABOUT.search(name) and len(name) < 40
    ]
    asks = [at for at in asks if not _ANSWER.search(names[at])]
    answers = [
        at for at, name in enumerate(names) if at not in asks and _ANSWER.search(name) and not _ABOUT.search(name)
    ]
    answers = answers or [at for at, name in enumerate(names) if at not in asks and _MORE.search(name)]
    if not asks or not answers or any(is_question(names[at]) for at in (asks[0], answers[0])):
        return None
    category = next(
        (at for at, name in enumerate(names) if _CATEGORY.search(name) and at not in (asks[0], answers[0])), None
    )
    return _Columns(asks[0], answers[0], category)


def _pairs(
    rows: Sequence[Sequence[str]], names: Sequence[str], columns: _Columns, path: tuple[str, ...]
) -> Iterator[Pair]:
    category, pending = "", None
    for row in rows:
        category = (row[columns.category] or category) if columns.category is not None else ""
        question, answer = (
            row[columns.question],
            "\n\n".join(filter(None, (row[columns.answer], _rest(row, names, columns)))),
        )
        if not question and pending is not None:  # a cell over several rows: the answer goes on
            pending = Pair(pending.question, "\n\n".join(filter(None, (pending.answer, answer))), pending.path)
            continue
        if pending is not None:
            yield pending
        pending = Pair(question, answer, (*path, category) if category else path) if question or answer else None
    if pending is not None:
        yield pending


def _rest(row: Sequence[str], names: Sequence[str], columns: _Columns) -> str:
    """The other columns of a row, each with its name."""
    taken = {columns.question, columns.answer, columns.category}
    return "\n".join(
        f"{name}: {text}" if name else text
        for at, (name, text) in enumerate(zip(names, row, strict=True))
        if text and at not in taken and not _COUNTER.fullmatch(name.strip())
    )
