"""What waits for what in Gradio's queue."""

from pathlib import Path

from tutor.assembly import Tutor
from tutor.settings import load_settings
from tutor.ui.page import build_page


def test_nothing_that_needs_no_model_shares_a_line_with_what_is_written(tmp_path: Path) -> None:
    page = build_page(Tutor(load_settings(home=tmp_path)))
    lines: dict[str, set[object]] = {}
    for handler in page.fns.values():
        lines.setdefault(handler.name or "", set()).add(handler.concurrency_id)
    others = ("hand_in", "go_on", "skip", "add", "take_out", "examine", "export_session")
    assert not lines["ask"] & {line for name in others for line in lines.get(name, ())}
    asks = [handler for handler in page.fns.values() if handler.name == "ask"]
    assert {handler.concurrency_limit for handler in asks} == {"default"}, "a bank answer waits for no other answer"
    page.close()


def test_an_attempt_does_not_queue_behind_what_is_read_ahead_of_it(tmp_path: Path) -> None:
    page = build_page(Tutor(load_settings(home=tmp_path)))
    lines: dict[str, set[object]] = {}
    for handler in page.fns.values():
        lines.setdefault(handler.name or "", set()).add(handler.concurrency_id)
    assert lines["warm"] == {"ahead"}
    assert not lines["hand_in"] & (lines["go_on"] | lines["ask"] | lines["warm"])
    assert not lines["go_on"] & (lines["ask"] | lines["warm"])
    page.close()
