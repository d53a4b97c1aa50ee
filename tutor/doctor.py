"""Looks at everything the tutor needs and says in plain words what is well, what is not, and what to do next."""

import importlib.metadata
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import psutil

from tutor.assembly import NO_MODEL, Tutor
from tutor.domain import Bilingual
from tutor.errors import TutorError
from tutor.exercises.protection import Protection

if TYPE_CHECKING:
    from tutor.retrieval.index import Index

State = Literal["ok", "warning", "failure"]

PACKAGES = (
    "langchain",
    "langchain-core",
    "langchain-openai",
    "langchain-chroma",
    "langchain-text-splitters",
    "chromadb",
    "sentence-transformers",
    "transformers",
    "gradio",
    "xllamacpp",
)
_MIN_PYTHON = (3, 11)
_MIN_FREE_DISK_BYTES = 2_000_000_000
# 1.1 GB of weights, 0.5 GB of context and buffers, 0.7 GB for Python with Chroma and the UI
_MIN_FREE_MEMORY_BYTES = 2_500_000_000

_WALLS = {
    "bubblewrap": Bilingual("bubblewrap", "bubblewrap"),
    "landlock": Bilingual("Landlock（文件）", "Landlock (files)"),
    "seccomp": Bilingual("seccomp（网络、进程）", "seccomp (network, processes)"),
    "limits": Bilingual("资源限额", "resource limits"),
}
_REACH = (Bilingual("你的文件", "your files"), Bilingual("网络", "the network"))
_STRONGER = Bilingual(
    "在 Linux 上装 bubblewrap（apt install bubblewrap）或用 5.13 以上的内核，在 macOS 和 Windows 上改在 Linux 容器或 WSL 2 里运行",
    "On Linux install bubblewrap (apt install bubblewrap) or use kernel 5.13 or newer; on macOS and Windows run the tutor "
    "in a Linux container or WSL 2",
)
_OWN_CODE = Bilingual(
    f"只运行自己写的代码。要更安全：{_STRONGER.zh}", f"Run only code of your own. To be safer: {_STRONGER.en}"
)
_REFUSED = Bilingual(
    f"别人也能连到这里，所以代码练习不会运行。把 TUTOR_HOST 改回 127.0.0.1，或者：{_STRONGER.zh}",
    f"Others can reach the app, so code exercises are refused. Set TUTOR_HOST=127.0.0.1, or: {_STRONGER.en}",
)


@dataclass(frozen=True)
class Check:
    """One line of the doctor's report."""

    name: str
    state: State
    line: Bilingual
    next_step: Bilingual | None = None


