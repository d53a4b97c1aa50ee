"""Every word of a file is in a passage, among what was dropped, in the report, or lost; the command says so."""

import argparse
from pathlib import Path

import pytest

from tests.ingestion.pages import CHINESE_BLOG, CHINESE_QA_SITE, ENGLISH_BLOG, FLASHCARDS, SavedPage
from tutor.cli import eval_reading
from tutor.evaluation.reading.measure import ReadText, compare, measure_reading
from tutor.evaluation.reading.source import SourceText

SOURCE = SourceText(
    (
        "What does a norm do?",
        "It keeps the scale of activations stable.",
        "为什么放在前面？",
        "梯度可以直接传到底层。",
    )
)


def read(*passages: str, dropped: str = "") -> ReadText:
    return ReadText(passages, dropped)


def test_nothing_is_lost_where_all_is_in_passages() -> None:
    losses = compare(SOURCE, read("\n".join(SOURCE.lines[:2]), "\n".join(SOURCE.lines[2:])))
    assert (losses.lost, losses.pairs, losses.pairs_kept, losses.in_order) == (0, 2, 2, losses.neighbours)


def test_a_word_that_is_nowhere_is_lost_and_shown() -> None:
    losses = compare(SOURCE, read(SOURCE.lines[0], "It keeps the scale stable.", *SOURCE.lines[2:]))
    assert losses.lost == 2
    assert "[of] [activations]" in losses.examples[0]


def test_a_dropped_line_is_counted_apart() -> None:
    losses = compare(SOURCE, read("\n".join(SOURCE.lines[:3]), dropped=SOURCE.lines[3]))
    assert (losses.lost, losses.dropped) == (0, 10)


def test_an_answer_without_its_question_is_a_broken_pair() -> None:
    assert compare(SOURCE, read(SOURCE.lines[0], "\n".join(SOURCE.lines[1:]))).pairs_kept == 1


def test_moved_lines_are_out_of_order() -> None:
    lines = tuple(f"statement number {number} about layers of a network" for number in "one two three four".split())
    losses = compare(SourceText(lines), read("\n".join([lines[2], lines[0], lines[1], lines[3]])))
    assert (losses.neighbours, losses.in_order) == (3, 2)


def test_a_sentence_that_is_kept_once_of_twice_is_a_repeat_left_out() -> None:
    twice = "the same sentence stands under two headings"
    assert (
        compare(SourceText((twice, "other words between", twice)), read(f"{twice} other words between")).repeated == 7
    )


def test_furniture_that_came_in_is_counted() -> None:
    source = SourceText(("All about norms.",), ("Home About Login", "Copy link"))
    losses = compare(source, read("All about norms. Copy link"))
    assert (losses.furniture, losses.furniture_left) == (2, 1)


def test_a_refused_file_loses_nothing_but_is_counted() -> None:
    losses = compare(SOURCE, ReadText(refusal="It is empty."))
    assert (losses.refused, losses.words, losses.lost) == (1, 0, 0)


FILES = {
    "notes.md": "---\ntags: x\n---\n# Norms\n\n## What does RMSNorm leave out?\n\nIt leaves out the **mean**, see [paper](http://x.y/z).\n\n"
    "| name | cost |\n|---|---|\n| RMSNorm | low |\n\n```python\nx = x / rms(x)\n```\n\n## 为什么有效？\n\n均值对效果影响很小。\n",
    "page.html": "<html><head><title>Heads</title></head><body><nav>Home Blog Archive</nav><h1>Heads</h1><h2>Why several heads?</h2>"
    "<p>Each one looks at <b>other</b> relations, with 2<sup>3</sup> of them.</p><button>Copy link</button></body></html>",
}


def run(folder: Path, *options: str) -> int:
    parser = argparse.ArgumentParser()
    eval_reading.add_parsers(parser.add_subparsers())
    args = parser.parse_args(["reading", str(folder), *options])
    return int(args.handler(args, None))


def test_the_command_finds_every_word_of_small_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert run(tmp_path, "--most-lost", "0") == 0
    kinds = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[3:5] for line in kinds[2:]] == [["15", "0.00 %"], ["35", "0.00 %"], ["50", "0.00 %"]]
    assert all("100.0 %" in line for line in kinds[2:])


def test_the_command_fails_where_a_reader_loses_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes.md").write_text(FILES["notes.md"], encoding="utf-8")
    honest = eval_reading.read_as_product
    monkeypatch.setattr(
        eval_reading,
        "read_as_product",
        lambda path: ReadText(tuple(text.replace("leaves out the **mean**", "") for text in honest(path).passages)),
    )
    assert run(tmp_path, "--most-lost", "0.002") == 1


def test_the_command_fails_where_nothing_was_read(tmp_path: Path) -> None:
    assert run(tmp_path / "nothing", "--most-lost", "1") == 1


DATA = Path(__file__).parents[2] / "ingestion" / "data"


def test_no_word_of_the_committed_samples_is_lost() -> None:
    """But for sheets of questions, whose names of columns become structure."""
    samples = [path for path in sorted(DATA.rglob("*.*")) if path.suffix != ".xlsx"]
    for path, losses in measure_reading(samples, eval_reading.read_as_product):
        assert losses.refused == 0, path.name
        assert losses.lost <= 0.002 * losses.words, (path.name, losses.examples)


@pytest.mark.parametrize("page", [CHINESE_BLOG, ENGLISH_BLOG, CHINESE_QA_SITE, FLASHCARDS])
def test_saved_pages_lose_their_furniture_and_nothing_else(page: SavedPage, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(page.text, encoding="utf-8")
    ((_, losses),) = measure_reading([tmp_path / "page.txt"], eval_reading.read_as_product)
    assert losses.lost <= 0.002 * losses.words, losses.examples
    stays = SourceText(
        tuple(
            line
            for line in page.text.splitlines()
            if any(part in line for part in page.stay) and not any(part in line for part in page.go)
        )
    )
    assert compare(stays, ReadText(eval_reading.read_as_product(tmp_path / "page.txt").passages)).lost == 0
