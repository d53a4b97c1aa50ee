"""Numbers and sizes of two texts that should say the same."""

import pytest

from tutor.bank.compare import chinese_characters, english_words, unmatched_numbers
from tutor.domain import Bilingual


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("参数量约 70 亿。", "About 7 billion parameters."),
        ("参数量约 70 亿。", "About 7B parameters."),
        ("100 万页文档", "one million pages"),
        ("千亿参数", "a model with 100 billion parameters"),
        ("省 60%~80%", "saves 60 to 80%"),
        ("占 50%", "fifty percent"),
        ("约 1.5 GB 和 264 GB", "about 1.5 and 264 GB"),
        ("是原来的 1/50", "a fiftieth"),
        ("$4+1\\approx19.3\\sim20.3$ GB", "19.3 to $20.3$ GB"),
        ("3.15e23÷9.36e16 秒", "3.15e23 / 9.36e16 s"),
        ("两阶段，3 层", "two stages, three layers"),
        ("一千张卡", "1,000 GPUs"),
        ("GPT-3 与 H100", "GPT-3 and the H100"),
        ("三百二十个", "320 of them"),
    ],
)
def test_the_same_numbers_in_other_words_match(zh: str, en: str) -> None:
    assert unmatched_numbers(Bilingual(zh, en)) == ([], [])


@pytest.mark.parametrize(
    ("zh", "en", "only_zh", "only_en"),
    [
        ("约 39 天", "about 93 days", ["39"], ["93"]),
        ("省 29%", "saves a third", ["29%"], []),
        ("很多层", "80 layers", [], ["80"]),
        ("参数量约 70 亿。", "About 70 billion parameters.", ["70 亿"], ["70 billion"]),
        ("约 4.29 GB", "about 4.29 GiB", ["4.29 GB"], ["4.29 GiB"]),
    ],
)
def test_other_numbers_are_told_for_each_language(zh: str, en: str, only_zh: list[str], only_en: list[str]) -> None:
    assert unmatched_numbers(Bilingual(zh, en)) == (only_zh, only_en)


def test_words_and_characters_are_counted_as_editors_do() -> None:
    assert english_words("| KV cache | $2 \\times 3$ bytes |\n- done, really.") == 6
    assert chinese_characters("KV cache 占 4.29 GB，即 $2\\times 3$ 倍。") == 8