def examine(tutor: Tutor) -> Iterator[Check]:
    """The checks, one at a time as they finish; the engine's takes some seconds."""
    examinations: tuple[tuple[str, Callable[[Tutor], Check]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("disk", _disk),
        ("memory", _memory),
        ("bank", _bank),
        ("weights", _weights),
        ("embeddings", _embeddings),
        ("index", _index),
        ("history", _history),
        ("sandbox", _sandbox),
        ("engine", _engine),
    )
    for name, examination in examinations:
        try:
            yield examination(tutor)
        except TutorError as error:
            yield Check(name, "failure", Bilingual(f"出错：{error.in_language('zh')}", str(error)))


def _python(_: Tutor) -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= _MIN_PYTHON:
        return Check("python", "ok", Bilingual(f"Python {found}", f"Python {found}"))
    return Check(
        "python",
        "failure",
        Bilingual(f"Python {found}，需要 3.11 或更新", f"Python {found}, 3.11 or newer is needed"),
        Bilingual(
            "安装新版 Python，再运行 make app PYTHON=新版路径", "Install a newer Python, then make app PYTHON=its path"
        ),
    )


def _packages(_: Tutor) -> Check:
    missing = [name for name in PACKAGES if not _is_installed(name)]
    if not missing:
        count = len(PACKAGES)
        return Check(
            "packages", "ok", Bilingual(f"{count} 个主要依赖都已安装", f"All {count} main packages are installed")
        )
    names = ", ".join(missing)
    return Check(
        "packages",
        "failure",
        Bilingual(f"缺少依赖：{names}", f"Missing packages: {names}"),
        Bilingual("运行 pip install -c constraints.txt -e .", "Run pip install -c constraints.txt -e ."),
    )


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _disk(tutor: Tutor) -> Check:
    home = tutor.settings.home
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    text = Bilingual(f"磁盘可用 {free / 1e9:.1f} GB", f"{free / 1e9:.1f} GB of disk free")
    if free >= _MIN_FREE_DISK_BYTES:
        return Check("disk", "ok", text)
    return Check(
        "disk",
        "warning",
        text,
        Bilingual(
            "请腾出至少 2 GB，或用 TUTOR_HOME 换到别的磁盘", "Free at least 2 GB, or move TUTOR_HOME to another disk"
        ),
    )


def _memory(tutor: Tutor) -> Check:
    free = psutil.virtual_memory().available
    text = Bilingual(f"内存可用 {free / 1e9:.1f} GB", f"{free / 1e9:.1f} GB of memory available")
    if free >= _MIN_FREE_MEMORY_BYTES or tutor.settings.llm == NO_MODEL:
        return Check("memory", "ok", text)
    return Check(
        "memory",
        "warning",
        text,
        Bilingual(
            "关闭其他程序，或设 TUTOR_LLM=qwen2.5-coder-0.5b-instruct",
            "Close other programs, or set TUTOR_LLM=qwen2.5-coder-0.5b-instruct",
        ),
    )


def _bank(tutor: Tutor) -> Check:
    tutor.check_bank()
    entries, groups = len(tutor.bank.entries), len(tutor.bank.groups)
    return Check(
        "bank", "ok", Bilingual(f"题库 {groups} 组，共 {entries} 题", f"{entries} bank entries in {groups} groups")
    )


def _weights(tutor: Tutor) -> Check:
    llm = tutor.settings.llm
    if llm == NO_MODEL or llm.startswith(("http://", "https://", "transformers:")):
        return Check(
            "weights",
            "ok",
            Bilingual(f"语言模型为 {llm}，无需本地权重", f"Language model {llm}: no local weights needed"),
        )
    try:
        path = tutor.weights.path(llm) if not llm.endswith(".gguf") else tutor.weights.resolve(llm)
    except TutorError as error:
        return Check(
            "weights",
            "failure",
            Bilingual(f"模型权重 {llm} 用不了：{error.in_language('zh')}", str(error)),
            Bilingual("运行 python -m tutor models pull", "Run python -m tutor models pull"),
        )
    size = path.stat().st_size / 1e9
    return Check("weights", "ok", Bilingual(f"模型权重 {llm}，{size:.2f} GB", f"Weights of {llm}, {size:.2f} GB"))


def _embeddings(tutor: Tutor) -> Check:
    started = time.monotonic()
    dimensions = len(tutor.embeddings.embed_query("attention"))
    seconds = time.monotonic() - started
    name = tutor.embeddings.name
    return Check(
        "embeddings",
        "ok",
        Bilingual(
            f"向量模型 {name}，{dimensions} 维，{seconds:.1f} 秒",
            f"Embeddings by {name}, {dimensions} dimensions, {seconds:.1f} s",
        ),
    )


def _index(tutor: Tutor) -> Check:
    return check_index(tutor.index)


def check_index(index: "Index") -> Check:
    """The line on the index: empty, whole, or named in the manifest and gone from Chroma."""
    manifest = index.manifest()
    documents, passages = len(manifest.entries), len(manifest.passage_ids)
    if not documents:
        return Check(
            "index",
            "failure",
            Bilingual("索引是空的", "The index is empty"),
            Bilingual("运行 python ingest.py", "Run python ingest.py"),
        )
    lost = len(index.lost()) + sum(not entry.passage_ids for entry in manifest.entries.values())
    if lost:
        return Check(
            "index",
            "failure",
            Bilingual(
                f"索引登记了 {documents} 份文档，其中 {lost} 份的内容已不在 Chroma 里",
                f"The index lists {documents} document(s); the passages of {lost} are gone from Chroma",
            ),
            Bilingual(
                "运行 python ingest.py：原文件还在的会重新读入，其余的会列出来",
                "Run python ingest.py: what still has its file is read again, the rest is named",
            ),
        )
    return Check(
        "index",
        "ok",
        Bilingual(
            f"索引含 {documents} 份文档、{passages} 段",
            f"The index holds {documents} documents, {passages} passages",
        ),
    )


def _history(tutor: Tutor) -> Check:
    chats, interviews = len(tutor.history.chats()), len(tutor.history.interview_titles())
    return Check(
        "history",
        "ok",
        Bilingual(
            f"学习记录可读：{chats} 个对话、{interviews} 场面试",
            f"History opens: {chats} chats, {interviews} interviews",
        ),
    )


def _sandbox(tutor: Tutor) -> Check:
    """Which walls stand around a learner's code, each tried out in a real process."""
    return check_protection(tutor.workshop.protection, strangers=tutor.settings.listens_beyond_this_machine)


def check_protection(protection: Protection, *, strangers: bool) -> Check:
    """The line on the sandbox; weak is what leaves files or network in reach of code."""
    held = [name for key, name in _WALLS.items() if key in protection.layers]
    walls = Bilingual("、".join(name.zh for name in held) or "无", ", ".join(name.en for name in held) or "nothing")
    if protection.is_sandbox:
        line = Bilingual(f"代码练习在沙箱里运行：{walls.zh}", f"Code exercises run in a sandbox: {walls.en}")
        return Check("sandbox", "ok", line)
    open_to = [what for what, closed in zip(_REACH, (protection.files, protection.network), strict=True) if not closed]
    zh, en = "和".join(what.zh for what in open_to), " and ".join(what.en for what in open_to)
    line = Bilingual(
        f"代码练习的防护不完整（现有：{walls.zh}），代码够得着{zh}",
        f"Code exercises are not walled off (in place: {walls.en}): code can reach {en}",
    )
    return Check("sandbox", "warning", line, _REFUSED if strangers else _OWN_CODE)


def _engine(tutor: Tutor) -> Check:
    if not tutor.has_chat_model():
        return Check(
            "engine",
            "warning",
            Bilingual("未启用语言模型，只能回答题库里的问题", "No language model: only bank questions can be answered"),
            Bilingual("去掉 TUTOR_LLM=none", "Remove TUTOR_LLM=none"),
        )
    started = time.monotonic()
    reply = tutor.chat_model.bind(max_tokens=8).invoke("Say OK.")
    seconds = time.monotonic() - started
    said = " ".join(str(reply.text).split())[:30]
    return Check(
        "engine",
        "ok",
        Bilingual(
            f"语言模型已应答（{seconds:.1f} 秒）：{said}", f"The language model answers ({seconds:.1f} s): {said}"
        ),
    )
