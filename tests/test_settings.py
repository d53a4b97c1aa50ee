"""Settings come from defaults, a file and the environment, in that order, and are refused with a reason."""

from pathlib import Path

import pytest

from tutor.errors import SettingsError
from tutor.settings import load_settings


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tutor.toml").write_text('llm = "from-file"\nport = 8000\n', encoding="utf-8")
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path))
    monkeypatch.setenv("TUTOR_PORT", "9000")
    settings = load_settings()
    assert (settings.llm, settings.port, settings.embeddings) == ("from-file", 9000, "bundled")
    assert load_settings(port=7000).port == 7000


def test_an_impossible_value_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_PORT", "seventy")
    with pytest.raises(SettingsError, match=r"port.*TUTOR_"):
        load_settings()


def test_a_broken_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "tutor.toml").write_text("llm = = 1", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"tutor\.toml"):
        load_settings(home=tmp_path)


def test_listening_to_others_needs_a_password() -> None:
    with pytest.raises(SettingsError, match="TUTOR_PASSWORD"):
        load_settings(host="0.0.0.0")
    assert load_settings(host="0.0.0.0", password="secret").listens_beyond_this_machine


def test_home_moves_everything_of_a_learner(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    for place in (settings.index_folder, settings.library_folder):
        assert place.is_relative_to(tmp_path)
    assert str(tmp_path.as_posix()) in settings.history_url


def test_every_test_has_a_home_of_its_own(tmp_path: Path) -> None:
    assert load_settings().home == tmp_path / "home"
