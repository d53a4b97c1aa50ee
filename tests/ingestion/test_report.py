"""The report says in few words what happened, in both languages, and as the JSON that scripts rely on."""

from dataclasses import replace

from tutor.errors import DocumentError
from tutor.ingestion.report import Failure, Refuted, Report, render_report, report_json

REPORT = Report(
    added=3,
    updated=1,
    unchanged=4,
    removed=2,
    failed=(Failure("/notes/a.pdf", DocumentError("ingestion.no_text", file="a.pdf")),),
    passages=57,
    seconds=1.23456,
    skipped=("/notes/x.png", "/notes/y.png", "/notes/Makefile"),
)


def test_json_is_exactly_what_was_promised() -> None:
    assert report_json(REPORT) == {
        "documents": {
            "added": 3,
            "updated": 1,
            "unchanged": 4,
            "removed": 2,
            "failed": [
                {
                    "path": "/notes/a.pdf",
                    "error": "`a.pdf`: expected some text, found none in it. Check the file, or leave it out.",
                    "key": "ingestion.no_text",
                    "fields": {"file": "a.pdf"},
                }
            ],
        },
        "doubts": [],
        "refuted": [],
        "skipped": ["/notes/x.png", "/notes/y.png", "/notes/Makefile"],
        "passages": 57,
        "seconds": 1.235,
    }


def test_contradictions_are_told_per_document_in_both_languages() -> None:
    report = replace(REPORT, failed=(), refuted=(Refuted("Saved page", 3), Refuted("Notes", 1)))
    lines = [line for line in render_report(report).split("\n") if "contradict" in line]
    assert [line.split("(")[0].strip() for line in lines] == [
        "⚠ Saved page: 3 statements contradict the bank",
        "⚠ Notes: 1 statement contradicts the bank",
    ]
    assert "⚠ Saved page：3 处说法与题库相矛盾" in render_report(report, "zh")


def test_text_counts_and_gives_every_reason() -> None:
    assert render_report(REPORT).split("\n") == [
        "Ingestion finished in 1.2 s",
        "  documents: 3 added, 1 updated, 4 unchanged, 2 removed, 1 failed",
        "  passages in the index: 57",
        "  skipped, not a kind that can be read: 2 .png, 1 Makefile",
        "failed:",
        "  - /notes/a.pdf",
        "    `a.pdf`: expected some text, found none in it. Check the file, or leave it out.",
    ]
    assert "新增 3，更新 1，未变 4，移除 2，失败 1" in render_report(REPORT, "zh")
    assert render_report(REPORT, "zh").endswith("`a.pdf`：文件里没有文字。请检查文件，或不要添加它。")


def test_a_clean_run_speaks_of_no_failure() -> None:
    assert "failed:" not in render_report(Report(added=1, passages=2))
