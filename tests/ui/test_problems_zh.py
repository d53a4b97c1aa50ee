"""Every message that a learner may meet exists in Chinese: the source is walked, so a new message cannot be forgotten."""

import ast
import inspect
import itertools
import os
import re
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeGuard, get_args

import gradio as gr
import pytest
import yaml
from sqlalchemy.exc import OperationalError

from tests.samples import entry
from tutor import errors
from tutor.bank.schema import GROUPS
from tutor.domain import Plan
from tutor.drills import kinds
from tutor.drills.kinds import Kind
from tutor.drills.units import MEASURES, Quantity
from tutor.errors import (
    AttemptError,
    DocumentError,
    DrillError,
    HistoryError,
    InterviewError,
    ModelError,
    TutorError,
    WeightsError,
)
from tutor.ingestion.load import _SIGNATURES, load_bytes
from tutor.interview.plan import choose_entries
from tutor.learning.engine import _TROUBLES, history_errors
from tutor.ui.problems import _templates, describe_problem, translate
from tutor.ui.strings import STRINGS
from tutor.ui.top import guard_handlers

TUTOR = Path(__file__).parents[2] / "tutor"

ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type)} | {"SourceError"}
SLOT = "\0"
DEPTH = 3


class Source:
    """One module: finds the messages of the errors that it raises, with a slot for what only a run knows."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = {node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)}
        self.constants = _imported(self.tree) | _assigned(self.tree.body)

    def messages(self) -> Iterator[str]:
        for function in [self.tree, *self.functions.values()]:
            local = _assigned(list(ast.walk(function))) if isinstance(function, ast.FunctionDef) else {}
            for node in _own_nodes(function):
                if _makes_error(node):
                    yield from self.texts(node.args[0], local, DEPTH) or ["?" + ast.unparse(node)]

    def texts(self, node: ast.expr, local: dict[str, ast.expr], depth: int) -> list[str]:
        """Everything that the expression may come to; empty where it is no text of this module."""
        match node:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.JoinedStr(values=parts):
                choices = [self.texts(part, local, depth) for part in parts]
                return ["".join(choice) for choice in itertools.product(*choices)]
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return self.texts(value, local, depth) or [SLOT]
            case ast.FormattedValue():
                return [SLOT]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                sides = [self.texts(side, local, depth) for side in (left, right)]
                return (
                    ["".join(choice) for choice in itertools.product(*(side or [SLOT] for side in sides))]
                    if any(sides)
                    else []
                )
            case ast.IfExp(body=body, orelse=orelse):
                sides = [self.texts(side, local, depth) for side in (body, orelse)]
                return sides[0] + sides[1] if all(sides) else []
            case ast.Name(id=name) if depth and (name in local or name in self.constants):
                return self.texts(local.get(name) or self.constants[name], local, depth - 1)
            case ast.Call(func=ast.Attribute(value=value, attr="rstrip")):
                return self.texts(value, local, depth)
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(value=ast.Name(id="self"), attr=name)) if depth:
                return self._returned(name, depth - 1)
        return []

    def _returned(self, name: str, depth: int) -> list[str]:
        function = self.functions.get(name)
        if function is None:
            return []
        local = _assigned(list(ast.walk(function)))
        returns = [node.value for node in _own_nodes(function) if isinstance(node, ast.Return) and node.value]
        found = [self.texts(value, local, depth) for value in returns]
        return [text for texts in found for text in texts] if all(found) else []


def _assigned(nodes: list) -> dict[str, ast.expr]:
    """Names that are given a value exactly once."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        found.setdefault(name.id, []).append(node.value if name is target else ast.Constant(0))
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _imported(tree: ast.Module) -> dict[str, ast.expr]:
    """Texts that other modules of the tutor define once, by name."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        path = (
            TUTOR.parent / ((node.module or "").replace(".", "/") + ".py") if isinstance(node, ast.ImportFrom) else None
        )
        if path and path.is_file():
            theirs = _assigned(ast.parse(path.read_text(encoding="utf-8")).body)
            names = [alias.name for alias in node.names if isinstance(theirs.get(alias.name), ast.Constant)]
            found |= {name: theirs[name] for name in names}
    return found


def _own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """All but those of functions inside it."""
    for node in ast.iter_child_nodes(function):
        if not isinstance(node, ast.FunctionDef):
            yield node
            yield from _own_nodes(node)


def _makes_error(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS and bool(node.args)


# --- the source and the data file

REACHED = (
    "ingestion", "interview", "chat", "learning", "models", "retrieval", "assembly.py", "ui", "grading", "exercises",
    "drills", "bank/load.py",
)  # fmt: skip
# A text in both languages already, said in the question's; its English has a template.
OPAQUE = {"AttemptError(phrases.EMPTY.in_language(detect_language(question)))"}
PAIRS: list[dict[str, str]] = yaml.safe_load(files("tutor.ui").joinpath("problems_zh.yaml").read_text(encoding="utf-8"))
HAN = re.compile(r"[\u4e00-\u9fff]")


def modules() -> list[Path]:
    roots = [TUTOR / name for name in REACHED]
    return [path for root in roots for path in ([root] if root.is_file() else sorted(root.rglob("*.py")))]


def numbered(text: str) -> str:
    numbers = itertools.count(1)
    return re.sub(SLOT, lambda _: f"{{{next(numbers)}}}", text)


def slots(text: str) -> list[str]:
    return re.findall(r"\{\d\}", text)


def messages_of_the_source() -> list[str]:
    return [numbered(text) for path in modules() for text in Source(path).messages()]


def test_every_message_of_the_source_has_a_chinese_template() -> None:
    messages = messages_of_the_source()
    known = {pair["en"] for pair in PAIRS}
    unread = {text.removeprefix("?") for text in messages if text.startswith("?")}
    missing = [text for text in messages if text not in known and not text.startswith("?")]
    assert len(messages) > 150
    assert not missing, "add these to tutor/ui/problems_zh.yaml:\n" + "\n".join(missing)
    assert unread <= OPAQUE, "the walk cannot tell what these say"


def test_every_template_is_of_the_source_or_a_piece_of_a_message() -> None:
    messages = set(messages_of_the_source())
    texts = [
        node.value
        for path in [*modules(), TUTOR / "bank" / "schema.py", TUTOR / "chat" / "phrases.py"]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    source = "\n".join([*texts, *(os.strerror(number) for number in range(1, 134))])
    stale = [pair["en"] for pair in PAIRS if pair["en"] not in messages and not _is_said(pair["en"], source)]
    assert stale == []


def _is_said(template: str, source: str) -> bool:
    """Whether the words of a template stand in the source, sentence by sentence and clause by clause."""
    literals = re.split(r"\{\d\}", template)
    clauses = [clause.strip(" .:`()") for literal in literals for clause in re.split(r"\. |; |, |: | `|\(", literal)]
    words = [re.sub("^(expected|found) ", "", clause) for clause in clauses]
    return all(word in source for word in words)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["en"][:60])
def test_a_template_keeps_what_only_a_run_knows(pair: dict[str, str]) -> None:
    assert set(pair) == {"en", "zh"}
    assert slots(pair["en"]) == [f"{{{number}}}" for number in range(1, len(slots(pair["en"])) + 1)]
    if not HAN.search(pair["en"]):  # a message that says it in Chinese, too, has its number twice
        assert set(slots(pair["zh"])) == set(slots(pair["en"]))
    assert re.sub(r"\{\d\}", "", pair["en"]).strip()
    assert not re.search(r"[{}]", re.sub(r"\{\d\}", "", pair["zh"]))
    assert not re.search(r"[\u4e00-\u9fff][,;:?!]", pair["zh"]), "Chinese takes Chinese punctuation"


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["en"][:60])
def test_no_template_shadows_another(pair: dict[str, str]) -> None:
    values = [f"value{number}" for number in range(1, 10)]
    message = re.sub(r"\{(\d)\}", lambda match: values[int(match[1]) - 1], pair["en"])
    chinese = re.sub(r"\{(\d)\}", lambda match: values[int(match[1]) - 1], pair["zh"])
    assert translate(message) == (chinese if HAN.search(chinese) else message)


def test_there_is_one_template_per_message() -> None:
    english = [pair["en"] for pair in PAIRS]
    assert sorted(english) == sorted(set(english))


def test_pieces_of_messages_are_chinese() -> None:
    kind_words = [kind.words for alias in vars(kinds).values() for kind in get_args(alias) if isinstance(kind, Kind)]
    pieces = [*kind_words, *MEASURES, *GROUPS, *(kind for _, kind, _ in _SIGNATURES if kind != "a PDF")]
    assert len(kind_words) > 10
    assert [piece for piece in pieces if not HAN.search(translate(piece))] == []
    assert {pair["en"]: pair["zh"] for pair in PAIRS}.items() >= {key: zh for key, (zh, _) in GROUPS.items()}.items()


# --- real errors


def test_a_document_that_is_something_else() -> None:
    with pytest.raises(DocumentError) as caught:
        load_bytes(b"<!doctype html><p>a page</p>", "notes.pdf")
    told = describe_problem(caught.value, "zh")
    assert told == "文档无法读取：`notes.pdf`：应为 .pdf 文件，实际内容是网页。请改名为 `notes.html` 后再试。"
    english = describe_problem(caught.value, "en")
    assert english == f"The document cannot be read: {caught.value}"


def test_a_file_without_a_suffix() -> None:
    with pytest.raises(DocumentError) as caught:
        load_bytes(b"text", "notes")
    assert "没有后缀" in translate(str(caught.value))


def test_weights_that_no_source_has() -> None:
    error = WeightsError(
        "Weights `tiny` could not be fetched from any source:\n"
        "  - local path `/media/tiny.gguf`: `/media/tiny.gguf`: No such file or directory\n"
        "  - Hugging Face `owner/tiny`: the connection failed: [Errno 111] Connection refused\n"
        "Check the network or the proxy and run `python -m tutor models pull tiny` again (it goes on where it "
        "stopped), or, with `tiny.gguf` from elsewhere, add `--from FILE`."
    )
    lines = describe_problem(error, "zh").splitlines()
    assert lines == [
        "语言模型不可用：模型权重 `tiny` 从哪个来源都没能取到：",
        "  - 本地路径 `/media/tiny.gguf`：`/media/tiny.gguf`：文件或文件夹不存在",
        "  - Hugging Face `owner/tiny`：连接失败：[Errno 111] Connection refused",
        "请检查网络或代理，再运行一次 `python -m tutor models pull tiny`（会接着上次的进度）；如果已从别处得到 "
        "`tiny.gguf`，请加上 `--from FILE`。",
    ]


def test_too_few_questions() -> None:
    bank = [entry("first"), entry("second")]
    with pytest.raises(InterviewError) as caught:
        choose_entries(Plan(language="zh", questions=5, groups=(), levels=(), seed=1, entry_ids=()), bank)
    told = describe_problem(caught.value, "zh")
    assert "面试计划：需要 5 道题（主题：不限；难度：不限），符合条件的只有 2 道。最多可选 2 道" in told


def test_a_message_within_a_message() -> None:
    inner = "Model `m`: the embedded engine did not answer in time. Try again, or set TUTOR_LLM to another model."
    error = ModelError(f"{inner} Your answer is saved: go on with the interview later to have it graded.")
    assert translate(str(error)) == (
        "模型 `m`：内置引擎没有及时响应。请再试一次，或用 TUTOR_LLM 换一个模型。你的回答已保存：以后继续这场面试，就会给它评分。"
    )


@pytest.mark.parametrize("name", _TROUBLES)
def test_what_sqlite_says(name: str) -> None:
    cause = sqlite3.OperationalError("disk trouble")
    cause.sqlite_errorname = name
    with pytest.raises(HistoryError) as caught, history_errors("/home/history.db"):
        raise OperationalError("SELECT", {}, cause)
    told = translate(str(caught.value))
    assert told.startswith("学习记录 `/home/history.db`：")
    assert not re.search("[a-z]{3,} [a-z]{2,}", told.replace("disk trouble", ""))


def test_a_unit_of_another_measure() -> None:
    with pytest.raises(DrillError) as caught:
        Quantity(1.0, "GB").to("days")
    assert (
        describe_problem(caught.value, "zh") == "算不了：单位 `days`：应为存储量的单位，实际是时间的单位。请改正单位。"
    )


def test_names_in_backquotes_are_not_translated() -> None:
    assert translate("Bank `training`: expected entries, found none.") == "题库 `training`：里面没有条目。"


# --- what is left in English, and the headline


def test_a_message_without_template_is_kept_after_the_headline() -> None:
    assert describe_problem(ModelError("Unheard of."), "zh") == "语言模型不可用：Unheard of."
    assert describe_problem(TutorError("Unheard of."), "zh") == "出了点问题：Unheard of."
    assert translate("Unheard of.") == "Unheard of."


def test_a_headline_that_says_nothing_is_left_out() -> None:
    assert describe_problem(AttemptError("Please type a question first."), "zh") == "请先输入一个问题。"
    assert describe_problem(TutorError("Unheard of."), "en") == "Unheard of."


def test_every_headline_exists() -> None:
    from tutor.ui.problems import _HEADLINES

    assert {key for _, key in _HEADLINES} <= set(STRINGS)
    assert len(_templates()) == len(PAIRS)


def test_long_and_deep_messages_are_told_at_once() -> None:
    for message in ("`a`: " * 5000, "Formula `x`: expected " * 5000, "  - a: " * 3000 + "\n" * 3000):
        assert message.split(":")[0].strip("` ") in translate(message)


# --- the handler of last resort


@pytest.mark.parametrize(("language", "told"), [("zh", "模型 `m` 已经关闭。"), ("en", "was closed.")])
def test_an_error_that_no_handler_caught_is_told_in_the_learners_language(language: str, told: str) -> None:
    def fail(text: str, language: str) -> str:
        raise ModelError("Model `m` was closed. Open it again with `open_chat_model`.")

    with pytest.raises(gr.Error) as caught:
        guarded(fail)("a text", language)
    assert told in str(caught.value.message)
    assert bool(HAN.search(str(caught.value.message))) == (language == "zh")


def test_an_error_of_a_handler_without_a_language_is_told_in_both() -> None:
    def fail() -> Iterator[str]:
        yield "begun"
        raise ModelError("Model `m` was closed. Open it again with `open_chat_model`.")

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
