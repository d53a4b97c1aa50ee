"""Results that a passage's own inputs refute; silence wherever an input is missing or stated twice."""

import pytest

from tutor.drills.refutations import refute_figures

MODEL = "A 7B model in FP16 with 32 layers, hidden size 4096, batch size 4 and sequence length 2048. "
RUN = "用 1000 张 A100 训练 175B 模型，数据量 300B tokens，利用率 30%。"


@pytest.mark.parametrize(
    ("text", "statement", "value"),
    [
        (MODEL + "The KV cache takes 2 GB.", "The KV cache takes 2 GB.", 4.29),
        (MODEL + "The weights take 28 GB.", "The weights take 28 GB.", 14.0),
        (RUN + "训练时间大约要 3 到 4 个月。", "训练时间大约要 3 到 4 个月。", 38.95),
        (RUN + "计算量是 3.15×10²¹ FLOPs。", "计算量是 3.15×10²¹ FLOPs。", 3.15e23),
    ],
)
def test_a_result_that_its_inputs_contradict_is_found(text: str, statement: str, value: float) -> None:
    (found,) = refute_figures(text)
    assert found.statement == statement
    assert found.right.value == pytest.approx(value, rel=0.01)


@pytest.mark.parametrize(
    "text",
    [
        MODEL + "The KV cache takes about 4 GB and the weights 14 GB.",
        MODEL + "The KV cache takes 4 GiB.",
        MODEL + "With GQA the KV cache takes 1 GB.",  # the width says nothing about the heads
        MODEL + "With batch size 8 the KV cache takes 8.6 GB.",  # two batch sizes: which one is meant?
        MODEL + "Quantized to 4 bits the weights take 3.5 GB.",
        "A 7B model in FP16: the KV cache takes 2 GB.",  # nothing to compute it from
        RUN + "训练时间约 39 天，也就是 1.3 个月。",
        RUN + "训练时间大约 1 到 2 个月。",
        "训练 175B 模型要 3 到 4 个月。",
    ],
)
def test_what_the_text_does_not_settle_is_left_alone(text: str) -> None:
    assert refute_figures(text) == []


def test_the_correction_speaks_both_languages() -> None:
    (found,) = refute_figures(RUN + "训练时间大约要 3 到 4 个月。")
    assert found.explain().zh == "按这段文字自己给出的条件，训练时间应约为 39 天。"
    assert found.explain().en.endswith("training time comes to about 39 days.")
