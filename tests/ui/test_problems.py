"""Errors as the UI tells them: a headline where it helps, the learner's language, and both where none is known."""

import inspect
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from sqlalchemy.exc import OperationalError

from tests.samples import entry
from tutor.domain import Plan
from tutor.drills.units import Quantity
from tutor.errors import AttemptError, DocumentError, DrillError, HistoryError, InterviewError, ModelError
from tutor.ingestion.load import load_bytes
from tutor.interview.plan import choose_entries
from tutor.learning.engine import history_errors
from tutor.ui.problems import _HEADLINES, describe_problem
from tutor.ui.strings import STRINGS
from tutor.ui.top import guard_handlers


def test_a_document_that_is_something_else() -> None:
    with pytest.raises(DocumentError) as caught:
        load_bytes(b"<!doctype html><p>a page</p>", "notes.pdf")
    told = describe_problem(caught.value, "zh")
    assert told == "文档无法读取：`notes.pdf`：内容与后缀（.pdf）不符，实际是网页。请改名为 `notes.html` 后再试。"
    english = describe_problem(caught.value, "en")
    assert english == f"The document cannot be read: {caught.value}"


def test_too_few_questions() -> None:
    bank = [entry("first"), entry("second")]
    with pytest.raises(InterviewError) as caught:
        choose_entries(Plan(language="zh", questions=5, groups=(), levels=(), seed=1, entry_ids=()), bank)
    told = describe_problem(caught.value, "zh")
    assert (
        "面试计划：需要 5 道题（主题：不限；难度：不限），符合条件的只有 2 道。可以最多选 2 道，或者给题库添加条目"
        in told
    )


def test_a_message_within_a_message() -> None:
    slow = ModelError("models.too_slow", model="m", where="`http://host`")
    told = describe_problem(ModelError("interview.saved_ungraded", reason=slow), "zh")
    assert told == (
        "语言模型不可用：模型 `m`：`http://host`没有及时响应。请再试一次，或用 TUTOR_LLM 换一个模型。"
        "你的回答已保存：以后继续这场面试，就会给它评分。"
    )


@pytest.mark.parametrize("name", ["NOTADB", "CORRUPT", "READONLY", "FULL", "BUSY", "CANTOPEN", "IOERR_READ"])
def test_what_sqlite_says(name: str) -> None:
    cause = sqlite3.OperationalError("disk trouble")
    cause.sqlite_errorname = f"SQLITE_{name}"
    with pytest.raises(HistoryError) as caught, history_errors("/home/history.db"):
        raise OperationalError("SELECT", {}, cause)
    assert caught.value.key != "learning.no_answer"
    told = caught.value.in_language("zh")
    assert told.startswith("学习记录 `/home/history.db`：")
    assert not re.search("[a-z]{3,} [a-z]{2,}", told.replace("disk trouble", ""))


def test_a_unit_of_another_measure() -> None:
    with pytest.raises(DrillError) as caught:
        Quantity(1.0, "GB").to("days")
    told = describe_problem(caught.value, "zh")
    assert told == "算不了：单位 `days`：应为存储量的单位，实际是时间的单位。请改正单位。"


def test_a_headline_that_says_nothing_is_left_out() -> None:
    assert describe_problem(AttemptError("chat.empty_question"), "zh") == "请先输入一个问题。"


def test_every_headline_exists() -> None:
    assert {key for _, key in _HEADLINES} <= set(STRINGS)


# --- the handler of last resort


@pytest.mark.parametrize(("language", "told"), [("zh", "模型 `m` 已经关闭。"), ("en", "was closed.")])
def test_an_error_that_no_handler_caught_is_told_in_the_learners_language(language: str, told: str) -> None:
    def fail(text: str, language: str) -> str:
        raise ModelError("models.closed", model="m")

    with pytest.raises(gr.Error) as caught:
        guarded(fail)("a text", language)
    assert told in str(caught.value.message)
    assert bool(re.search(r"[\u4e00-\u9fff]", str(caught.value.message))) == (language == "zh")


def test_an_error_of_a_handler_without_a_language_is_told_in_both() -> None:
    def fail() -> Iterator[str]:
        yield "begun"
        raise ModelError("models.closed", model="m")

    with pytest.raises(gr.Error) as caught:
        list(guarded(fail)())
    assert "已经关闭" in str(caught.value.message)
    assert "was closed" in str(caught.value.message)


def guarded(handler: Any) -> Any:
    with gr.Blocks() as page:
        texts = [gr.Textbox() for _ in inspect.signature(handler).parameters]
        gr.Button().click(handler, texts)
    guard_handlers(page, Path("tutor.log"))
    return next(iter(page.fns.values())).fn
