"""Markdown as people write and export it: what carries meaning stays, and a question stays with its answer."""

import re
import time

import pytest

from tutor.ingestion.clean import clean_text
from tutor.ingestion.load import load_bytes
from tutor.ingestion.pipeline import read_document


def read(text: str, name: str = "notes.md") -> str:
    return load_bytes(text.encode(), name).text


def lines(text: str, name: str = "notes.md") -> list[str]:
    return [line for line in read(text, name).split("\n") if line.strip()]


def passages(text: str, name: str = "notes.md") -> list[str]:
    return [passage.text for passage in read_document(text.encode(), name, "file:1", "0", name)[1]]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("about 6 × 10<sup>22</sup> multiplications", "about 6 × 10^22 multiplications"),
        ("ε is 10<sup>&minus;8</sup> here", "ε is 10^{-8} here"),
        ("W<sub>Q</sub>W<sub>K</sub><sup>T</sup>", "W_{Q}W_K^T"),
        ("时间复杂度 O(n<sup>2</sup>d)", "时间复杂度 O(n^2d)"),
        ("维度 d<sub>head</sub> 的取值", "维度 d_{head} 的取值"),
        ("e<sup>x<sub>i</sub></sup> over the sum", "e^{x_i} over the sum"),
        ("2^10^ tokens and H~2~O", "2^10 tokens and H_2O"),
        ("the 3<sup>rd</sup> layer of GELU<sup>™</sup>", "the 3rd layer of GELU™"),
        ("as was shown<sup>[2](#note)</sup> before", "as was shown before"),
        ("<sub>Figure 3. Loss over steps of both runs.</sub>", " Figure 3. Loss over steps of both runs."),
    ],
)
def test_an_exponent_and_an_index_stay_what_they_are(written: str, meant: str) -> None:
    assert read(written).strip() == meant.strip()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("![](https://www.zhihu.com/equation?tex=%5Csqrt%7Bd_k%7D) scales", r"$\sqrt{d_k}$ scales"),
        ('<img src="https://render.githubusercontent.com/render/math?math=a%5E2" /> grows', "$a^2$ grows"),
        (r"Scale by \(1/\sqrt{d}\) first", r"Scale by $1/\sqrt{d}$ first"),
        (r"see \[1\] and d\_model", "see [1] and d_model"),
        ("in `a_[0](x)` and $f_{[1]}(x)$", "in `a_[0](x)` and $f_{[1]}(x)$"),
        ("the token `<sup>` or `<br>` itself", "the token `<sup>` or `<br>` itself"),
        ("ends with <|im_end|> or <eos>, as List<int> does", "ends with <|im_end|> or <eos>, as List<int> does"),
        ("press <kbd>Ctrl</kbd>, then <code>x_1 &lt; y</code>", "press `Ctrl`, then `x_1 < y`"),
        ("if p &lt; 0.05 &amp;&amp; q &#8805; 1", "if p < 0.05 && q ≥ 1"),
    ],
)
def test_formulas_code_and_tokens_are_read_as_written(written: str, meant: str) -> None:
    assert clean_text(read(written)) == meant


def test_a_table_in_html_keeps_its_cells_apart() -> None:
    table = (
        "# Sizes\n\n<table>\n<thead><tr><th rowspan=2>model</th><th colspan=2>memory</th></tr>\n"
        "<tr><th>weights</th><th>cache</th></tr></thead>\n\n<tbody><tr><td>7B</td><td>14 GB</td><td>2 GB</td></tr>\n"
        "<tr><td>13B</td><td colspan='2'>does not fit</td></tr></tbody></table>\n\nAfter it."
    )
    assert lines(table) == [
        "# Sizes",
        "| model | memory weights | memory cache |",
        "| --- | --- | --- |",
        "| 7B | 14 GB | 2 GB |",
        "| 13B | does not fit | does not fit |",
        "After it.",
    ]


def test_lists_headings_and_definitions_in_html_are_read() -> None:
    text = (
        '<h2 align="center">采样<br>方法</h2>\n<ul><li>温度<ul><li>越低越尖</li></ul></li><li>top-p</li></ul>\n'
        "<dl><dt>束搜索</dt><dd>保留最好的几条。</dd></dl>\n<p>第一段</p><p>第二段</p>"
    )
    assert lines(text) == [
        "## 采样 方法",
        "- 温度",
        "  - 越低越尖",
        "- top-p",
        "束搜索: 保留最好的几条。",
        "第一段",
        "第二段",
    ]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Zero at the start[^z].\n\n[^z]: Else training would begin elsewhere.", "begin elsewhere"),
        ("[Answer]: The mean is taken over the batch.", "taken over the batch"),
        ("[回答]：先归一化，再相加。", "先归一化"),
        ("[解析]: 见公式", "见公式"),
        ("[GQA]: grouped queries share keys", "grouped queries share keys"),
        ("[注]: https 不是重点，重点是缓存", "重点是缓存"),
        ("[1] Vaswani et al.: Attention is all you need", "Vaswani"),
    ],
)
def test_a_line_with_a_label_in_brackets_is_text(text: str, kept: str) -> None:
    assert kept in read(text)


