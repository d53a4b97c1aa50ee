"""What surrounds every program: a quiet process, a closed tutor, one line and an exit status for what went wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

from tutor.assembly import Tutor
from tutor.cli.program import FAILED, INTERRUPTED, run_program
from tutor.errors import TutorError
from tutor.learning.history import History
from tutor.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path, llm="none")


def test_the_tutor_is_closed_whatever_happens(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[History] = []
    monkeypatch.setattr(History, "close", lambda history: closed.append(history))

    def fail(tutor: Tutor) -> int:
        assert tutor.history.chats() == []
        raise TutorError("cli.empty_index")

    assert run_program(lambda: settings, fail) == FAILED
    assert len(closed) == 1


def test_an_error_is_one_line_and_an_interruption_another(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(_: Tutor) -> int:
        raise KeyboardInterrupt

    assert run_program(lambda: settings, stop, when_stopped="stopped here") == INTERRUPTED
    assert run_program(lambda: load_settings(port=0), lambda _: 0) == FAILED
    assert run_program(lambda: settings, lambda _: 7) == 7
    told = capsys.readouterr()
    assert told.out == ""
    first, second = told.err.splitlines()
    assert first == "stopped here"
    assert "port" in second


def test_libraries_do_not_talk_into_a_programs_output(tmp_path: Path) -> None:
    code = (
        "import logging; logging.basicConfig()\n"
        "from tutor.cli.program import run_program; from tutor.settings import load_settings\n"
        "def work(_):\n"
        "    from tutor.retrieval.keywords import Keywords; from tutor.text.terms import terms\n"
        "    import jieba\n"
        "    jieba.initialize()\n"
        "    return len(Keywords({'a': terms('注意力机制')}).ranked(['注意力'], 1))\n"
        "raise SystemExit(run_program(load_settings, work) - 1)"
    )
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env={"TUTOR_HOME": str(tmp_path)}, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
