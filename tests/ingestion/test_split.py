"""One question with its answer, one section, one group of topics: a passage is what a reader would copy out."""

import pytest

from tutor.domain import Document, Passage
from tutor.ingestion.split import PASSAGE_TOKENS, find_title, split_document
from tutor.text.tokens import estimate_tokens

LONG_ANSWER = " ".join(
    f"Point {number} says that memory traffic, not arithmetic, bounds decoding on this kind of hardware."
    for number in range(40)
)


def passages(text: str, title: str = "Notes") -> list[Passage]:
    return split_document(Document("file:1", title, ("/notes.txt",), "0"), text)


def texts(text: str) -> list[str]:
    return [passage.text for passage in passages(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Q: What is top-k?\nA: Keep the k likeliest tokens.\nQ: What is top-p?\nA: Keep the smallest set above p.",
        "**Q1: What is top-k?**\nAnswer: Keep the k likeliest tokens.\n\n**Q2: What is top-p?**\nAnswer: Keep the smallest set above p.",
        "1. What is top-k?\n\nKeep the k likeliest tokens.\n\n2. What is top-p?\n\nKeep the smallest set above p.",
        "## What is top-k?\n\nKeep the k likeliest tokens.\n\n## What is top-p?\n\nKeep the smallest set above p.",
        "What is top-k?\n\nKeep the k likeliest tokens.\n\nWhat is top-p?\n\nKeep the smallest set above p.",
        "Question 1 of 2\nWhat is top-k?\nKeep the k likeliest tokens.\nQuestion 2 of 2\nWhat is top-p?\nKeep the smallest set above p.",
    ],
)
def test_an_english_question_stays_with_its_answer(text: str) -> None:
    assert texts(text) == [
        "What is top-k?\nKeep the k likeliest tokens.",
        "What is top-p?\nKeep the smallest set above p.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "问：什么是蒸馏？\n答：小模型学大模型的分布。\n问：什么是剪枝？\n答：去掉不重要的权重。",
        "1. 问:什么是蒸馏？\n答:\n小模型学大模型的分布。\n2. 问:什么是剪枝？\n答:\n去掉不重要的权重。",
        "1、什么是蒸馏？\n小模型学大模型的分布。\n2、什么是剪枝？\n去掉不重要的权重。",
        "### 1. 什么是蒸馏？\n小模型学大模型的分布。\n### 2. 什么是剪枝？\n去掉不重要的权重。",
        "题目：什么是蒸馏？\n解答：小模型学大模型的分布。\n题目：什么是剪枝？\n解答：去掉不重要的权重。",
        "第1题\n什么是蒸馏？\n答案：小模型学大模型的分布。\n第2题\n什么是剪枝？\n答案：去掉不重要的权重。",
    ],
)
def test_a_chinese_question_stays_with_its_answer(text: str) -> None:
    found = [text.replace("1. ", "").replace("2. ", "") for text in texts(text)]
    assert found == ["什么是蒸馏？\n小模型学大模型的分布。", "什么是剪枝？\n去掉不重要的权重。"]


def test_a_numbered_list_inside_an_answer_is_no_new_question() -> None:
    text = (
        "1. How do you debug a loss spike?\n\nIn this order:\n1. Look at the data of that step.\n2. Why not check the learning rate?\n"
        "3. Compare gradient norms.\n\n2. How do you prevent the next one?\n\nClip gradients."
    )
    assert [passage.heading_path[-1] for passage in passages(text)] == [
        "How do you debug a loss spike?",
        "How do you prevent the next one?",
    ]


def test_an_unworded_question_in_the_sequence_counts() -> None:
    text = "1. 什么是蒸馏？\n\n学分布。\n\n2. 剪枝与稀疏化\n\n去掉权重。\n\n3. 什么是量化？\n\n减少比特。"
    assert [passage.heading_path for passage in passages(text)] == [
        ("什么是蒸馏？",),
        ("剪枝与稀疏化",),
        ("什么是量化？",),
    ]


def test_a_long_answer_is_cut_at_sentences_and_every_piece_starts_with_the_question() -> None:
    pieces = passages(f"Q: Why is decoding slow?\nA: {LONG_ANSWER}")
    assert len(pieces) > 2
    for piece in pieces:
        assert piece.text.startswith("Why is decoding slow?\nPoint ")
        assert piece.text.endswith("hardware.")
        assert piece.heading_path == ("Why is decoding slow?",)
        assert estimate_tokens(piece.text) <= PASSAGE_TOKENS
    sizes = [estimate_tokens(piece.text) for piece in pieces]
    assert min(sizes) > 0.6 * max(sizes)


