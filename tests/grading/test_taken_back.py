"""What a speaker takes back is left out, and nothing else is. The sentences are by the hand that wrote the rules."""

import pytest

from tutor.grading.taken_back import drop_taken_back
from tutor.text.spans import clean_with_origins, split_spans


def kept(text: str) -> list[str]:
    cleaned = clean_with_origins(text)
    spans = drop_taken_back(split_spans(cleaned))
    assert all(cleaned.text[span.start : span.end] == span.text for span in spans)
    return [span.text for span in spans]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("The router is dense, no, sorry, it is sparse.", ["it is sparse."]),
        (
            "It needs two passes. The loss is summed, wait, no, averaged over tokens.",
            ["It needs two passes.", "averaged over tokens."],
        ),
        ("温度越高越确定，不对，是越随机。", ["是越随机。"]),
        ("推理用的是编码器，啊错了，是解码器。", ["是解码器。"]),
        ("先做归一化，训练用梯度累积，哦不对，用的是梯度检查点。", ["先做归一化", "用的是梯度检查点。"]),
        ("I used to think pruning needs labels, but it is often done without them.", ["often done without them."]),
        ("我以前以为剪枝要重新训练，其实可以一次剪完。", ["可以一次剪完。"]),
        ("Does beam search sample? No. It keeps the best prefixes.", ["It keeps the best prefixes."]),
        ("Some say the cache is shared. They say it is small. None of this is true.", []),
        ("有人说困惑度越高越好，还说它和准确率无关。这些说法都不对。", []),
        ("有人说词表越大越好。这不对。词表大了嵌入层也变大。", ["词表大了嵌入层也变大。"]),
    ],
)
def test_what_is_taken_back_is_left_out(text: str, rest: list[str]) -> None:
    assert kept(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "There is no wait here, because reads are asynchronous.",
        "It is not the mean but the sum that is scaled.",
        "Beam search is not sampling. It keeps the best prefixes.",
        "The mask is needed. Without it training leaks. That is wrong in inference only when caching is off.",
        "这样做不对称，但省显存。",
        "不是所有层都量化，不对称量化只用在激活上。",
        "有人以为它更快，面试里这样说会扣分。",
        "Some people say recall matters more.",
        "Is it linear? Yes. The cost grows with length.",
    ],
)
def test_what_is_meant_stays_as_it_is(text: str) -> None:
    assert kept(text) == [span.text for span in split_spans(clean_with_origins(text))]
