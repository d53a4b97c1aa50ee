"""What a library could not decode is told, and nonsense is not taken for text."""

import pytest

from tests.ingestion.files import coded_pdf_bytes
from tutor.ingestion.load import load_bytes
from tutor.ingestion.nonsense import strange_share
from tutor.ingestion.report import Doubt, Report, render_report
from tutor.messages import Message

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


def test_the_report_says_how_much_of_a_text_is_strange() -> None:
    doubt = Message("ingestion.strange_letters", share=0.3)
    told = render_report(Report(added=1, doubts=(Doubt("notes/slides.pdf", doubt),)))
    assert "slides.pdf: 30% of the letters belong to no language" in told
