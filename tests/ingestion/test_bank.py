"""Bank entries become passages that a learner's question can meet, in both languages."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from tests.ingestion.fakes import MemoryIndex
from tests.samples import entry
from tutor.bank.load import load_entries
from tutor.domain import Bilingual, Entry, Misconception
from tutor.drills.formulas import compute
from tutor.ingestion import pipeline
from tutor.ingestion.bank import PASSAGE_TOKENS, entry_passages
from tutor.ingestion.report import Report
from tutor.text.tokens import estimate_tokens


def test_an_entry_is_one_document_with_passages_in_both_languages() -> None:
    document, passages = entry_passages(entry(), "/bank/inference.yaml")
    assert document.id == "entry:kv-cache"
    assert document.entry_id == "kv-cache"
    assert document.origins == ("/bank/inference.yaml",)
    assert [(passage.part, passage.language) for passage in passages] == [
        (part, language)
        for language in ("zh", "en")
        for part in ("question", "question", "answer", "key_points", "misconceptions")
    ]
    assert {passage.entry_id for passage in passages} == {"kv-cache"}
    assert [passage.ordinal for passage in passages] == list(range(10))
    assert len({passage.id for passage in passages}) == 10


def test_each_passage_carries_question_as_title_and_group_as_heading() -> None:
    passages = entry_passages(entry())[1]
    assert {(passage.title, passage.heading_path) for passage in passages} == {
        ("KV Cache 的原理是什么？", ("推理与部署",)),
        ("How does a KV cache work?", ("Inference and deployment",)),
    }


def test_an_alias_is_a_passage_of_its_own_and_an_answer_starts_with_its_question() -> None:
    texts = [passage.text for passage in entry_passages(entry())[1]]
    assert "Why does caching keys help?" in texts
    assert any(text.startswith("How does a KV cache work?\nA KV cache keeps") for text in texts)


def test_a_misconception_is_never_told_without_its_correction() -> None:
    twenty = tuple(
        Misconception(f"m{n}", Bilingual(f"错误的话{n}。" * 10, f"A wrong claim {n}. " * 8), Bilingual(f"正确的话{n}。" * 10, f"The truth {n}. " * 8))
        for n in range(20)
    )  # fmt: skip
    passages = [p for p in entry_passages(replace(entry(), misconceptions=twenty))[1] if p.part == "misconceptions"]
    assert len(passages) > 4
    for passage in passages:
        wrong, right = ("错误说法：", "正确说法：") if passage.language == "zh" else ("Wrong: ", "Right: ")
        assert passage.text.count(wrong) == passage.text.count(right) > 0
        assert passage.text.index(wrong) < passage.text.index(right)


def test_a_long_answer_is_cut_and_what_is_dated_is_said() -> None:
    long = replace(
        entry(),
        answer=Bilingual(
            "缓存保存键和值，每一步只算新的一个。" * 80, "The cache keeps keys and values, one step at a time. " * 90
        ),
        dated=Bilingual("2024 年前的框架没有分页。", "Frameworks before 2024 had no paging."),
    )
    answers = [passage for passage in entry_passages(long)[1] if passage.part == "answer"]
    assert len(answers) >= 4
    assert all(estimate_tokens(passage.text) <= PASSAGE_TOKENS for passage in answers)
    assert all(passage.text.startswith(passage.title + "\n") for passage in answers)
    assert any("Dated: Frameworks before 2024" in passage.text for passage in answers)


def test_ids_change_with_what_is_stored_and_with_nothing_else() -> None:
    before = {passage.id for passage in entry_passages(entry())[1]}
    assert before == {passage.id for passage in entry_passages(replace(entry(), level=3), "/elsewhere.yaml")[1]}
    asked_otherwise = replace(entry(), aliases={"zh": ("新的问法？",), "en": ("Why does caching keys help?",)})
    assert len(before & {passage.id for passage in entry_passages(asked_otherwise)[1]}) == 9


# --- bank files in the pipeline


class Bank:
    """A stand-in for the loader: entries by file name."""

    def __init__(self, **files: list[Entry]) -> None:
        self.files = files

    def __call__(self, path: Path) -> list[Entry]:
        return self.files[path.stem]


def read_entries(path: Path) -> list[Entry]:
    return load_entries(path, compute)


def run(index: MemoryIndex, folder: Path, bank: Bank) -> Report:
    for name in bank.files:
        (folder / f"{name}.yaml").write_text("group: x")
    return pipeline.ingest([folder], index, load_bank=bank)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed, len(report.failed)


def test_entries_are_documents_that_are_added_updated_and_removed_one_by_one(tmp_path: Path) -> None:
    index = MemoryIndex()
    assert counts(run(index, tmp_path, Bank(a=[entry("one"), entry("two")], b=[entry("three")]))) == (3, 0, 0, 0, 0)
    assert counts(run(index, tmp_path, Bank(a=[entry("one"), entry("two")], b=[entry("three")]))) == (0, 0, 3, 0, 0)
    changed = replace(entry("two"), level=3)
    assert counts(run(index, tmp_path, Bank(a=[entry("one"), changed], b=[entry("three")]))) == (0, 1, 2, 0, 0)
    assert counts(run(index, tmp_path, Bank(a=[changed], b=[entry("three")]))) == (0, 0, 2, 1, 0)
    (tmp_path / "a.yaml").unlink()
    assert counts(run(index, tmp_path, Bank(b=[entry("three")]))) == (0, 0, 1, 1, 0)


def test_an_entry_that_moves_to_another_file_stays(tmp_path: Path) -> None:
    index = MemoryIndex()
    run(index, tmp_path, Bank(a=[entry("one")], b=[entry("two")]))
    puts = len(index.puts)
    assert counts(run(index, tmp_path, Bank(a=[], b=[entry("two"), entry("one")]))) == (0, 0, 2, 0, 0)
    assert len(index.puts) == puts
    assert [Path(o).name for o in index.entries["entry:one"].document.origins] == ["b.yaml"]


def test_the_same_id_with_other_content_in_a_second_file_is_a_failure(tmp_path: Path) -> None:
    index = MemoryIndex()
    report = run(index, tmp_path, Bank(a=[entry("one")], b=[replace(entry("one"), level=3), entry("two")]))
    assert counts(report) == (2, 0, 0, 0, 1)
    assert "b.yaml: entry `one` is already in a.yaml" in str(report.failed[0].error)


def test_the_same_entry_in_two_files_has_two_origins(tmp_path: Path) -> None:
    index = MemoryIndex()
    assert counts(run(index, tmp_path, Bank(a=[entry("one")], b=[entry("one")]))) == (1, 0, 0, 0, 0)
    assert len(index.entries["entry:one"].document.origins) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("group: inference\nentries:\n- id: [\n", "line "),
        ("group: inference\nentries:\n- id: kv-cache\n  kind: concept\n", "entry `kv-cache`, field "),
        ("name: docker\nservices: {}\n", "expected a bank file with `group:` and `entries:`"),
        ("- a\n- b\n", "expected a bank file"),
        ("", "found an empty file"),
    ],
)
def test_a_bank_file_with_a_slip_fails_as_a_whole_and_says_where(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mine.yaml").write_text(text)
    (tmp_path / "note.txt").write_text("A note about caches.")
    report = pipeline.ingest([tmp_path], MemoryIndex(), load_bank=read_entries)
    assert counts(report) == (1, 0, 0, 0, 1)
    assert "mine.yaml" in str(report.failed[0].error)
    assert told in str(report.failed[0].error)


def test_a_slip_keeps_the_entries_that_were_read_before(tmp_path: Path) -> None:
    index = MemoryIndex()
    run(index, tmp_path, Bank(a=[entry("one")]))
    (tmp_path / "a.yaml").write_text(yaml.safe_dump({"group": "inference", "entries": [{"id": "one"}]}))
    report = pipeline.ingest([tmp_path], index, load_bank=read_entries)
    assert counts(report) == (0, 0, 0, 0, 1)
    assert list(index.entries) == ["entry:one"]
