"""Form: every slip is reported with the line on which it is written."""

from collections.abc import Callable
from typing import Any

from tests.bank.folder import BankFolder

Make = Callable[..., dict[str, Any]]


def test_the_template_of_a_new_entry_has_no_problem(bank: BankFolder, entry: Make) -> None:
    bank.write(entry())
    report = bank.check()
    assert report.problems == ()
    assert report.entries == 1


def test_all_slips_of_all_entries_are_reported_with_their_lines(bank: BankFolder, entry: Make) -> None:
    bank.write(entry("one", level=9, colour="red"), entry("two"), entry("three", kind="essay"))
    report = bank.check()
    assert [(problem.entry, problem.field) for problem in report.problems] == [
        ("one", "level"), ("one", "colour"), ("three", "kind"),
    ]  # fmt: skip
    assert [problem.line for problem in report.problems] == [
        bank.line_with("level: 9"), bank.line_with("colour:"), bank.line_with("kind: essay"),
    ]  # fmt: skip
    assert report.entries == 1
    assert all(problem.file == "training.yaml" and problem.next_step for problem in report.problems)


def test_a_missing_field_is_reported_at_the_entry(bank: BankFolder, entry: Make) -> None:
    broken = entry("two")
    del broken["hints"]
    bank.write(entry(), broken)
    problem = bank.the_problem()
    assert (problem.entry, problem.field, problem.next_step) == ("two", "hints", "Add the field.")
    assert problem.line == bank.line_with("id: two")


def test_a_follow_up_to_an_unknown_key_point_is_a_problem_of_the_entry(bank: BankFolder, entry: Make) -> None:
    data = entry()
    data["follow_ups"][0]["probes"] = "elsewhere"
    bank.write(data)
    assert "`elsewhere` is no key point" in bank.the_problem().problem


def test_broken_yaml_is_reported_once_and_the_other_files_are_checked(bank: BankFolder, entry: Make) -> None:
    bank.seed_items = ("s1-01",)
    bank.write(entry(level=9))
    bank.write_text("group: inference\nentries:\n- id: [\n", "inference")
    problems = bank.problems()
    assert [problem.file for problem in problems] == ["inference.yaml", "training.yaml"]
    assert problems[0].line >= 3
    assert problems[0].entry is None


def test_a_key_written_twice_is_reported_where_it_is_repeated(bank: BankFolder, entry: Make) -> None:
    bank.write(entry())
    path = bank.folder / "training.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "  level: 2\n", encoding="utf-8")
    problem = bank.the_problem()
    assert "`level` is written twice" in problem.problem
    assert problem.line == len(path.read_text(encoding="utf-8").splitlines())


def test_an_id_used_in_two_files_is_reported_at_the_second(bank: BankFolder, entry: Make) -> None:
    bank.write(entry("one"), group="inference")
    second = entry("one")
    second["question"] = {"zh": "另一个问题？", "en": "Another question?"}
    second["aliases"] = {"zh": ["问法甲", "问法乙", "问法丙"], "en": ["way a", "way b", "way c"]}
    bank.write(second)
    problem = bank.the_problem()
    assert problem.file == "training.yaml"
    assert "already an entry of inference.yaml, line 3" in problem.problem


def test_the_group_is_known_and_names_the_file(bank: BankFolder, entry: Make) -> None:
    bank.write(entry(), group="cooking")
    assert "unknown group 'cooking'" in bank.the_problem().problem
    (bank.folder / "cooking.yaml").rename(bank.folder / "training.yaml")
    bank.write_text((bank.folder / "training.yaml").read_text(encoding="utf-8").replace("cooking", "inference"))
    assert bank.the_problem().next_step == "Name the file inference.yaml, or correct the group."


def test_files_that_are_no_bank_files_are_named(bank: BankFolder) -> None:
    for text in ("", "just words", "- a list", "group: training", "group: training\nentries: many"):
        bank.write_text(text)
        assert bank.the_problem().problem == "no bank file"
    bank.write_text("group: [training]\nentries: [nothing]")
    assert len(bank.problems()) == 2
    (bank.folder / "training.yaml").write_bytes(b"\xff\xfe\xfa")
    assert bank.the_problem().next_step == "Save it as UTF-8."


def test_an_empty_folder_is_a_problem(bank: BankFolder) -> None:
    assert bank.the_problem().problem == "no *.yaml files"