def test_targets_of_reference_links_go() -> None:
    text = 'See [the paper][p].\n\n[p]: https://example.org/a "Title"\n[q]: ../other.md\n[r]: <#part>\n'
    assert lines(text) == ["See [the paper][p]."]


@pytest.mark.parametrize(
    "text",
    [
        "[Q]: What is a token?\n\n[A]: A piece of text.\n\n[Q]: What is a logit?\n\n[A]: A score.",
        "【问题】什么是词元？\n【答案】一段文字。\n\n【问题】什么是 logit？\n【答案】一个分数。",
        "<details>\n<summary>What is a token?</summary>\n\nA piece of text.\n</details>\n"
        "<details><summary><b>What is a logit?</b></summary>A score.</details>",
        "> [!question] 什么是词元？\n> 一段文字。\n\n> [!faq]- 什么是 logit？\n> 一个分数。",
        '??? question "What is a token?"\n    A piece of text.\n\n??? question "What is a logit?"\n    A score.',
        ":::details 什么是词元？\n一段文字。\n:::\n\n:::tip[什么是 logit？]\n一个分数。\n:::",
        "- **What is a token?**\n  A piece of text.\n- **What is a logit?**\n  A score.",
        "> **面试官：什么是词元？**\n\n一段文字。\n\n> **面试官：什么是 logit？**\n\n一个分数。",
        "<details>\n<summary>\n\n### 什么是词元？\n\n</summary>\n\n一段文字。\n\n</details>\n\n### 什么是 logit？\n\n一个分数。",
        "01. 什么是词元？\n\n一段文字。\n\n02. 什么是 logit？\n\n一个分数。",
        "### Q01 What is a token?\nA piece of text.\n### Q02 What is a logit?\nA score.",
        "What is a token?\n---\nA piece of text.\n\n---\n\nWhat is a logit?\n---\nA score.",
        "## What is a token?\n\n<details><summary>点击查看答案</summary>\n\nA piece of text.\n\n</details>\n\n---\n\n"
        "## What is a logit?\n\n<details><summary>Answer</summary>\n\nA score.\n\n</details>",
    ],
)
def test_a_question_stays_with_its_answer_whatever_marks_them(text: str) -> None:
    found = passages(text)
    assert len(found) == 2
    assert re.fullmatch(r"(?s).*(?:What is a token\?|什么是词元？).*(?:A piece of text\.|一段文字。).*", found[0])
    assert re.fullmatch(r"(?s).*(?:What is a logit\?|什么是 logit？).*(?:A score\.|一个分数。).*", found[1])
    assert max(text.count("\n") for text in found) <= 2


def test_a_title_of_a_box_stands_over_its_text() -> None:
    text = (
        '> [!warning] 显存峰值\n> 反向传播时最高。\n\n!!! note "Beware"\n    Loss may rise.\n\n:::info\n无标题。\n:::'
    )
    assert lines(text) == ["**显存峰值**", "反向传播时最高。", "**Beware**", "Loss may rise.", "无标题。"]


def test_a_term_keeps_all_its_definitions_and_a_table_without_head_its_rule() -> None:
    text = "词元\n: 文本的一段\n: 模型的输入\n\n<table><tr><td>fp8</td><td>E4M3</td></tr><tr><td>fp4</td><td>E2M1</td></tr></table>"
    assert clean_text(read(text)).split("\n\n") == [
        "词元: 文本的一段\n模型的输入",
        "|  |  |\n| --- | --- |\n| fp8 | E4M3 |\n| fp4 | E2M1 |",
    ]


def test_code_in_boxes_and_quotes_is_code() -> None:
    text = "> [!tip] Run\n> ```bash\n> # one GPU\n> serve\n> ```\n\n```{note}\nText, not code.\n```\n\n>>> 1 + 1\n2"
    assert lines(text) == ["**Run**", "```bash", "# one GPU", "serve", "```", "Text, not code.", ">>> 1 + 1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        "## One?\n\n- step\n\n  ~~~python\n  # a\n  x = 1\n~~~\n\n## Two?\n\nYes.",
        "## One?\n\n````\n```\nx = 1\n```\n````\n\n## Two?\n\nYes.",
        "## One?\n\n```python\nx = 1\n\n## Two?\n\nYes.",
        "## One?\n\n```python\nx = 1\n\n## Two?\n\nYes.\n\n```bash\nls\n```",
        "## One?\n\n```\nx = 1\n\n## Two?\n\nYes.\n\n```\nls\n```",
        "## One?\n\n1. ```python\n   x = 1\n   ```\n\n## Two?\n\nYes.",
        "## One?\n\n\t```\n\tx = 1\n\t```\n\n## Two?\n\nYes.",
        "问：One?\n答：\n```\nx = 1\n\n问：Two?\n答：Yes.",
    ],
)
def test_a_fence_ends_where_its_code_ends(text: str) -> None:
    found = passages(text)
    assert len(found) == 2
    assert "x = 1" in found[0]
    assert found[1].startswith("Two?")
    assert "Yes." in found[1]


