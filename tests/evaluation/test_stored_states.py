"""What was read once is not read again, not even by another process."""

from pathlib import Path

from tests.fakes import ScriptedStates
from tutor.evaluation.stored_states import StoredStates


def test_a_prompt_is_read_once_and_kept_in_the_file(tmp_path: Path) -> None:
    states = ScriptedStates(lambda prompt: float(len(prompt)))
    first = StoredStates(states, tmp_path / "states.sqlite", "m:1")
    assert [first.read(*prompt) for prompt in (("a", ""), ("b", "b"), ("a", ""))] == [(1.0,), (2.0,), (1.0,)]
    again = StoredStates(ScriptedStates(ValueError("asked again")), tmp_path / "states.sqlite", "m:1")
    assert again.read("b", "b") == (2.0,)
    assert StoredStates(ScriptedStates(9.0), tmp_path / "states.sqlite", "another:1").read("b", "b") == (9.0,)
    assert states.prompts == ["a", "bb"]
