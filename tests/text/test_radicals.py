"""What looks like a character is that character."""

import pytest

from tutor.ingestion.clean import clean_text
from tutor.text.radicals import without_radicals


@pytest.mark.parametrize(
    ("copied", "meant"),
    [
        ("⼀次⽅程与⼆次⽅程的⾃变量", "一次方程与二次方程的自变量"),
        ("⻢⼒、⻓度、⻅解、⻋辆、⻛格、⻜⾏、⻚⾯、⻔限", "马力、长度、见解、车辆、风格、飞行、页面、门限"),
        ("⻬次坐标，⻰⻦⻥⻨，⻩⾊⻮轮，⻆⾊", "齐次坐标，龙鸟鱼麦，黄色齿轮，角色"),
        ("窗⼝⼤⼩、⽂本⻓短、⽤户与⾏为", "窗口大小、文本长短、用户与行为"),
        ("⼾籍", "户籍"),
    ],
)
def test_radicals_of_a_copied_page_are_read_as_characters(copied: str, meant: str) -> None:
    assert without_radicals(copied) == meant


def test_every_radical_that_stands_for_a_character_is_folded_and_nothing_else_is() -> None:
    kangxi = "".join(map(chr, range(0x2F00, 0x2FD6)))
    assert all("\u3400" <= character <= "\u9fff" for character in without_radicals(kangxi))
    other = "10² ① ㎡ ﬁ Ａ 々 、。「」ㄅ 注意力 attention"
    assert without_radicals(other) == other
    assert without_radicals("\u2e83" * 3) == "乚" * 3


def test_a_heading_numbered_with_a_radical_is_numbered() -> None:
    assert clean_text("⼆、采样的⽅法").startswith("二、采样的方法")
