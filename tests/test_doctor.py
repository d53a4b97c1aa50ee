"""The doctor's line on the sandbox: which walls hold, what is within reach of code, what to do."""

import re
import shutil
from pathlib import Path

import pytest

from tests.fakes import WordHashEmbeddings
from tests.retrieval.test_index import document
from tutor.assembly import Tutor
from tutor.doctor import check_index, check_protection, examine
from tutor.domain import LANGUAGES
from tutor.exercises.protection import Protection
from tutor.retrieval.index import Index
from tutor.settings import load_settings
from tutor.ui.render import render_check

HAN = re.compile(r"[\u4e00-\u9fff]")


def protection(*layers: str) -> Protection:
    return Protection(frozenset(layers))


def test_a_real_sandbox_is_named_with_its_walls() -> None:
    check = check_protection(protection("landlock", "seccomp", "limits"), strangers=True)
    assert (check.state, check.next_step) == ("ok", None)
    assert check.line.en == (
        "Code exercises run in a sandbox: Landlock (files), seccomp (network, processes), resource limits"
    )
    assert check.line.zh == "代码练习在沙箱里运行：Landlock（文件）、seccomp（网络、进程）、资源限额"


@pytest.mark.parametrize(
    ("layers", "reach"),
    [
        (("limits",), "your files and the network"),
        (("landlock", "limits"), "the network"),
        (("seccomp",), "your files"),
        ((), "your files and the network"),
    ],
)
def test_what_is_open_is_said_with_a_next_step(layers: tuple[str, ...], reach: str) -> None:
    check = check_protection(protection(*layers), strangers=False)
    assert check.state == "warning"
    assert check.line.en.endswith(f"code can reach {reach}")
    assert check.next_step is not None
    assert "bubblewrap" in check.next_step.en
    assert HAN.search(check.next_step.zh)


def test_where_strangers_reach_the_app_code_is_said_to_be_refused() -> None:
    check = check_protection(protection("limits"), strangers=True)
    assert check.next_step is not None
    assert "refused" in check.next_step.en
    assert "TUTOR_HOST" in check.next_step.zh


def test_the_doctor_tries_the_sandbox_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> None:
    tutor = Tutor(load_settings(home=tmp_path_factory.mktemp("home")))
    check = next(check for check in examine(tutor) if check.name == "sandbox")
    tutor.close()
    assert check.state in ("ok", "warning")
    for language in LANGUAGES:
        assert check.line.in_language(language) in render_check(check, language)


def test_the_doctor_tells_that_passages_are_gone(tmp_path: Path) -> None:
    def opened() -> Index:
        return Index(tmp_path, WordHashEmbeddings(), embedder_name="word-hash")

    assert check_index(opened()).state == "failure"
    opened().put(*document("cache", "keys are kept"))
    assert check_index(opened()).state == "ok"
    shutil.rmtree(tmp_path / "embedded" / "chroma")
    check = check_index(opened())
    assert (check.state, check.line.en) == (
        "failure",
        "The index lists 1 document(s); the passages of 1 are gone from Chroma",
    )
    assert check.next_step is not None
    assert "python ingest.py" in check.next_step.zh
    with opened().writing():
        pass
    assert check_index(opened()).state == "failure", "the file has not been read again"