def test_a_lead_in_is_not_parted_from_its_list() -> None:
    items = "\n".join(f"- item {number} about schedulers and queues in serving systems" for number in range(30))
    pieces = texts(f"Q: How?\nA: {LONG_ANSWER[:1200]}\n\nThe parts are:\n{items}")
    assert not any(piece.endswith("The parts are:") for piece in pieces)


def test_code_is_cut_between_lines_and_fenced_again() -> None:
    code = "\n".join(f"value_{number} = compute(value_{number - 1}, {number})" for number in range(1, 90))
    pieces = texts(f"# Code\n\n```python\n{code}\n```")
    assert len(pieces) > 1
    assert all(piece.count("```") == 2 and "```python\n" in piece for piece in pieces)
    assert "\n".join(line for piece in pieces for line in piece.split("\n") if line.startswith("value_")) == code


def test_a_table_is_cut_between_rows_under_its_head() -> None:
    rows = "\n".join(f"| model {number} | {number} billion parameters | open weights |" for number in range(60))
    pieces = texts(f"## Sizes\n\n| name | size | licence |\n| --- | --- | --- |\n{rows}")
    assert len(pieces) > 1
    assert all("| name | size | licence |\n| --- | --- | --- |\n| model" in piece for piece in pieces)


def test_a_text_without_any_mark_is_cut_to_size_and_loses_nothing() -> None:
    pieces = texts(LONG_ANSWER)
    assert all(estimate_tokens(piece) <= PASSAGE_TOKENS for piece in pieces)
    assert " ".join(" ".join(pieces).split()) == LONG_ANSWER


