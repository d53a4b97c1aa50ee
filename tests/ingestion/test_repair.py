"""What the web broke is mended; what only looks broken is left alone."""

import pytest

from tutor.ingestion.clean import clean_text
from tutor.ingestion.repair import normalised


def test_a_flattened_attention_formula_is_one_line_again() -> None:
    broken = "The core is:\nAttention(Q,K,V)=softmax(\nd\nk\n\nQK\nT\n\n\n)V\n\nNext paragraph."
    assert clean_text(broken) == "The core is:\nAttention(Q,K,V)=softmax(QK^T/√d_k)V\n\nNext paragraph."


def test_letters_cut_out_of_a_sentence_return_with_their_subscript() -> None:
    assert clean_text("当维度\nd\nk\n\n的值较大时，点积会变大。") == "当维度d_k的值较大时，点积会变大。"
    assert clean_text("为什么要除以\nd\nk\n\n？") == "为什么要除以√d_k？"


def test_inline_code_on_a_line_of_its_own_returns_to_its_sentence() -> None:
    assert clean_text("子层的输出是\nNorm(x + f(x))\n。这样梯度更稳。") == "子层的输出是Norm(x + f(x))。这样梯度更稳。"
    assert clean_text("模型预测第t\n个词时，只看第1\n到t-1\n个词。") == "模型预测第t个词时，只看第1到t-1个词。"
    english = "Before every step the loop calls the function\noptimizer.zero_grad()\nand then runs the forward pass."
    assert clean_text(english) == english.replace("\n", " ")


@pytest.mark.parametrize(
    "text",
    [
        "常见优化器：\nSGD\nAdam\nLion",
        "要点如下\n个人项目中的技术选型\n了解业务背景",
        "Terms to know\nRAG\nMoE\nDPO\nGQA",
        "模型规模\n7B\n13B\n70B",
    ],
)
def test_short_lines_that_are_items_are_not_joined(text: str) -> None:
    assert clean_text(text).split("\n") == text.split("\n")


def test_a_bullet_alone_on_a_line_belongs_to_the_text_below_it() -> None:
    assert clean_text("优势：\n-\n并行\n-\n•\n全局视野\n●\n\n稳定") == "优势：\n- 并行\n- 全局视野\n- 稳定"


def test_a_bullet_at_the_end_of_a_sentence_belongs_to_the_next_item() -> None:
    assert (
        clean_text("- 残差连接：缓解梯度消失。 -\n归一化：稳定训练。")
        == "- 残差连接：缓解梯度消失。\n- 归一化：稳定训练。"
    )


def test_all_bullets_are_written_alike_and_keep_their_depth() -> None:
    assert clean_text("• one\n  ◦ two\n▪ three\n– four") == "- one\n  - two\n- three\n- four"


def test_a_number_alone_before_a_question_goes() -> None:
    text = "3\nQ: What is RoPE?\nA: A rotation of queries and keys.\n4\nQ: And ALiBi?\nA: A distance penalty."
    assert clean_text(text) == text.replace("3\n", "").replace("4\n", "")


def test_numbers_alone_in_sequence_become_a_numbered_list() -> None:
    assert clean_text("步骤\n1\n定义：说清概念\n2\n原理：说明机制") == "步骤\n1. 定义：说清概念\n2. 原理：说明机制"


def test_a_single_number_on_a_line_is_left_alone() -> None:
    assert clean_text("The answer is\n42\nand nothing else.") == "The answer is\n42\nand nothing else."


def test_a_question_glued_to_the_answer_before_it_gets_its_own_line() -> None:
    text = "A: 防止 softmax 饱和。Q: 为什么不除以别的数?\nA: 方差恰好为一。"
    assert clean_text(text).split("\n")[1] == "Q: 为什么不除以别的数?"


def test_items_that_lost_their_bullets_are_a_list_again() -> None:
    text = "主要区别在于：\n\n归一化的位置\n\n激活函数\n\n位置编码\n\n这三点都影响训练稳定性，其中第一点影响最大，值得在面试里先讲，再讲另外两点，最后补充实验结论与自己的看法。"
    assert clean_text(text).split("\n")[1:4] == ["- 归一化的位置", "- 激活函数", "- 位置编码"]


def test_numbered_code_is_fenced_and_indented_again() -> None:
    text = (
        "示例：\n  1. class Gate(nn.Module):\n  2. def __init__(self, size):\n  3. super().__init__()\n"
        "  4. self.w = nn.Linear(\n  5. size, 1,\n  6. )\n  7. def forward(self, x):\n  8. if x is None:\n  9. return 0\n"
        "  10. return self.w(x)\n\n之后的段落。"
    )
    assert clean_text(text) == (
        "示例：\n\n```python\nclass Gate(nn.Module):\n    def __init__(self, size):\n        super().__init__()\n"
        "        self.w = nn.Linear(\n            size, 1,\n        )\n    def forward(self, x):\n        if x is None:\n"
        "            return 0\n        return self.w(x)\n```\n\n之后的段落。"
    )


def test_numbered_code_that_kept_its_indentation_keeps_it() -> None:
    text = "1. for x in xs:\n2.   total = total + x\n3.   print(total)"
    assert clean_text(text) == "```python\nfor x in xs:\n  total = total + x\n  print(total)\n```"


@pytest.mark.parametrize(
    "text",
    [
        "1. Import the data and look at it\n2. Return to the baseline\n3. Compare (twice)",
        "1. PyTorch分布式训练(DDP, FSDP)\n2. CUDA内核优化\n3. 混合编程(C++/Python接口)",
        "1. Accuracy = correct answers over all answers\n2. Recall of the positive class\n3. F1",
    ],
)
def test_numbered_lists_are_no_code(text: str) -> None:
    assert clean_text(text) == text


def test_code_blocks_and_formulas_come_through_untouched() -> None:
    text = "Look:\n\n```text\n-\n1\nQ: x\nLike (0)\nsoftmax(\nd\nk\n```\n\n$$\n-\n1\n$$\n\nDone."
    assert clean_text(text) == text


def test_invisible_characters_and_lost_entities_are_mended() -> None:
    assert normalised("a\u200bb\u00a0c\ufeff\r\n图#xff0c;表&nbsp;x &lt; y  ") == "ab c\n图，表 x < y"


def test_a_text_copied_out_of_an_indented_box_starts_at_the_margin() -> None:
    text = (
        "Title\n\n    1. What is it?\n\n    That.\n    This.\n\n      - a point\n\n    2. Why?\n\n    Because.\n    So."
    )
    lists = "Topics\n  - one\n  - two\n  - three\n  - four\n  - five"
    assert normalised(lists) == lists
    assert normalised(text) == "Title\n\n1. What is it?\n\nThat.\nThis.\n\n  - a point\n\n2. Why?\n\nBecause.\nSo."


def test_cleaning_twice_changes_nothing_more() -> None:
    from tests.ingestion.pages import SAVED_PAGES

    for page in SAVED_PAGES.values():
        once = clean_text(page.text)
        assert clean_text(once) == once