def test_code_of_a_list_item_keeps_its_own_indentation_only() -> None:
    text = "1. first\n\n   ```python\n   def f():\n       return 1\n   ```\n2. second"
    assert "```python\ndef f():\n    return 1\n```" in passages(text)[0]


def test_a_thematic_break_is_no_heading_and_no_text() -> None:
    text = "## A?\n\nFrozen weights\n---\n\n## B?\n\n解码受限于带宽。\n---\nMore text.\n\n***\n\n* * *\n\nTitle\n---\n\nBelow it."
    assert lines(text) == [
        "## A?",
        "Frozen weights",
        "## B?",
        "解码受限于带宽。",
        "More text.",
        "## Title",
        "Below it.",
    ]


def test_a_heading_is_one_without_a_blank_or_with_some_before_it() -> None:
    text = "##什么是蒸馏？\n\n学分布。\n\n9. 项\n\n   ### 2.3 剪枝怎么做?\n\n去权重。\n\n什么是量化？\n----\n\n减比特。\n\n#标签 #面试\n"
    assert lines(text) == [
        *("## 什么是蒸馏？", "学分布。", "9. 项", "### 2.3 剪枝怎么做?", "去权重。"),
        *("## 什么是量化？", "减比特。", "#标签 #面试"),
    ]


def test_a_module_of_mdx_shows_its_text() -> None:
    text = (
        'import Tabs from "@theme/Tabs";\nimport X from "x";\n\nexport const meta = {\n  a: 1,\n};\n\n# Caches\n\n{/* todo */}\n'
        '<Tabs>\n<TabItem value="a" label="PyTorch">\n\nUse `past_key_values`.\n\n</TabItem>\n</Tabs>\n'
        '<Accordion title="What is paged?">Blocks.</Accordion>\n'
    )
    assert lines(text, "a.mdx") == [
        "# Caches",
        "**PyTorch**",
        "Use `past_key_values`.",
        "###### What is paged?",
        "Blocks.",
    ]


def test_the_other_suffix_of_markdown_is_markdown() -> None:
    assert lines("Head\n====\n\n![](x.png)text", "a.markdown") == ["# Head", "text"]


def test_many_marks_that_are_never_closed_cost_no_time() -> None:
    marks = "```\nx `y $z <table> <details> <summary> <h2> <sup> <svg> <!-- {/* ~~~ [a]: b ![c](d \\( \\["
    text = "\n\n".join(f"## H{n}\n\n{marks}\n\n```{{note}}\n\n$$\n::: {n}" for n in range(2_000))
    text += "\n\n" + "\\[ \\( " * 5_000  # one paragraph
    started = time.process_time()
    assert "H1999" in read(text)
    assert time.process_time() - started < 20


def test_lists_nested_deeper_than_can_be_followed_are_read_as_lines() -> None:
    assert "innermost" in read("Text.\n\n" + "<ul><li>" * 3_000 + "innermost" + "</li></ul>" * 3_000)


@pytest.mark.parametrize("opening", ["\\[", "[x](<", "[a](("])
def test_brackets_that_never_close_cost_no_time(opening: str) -> None:
    started = time.process_time()
    assert "attention" in read("A question about attention? " + opening * 60_000)
    assert time.process_time() - started < 20, "without a bound it takes minutes"


@pytest.mark.parametrize("stamp", ["[2026-01-02 10:00] ", "2026/1/2 10:00:31 ", "【2026年1月2日 9:05】 "])
def test_a_chat_log_keeps_who_said_what_without_the_times(stamp: str) -> None:
    log = "\n".join(
        stamp + line
        for line in (
            "面试官: 为什么要预热学习率？",
            "我: 开始时梯度不稳。",
            "面试官: 预热多久？",
            "我: 通常占百分之一到百分之五。",
        )
    )
    first, second = passages(log, "log.txt")
    assert "为什么要预热" in first
    assert "梯度不稳" in first
    assert "预热多久" in second
    assert "百分之一" in second
    assert "10:0" not in first + second


def test_an_interviewer_asks_in_english_too() -> None:
    first, second = passages(
        "**Interviewer:** How big is the cache?\n\n**Candidate:** It grows with each token.\n\n"
        "**Interviewer:** What shrinks it?\n\n**Candidate:** Grouped queries."
    )
    assert "How big is the cache?" in first
    assert "grows with each token" in first
    assert "Grouped queries" in second
    assert not first.startswith("Interviewer:**")


def test_a_date_before_a_sentence_with_a_colon_stays_where_it_is_no_speaker() -> None:
    assert "2026-01-02" in clean_text("The run of 2026-01-02 10:00 failed: out of memory.\n")
