"""What a library could not decode is told, and nonsense is not taken for text."""

from pathlib import Path

import pytest

from tests.ingestion.fakes import MemoryIndex
from tests.ingestion.files import coded_pdf_bytes
from tutor.errors import DocumentError
from tutor.ingestion.load import load_bytes
from tutor.ingestion.nonsense import strange_share
from tutor.ingestion.pipeline import ingest
from tutor.ingestion.report import render_report, report_json

CHINESE = "注意力机制的代价是显存随长度线性增长"
KOREAN = "주의 메커니즘은 모든 위치를 가중합하여 문맥을 반영한다"
LEGIBLE = "Paged attention keeps the cache in blocks of a fixed size, and each block has a table entry. " * 2


@pytest.mark.parametrize(
    "text",
    [
        CHINESE,
        KOREAN,
        "注意力機制的代價是顯存",
        "注意機構は系列の全ての位置を重み付けする。キャッシュ",
        "Обучение нейронных сетей с GPU",
        "الشبكات العصبية و GPT",
        "การเรียนรู้ของเครื่อง",
        "损失 ℒ(θ) = −∑ log p_θ(x) 用 Adam，ℝ^d，α ≤ ∞ → ①②③",
        "\uf0b7 the first item of a list\n\uf0b7 the second item of a list",
        "LLM은 GPU에서 实时 推理",
        "👍🚀 great ❤️",
        "12345 ...",
        "",
    ],
)
def test_text_of_any_language_is_no_nonsense(text: str) -> None:
    assert strange_share(text) < 0.2


@pytest.mark.parametrize("text", [CHINESE, "深度学习模型的训练与推理需要大量显存"])
def test_codes_of_another_encoding_are_nonsense(text: str) -> None:
    assert strange_share(text.encode("gbk").decode("utf-16-be", "replace")) > 0.5


def test_replaced_characters_are_nonsense() -> None:
    assert strange_share("\ufffd\ufffd\ufffd a \ufffd\ufffd") > 0.5
    assert strange_share("锟斤拷锟斤拷") > 0.2


@pytest.mark.parametrize(
    ("encoding", "codec", "ordering", "text"),
    [
        ("GBKp-EUC-H", "gbk", "GB1", CHINESE),
        ("GBK-EUC-H", "gbk", "GB1", CHINESE),
        ("UniGB-UCS2-H", "utf-16-be", "GB1", CHINESE),
        ("B5pc-H", "big5", "CNS1", "注意力機制的代價是顯存"),
        ("KSCms-UHC-H", "cp949", "Korea1", "주의 메커니즘의 비용"),
    ],
)
def test_a_pdf_with_an_encoding_of_its_region_is_read(encoding: str, codec: str, ordering: str, text: str) -> None:
    loaded = load_bytes(coded_pdf_bytes(text, encoding, codec, ordering), "a.pdf")
    assert text in loaded.text
    assert loaded.doubts == ()


def test_a_pdf_whose_font_has_no_map_is_refused_with_the_reason() -> None:
    with pytest.raises(DocumentError, match=r"`a\.pdf`.*nonsense \(\d+% of the letters") as error:
        load_bytes(coded_pdf_bytes(CHINESE, "Identity-H", "utf-16-be", "GB1"), "a.pdf")
    assert "乱码" in error.value.in_language("zh")


def test_a_partly_legible_pdf_is_read_and_the_report_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "slides.pdf").write_bytes(coded_pdf_bytes(CHINESE, "Identity-H", "utf-16-be", "GB1", LEGIBLE))
    index = MemoryIndex()
    report = ingest([tmp_path], index, load_bank=lambda _: [])
    assert (report.added, report.failed) == (1, ())
    assert "Paged attention" in str(index.texts())
    (item,) = report.doubts
    assert (item.doubt.key, report_json(report)["doubts"][0]["fields"]["lines"]) == ("ingestion.strange_lines", 1)
    assert f"slides.pdf: {item.doubt}" in render_report(report)
    assert "有 1 行像是乱码" in render_report(report, "zh")


def test_a_line_of_an_encoding_misread_is_told_in_any_kind_of_file() -> None:
    strange = CHINESE.encode("gbk").decode("utf-16-be", "replace")
    loaded = load_bytes(f"{LEGIBLE * 3}\n\n{strange}\n".encode(), "notes.md")
    assert [doubt.key for doubt in loaded.doubts] == ["ingestion.strange_lines"]
    assert load_bytes(f"{LEGIBLE}\n\n{CHINESE}\n".encode(), "notes.md").doubts == ()
