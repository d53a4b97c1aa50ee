"""What a library could not decode is told, and nonsense is not taken for text."""

from pathlib import Path

import pytest

from tests.ingestion.fakes import MemoryIndex
from tests.ingestion.files import coded_pdf_bytes, pdf_bytes
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
        ("B5pc-H", "big5", "CNS1", "注意力機制的代價是顯存"),
        ("KSCms-UHC-H", "cp949", "Korea1", KOREAN),
    ],
)
def test_a_pdf_that_cannot_be_decoded_is_refused_with_the_reason(
    encoding: str, codec: str, ordering: str, text: str
) -> None:
    with pytest.raises(DocumentError, match=rf"`a\.pdf`.*nonsense \(\d+% of the letters.*{encoding}") as error:
        load_bytes(coded_pdf_bytes(text, encoding, codec, ordering), "a.pdf")
    told = error.value.in_language("zh")
    assert "乱码" in told
    assert f"使用 {encoding} 编码的字体无法解码" in told


@pytest.mark.parametrize(("encoding", "codec"), [("GBK-EUC-H", "gbk"), ("UniGB-UCS2-H", "utf-16-be")])
def test_an_encoding_that_is_known_is_read_without_a_doubt(encoding: str, codec: str) -> None:
    loaded = load_bytes(coded_pdf_bytes(CHINESE, encoding, codec, "GB1"), "a.pdf")
    assert CHINESE in loaded.text
    assert loaded.doubts == ()
    assert load_bytes(pdf_bytes([[CHINESE]]), "b.pdf").doubts == ()


def test_a_partly_legible_pdf_is_read_and_the_report_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "slides.pdf").write_bytes(coded_pdf_bytes(CHINESE, "GBKp-EUC-H", "gbk", "GB1", LEGIBLE))
    index = MemoryIndex()
    report = ingest([tmp_path], index, load_bank=lambda _: [])
    assert (report.added, report.failed) == (1, ())
    assert "Paged attention" in str(index.texts())
    (item,) = report.doubts
    assert "GBKp-EUC-H" in str(item.doubt)
    assert report_json(report)["doubts"][0]["fields"] == {"encodings": ["GBKp-EUC-H"]}
    assert f"slides.pdf: {item.doubt}" in render_report(report)
    assert "无法解码" in render_report(report, "zh")
