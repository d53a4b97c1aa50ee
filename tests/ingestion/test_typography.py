"""An exponent stays an exponent and an index an index, whatever the format set them in."""

import pytest

from tutor.ingestion.typography import is_monospaced, lowered, raised


@pytest.mark.parametrize(
    ("script", "after", "written"),
    [
        ("23", " FLOPs", "^23"),
        ("2", "", "^2"),
        ("-6", "", "^{-6}"),
        ("\u22124", "", "^{-4}"),
        ("T", "V", "^{T}"),
        ("n+1", "", "^{n+1}"),
        ("2n", "", "^{2n}"),
        ("i^2", "", "^{i^2}"),
        ("{-6}", "", "^{-6}"),
        (" ( l ) ", "", "^{( l )}"),
        ("2", "5", "^{2}"),
        ("", "x", ""),
    ],
)
def test_raised_text_is_an_exponent(script: str, after: str, written: str) -> None:
    assert raised(script, after) == written


@pytest.mark.parametrize("script", ["st", "th", "™", "®", "TM", "[3]", "[3, 4]", "†", "**"])
def test_what_is_raised_by_habit_stays_glued(script: str) -> None:
    assert raised(script) == script


@pytest.mark.parametrize(
    ("script", "after", "written"),
    [
        ("k", "=64", "_k"),
        ("model", "", "_{model}"),
        ("t-1", "", "_{t-1}"),
        ("i,j", "", "_{i,j}"),
        ("h1", "", "_{h1}"),
        ("2", "O", "_2"),
        ("i", "y", "_{i}"),
        ("k", "的方差", "_k"),
        ("总", "是各项之和", "_{总}"),
        ("总", "=", "_总"),
    ],
)
def test_lowered_text_is_an_index(script: str, after: str, written: str) -> None:
    assert lowered(script, after) == written


def test_small_print_is_text_beside_the_line() -> None:
    assert lowered("Figure 2: the two halves of a block") == " Figure 2: the two halves of a block"
    assert raised("see the appendix") == " see the appendix"


@pytest.mark.parametrize(
    "font", ["Courier New", "LMMono10-Regular", "DejaVu Sans Mono", "SourceCodePro-Bold", "等宽更纱黑体"]
)
def test_fonts_of_code_have_letters_of_one_width(font: str) -> None:
    assert is_monospaced(font)


@pytest.mark.parametrize("font", ["Monotype Corsiva", "Times New Roman", "Simonetta"])
def test_other_fonts_have_not(font: str) -> None:
    assert not is_monospaced(font)