@pytest.mark.parametrize("text", ["词" * 5_000, "word " * 3_000, "x" * 20_000, "🙂" * 2_000])
def test_a_sentence_without_end_is_cut_all_the_same(text: str) -> None:
    pieces = texts(text)
    assert all(estimate_tokens(piece) <= PASSAGE_TOKENS * 1.05 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_topics_stay_in_their_group_with_its_heading() -> None:
    text = "面试提纲\n\n一、训练\n\n  1. 混合精度\n  2. 梯度累积\n\n二、推理\n\n  1. 量化\n  2. 批处理"
    assert [(passage.text, passage.heading_path) for passage in passages(text, "面试提纲")] == [
        ("一、训练\n1. 混合精度\n2. 梯度累积", ("一、训练",)),
        ("二、推理\n1. 量化\n2. 批处理", ("二、推理",)),
    ]


def test_questions_without_answers_make_one_list() -> None:
    text = "## 行为面试\n\nQ: 你最大的失败是什么？\nQ: 为什么离职？\nQ: 五年规划？"
    assert texts(text) == ["行为面试\n- 你最大的失败是什么？\n- 为什么离职？\n- 五年规划？"]


def test_the_heading_path_tells_where_a_passage_stood() -> None:
    text = "# Serving\n\n## Caches\n\n### Paged\n\nBlocks of keys.\n\n## Queues\n\nFairness first."
    assert [passage.heading_path for passage in passages(text, "Serving")] == [("Caches", "Paged"), ("Queues",)]
    chinese = "第一章 推理\n\n一、缓存\n\n1.1 分页\n\n按块存放键和值。\n\n二、排队\n\n先保证公平。"
    assert [passage.heading_path for passage in passages(chinese)] == [
        ("第一章 推理", "一、缓存", "1.1 分页"),
        ("第一章 推理", "二、排队"),
    ]


def test_numbered_and_bare_headings_part_sections() -> None:
    body = "这一段足够长，像一篇文章里的正文那样，先给出定义，再说明它为什么在面试里经常被问到。"
    numbered = f"深度学习面试\n1. 卷积网络\n{body}\n- 感受野\n2. 循环网络\n{body}"
    assert [passage.heading_path for passage in passages(numbered, "深度学习面试")] == [
        ("1. 卷积网络",),
        ("2. 循环网络",),
    ]
    bare = f"机器学习总结\n\n判别式与生成式的区别？\n\n{body}\n\n什么时候用归一化\n\n{body}"
    assert [passage.heading_path for passage in passages(bare, "机器学习总结")] == [
        ("判别式与生成式的区别？",),
        ("什么时候用归一化",),
    ]


def test_numbered_paragraphs_of_an_answer_stay_with_the_question() -> None:
    text = "Q: How do you parallelise?\nA: In three ways.\n1. Data\n" + "Each worker sees its own batch. " * 3
    text += "\n2. Tensor\n" + "Each worker holds a slice of every matrix. " * 3
    assert [passage.heading_path for passage in passages(text)] == [("How do you parallelise?",)]


def test_a_question_with_subsections_is_one_passage_when_it_fits() -> None:
    text = "## How does RLHF work?\n\n### Reward model\n\nLearns preferences.\n\n### Policy\n\nPPO against it."
    assert len(passages(text)) == 1
    long = text.replace("Learns preferences.", LONG_ANSWER)
    assert {passage.heading_path for passage in passages(long)} == {
        ("How does RLHF work?", "Reward model"),
        ("How does RLHF work?", "Policy"),
    }


def test_every_passage_knows_its_language_title_and_place() -> None:
    found = passages(
        "# A\n\nThe cache keeps keys.\n\n# B\n\n缓存保存键和值，链接见 https://example.org/a-long-english-path"
    )
    assert [(passage.language, passage.title, passage.ordinal) for passage in found] == [
        ("en", "Notes", 0),
        ("zh", "Notes", 1),
    ]


def test_ids_are_stable_and_differ_for_repeats() -> None:
    text = "# A\n\nSame words.\n\n# B\n\nOther words.\n\n# A\n\nSame words."
    first, second = passages(text), passages(text)
    assert [passage.id for passage in first] == [passage.id for passage in second]
    assert len({passage.id for passage in first}) == 3
    moved = passages("# New\n\nBefore all.\n\n" + text)
    assert [passage.id for passage in moved[1:]] == [passage.id for passage in first]


def test_comments_in_code_are_no_headings() -> None:
    assert len(passages("Look:\n\n```python\n# load\nx = 1\n# store\ny = 2\n```")) == 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Notes on RoPE #\n\ntext", "Notes on RoPE"),
        ("大模型面试：要点\n\n正文。", "大模型面试：要点"),
        ("This is a sentence.\nMore.", ""),
        ("1. What is it?\nThat.", ""),
        ("", ""),
    ],
)
def test_the_title_is_a_first_line_that_looks_like_one(text: str, title: str) -> None:
    assert find_title(text) == title


def test_headings_that_stand_for_themselves_are_a_list_under_the_heading_above_them() -> None:
    text = "# 推理\n\n脑图导出。\n\n## 量化\n\n### 权重\n\n#### INT8\n\n#### INT4\n\n### 激活值要看离群点\n\n## 缓存\n\n### 分页\n\n正文在这里。\n\n### 前缀共享"
    assert [(passage.text, passage.heading_path) for passage in passages(text, "推理")] == [
        ("脑图导出。", ()),
        ("量化\n- 权重\n  - INT8\n  - INT4\n- 激活值要看离群点", ("量化",)),
        ("分页\n正文在这里。", ("缓存", "分页")),
        ("缓存\n- 前缀共享", ("缓存",)),
    ]


def test_an_outline_of_thousands_of_headings_is_cut_to_size_and_loses_none() -> None:
    text = "\n\n".join(f"{'#' * (1 + n % 5)} fact number {n} of the outline" for n in range(3_000))
    pieces = texts(text)
    assert all(estimate_tokens(piece) <= PASSAGE_TOKENS for piece in pieces)
    assert all(f"fact number {n} of" in "\n".join(pieces) for n in range(3_000))


def test_a_question_under_a_question_stands_for_itself() -> None:
    text = "## 什么是蒸馏？\n\n学分布。\n\n### 为什么要升温？\n\n分布更软。\n\n### 公式\n\nKL 散度。"
    assert [(passage.text, passage.heading_path) for passage in passages(text)] == [
        ("什么是蒸馏？\n学分布。", ("什么是蒸馏？",)),
        ("为什么要升温？\n分布更软。", ("什么是蒸馏？", "为什么要升温？")),
        ("公式\nKL 散度。", ("什么是蒸馏？", "公式")),
    ]
