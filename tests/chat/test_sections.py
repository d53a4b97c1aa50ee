"""A passage of a document is read with the title and headings over it: by the model, by the check, and by the reader.

With the real embedder: whether two sentences say the same is what is tried.
"""

from dataclasses import replace

import pytest

from tests.ingestion.files import read
from tutor.chat.prove import prove
from tutor.chat.support import Supporter, quote
from tutor.chat.write import choose_passages, prompt_messages
from tutor.domain import Hit, Language
from tutor.entailment.support import load_support_model
from tutor.models.embedder import open_embeddings
from tutor.models.named import NamedEmbeddings
from tutor.retrieval.store import searchable_text

METHODS = """# PEFT methods

## Adapters

Small modules sit between the layers. It adds latency at inference.

## LoRA

Two low-rank matrices are trained beside each weight. They can be merged, so no latency is left.

## Prefix tuning

Learned vectors are put before keys and values. It shortens the usable context.
"""
OPTIMISERS = """# 优化器

## 动量法

### 代价

学习率仍要手动调，容易冲过最低点。

## 自适应学习率

### 代价

泛化有时不如前者，需要两份状态占显存。
"""
NESTED = """# Fine-tuning

## LoRA

### QLoRA

The frozen base weights are stored in 4 bits.

### Merging

The product is added to the weight before serving.
"""


@pytest.fixture(scope="module")
def embeddings() -> NamedEmbeddings:
    return open_embeddings("bundled")


def hits(text: str, name: str = "notes.md") -> list[Hit]:
    return [Hit(passage, rank, 1.0, 0.9, 1.0, (name,)) for rank, passage in enumerate(read(text, name), start=1)]


def supporter(text: str, embeddings: NamedEmbeddings, question: str = "") -> Supporter:
    return Supporter(embeddings, hits(text), load_support_model(), question)


@pytest.mark.parametrize(
    ("notes", "sentence", "is_said"),
    [
        (METHODS, "Adapters add latency at inference.", True),
        (METHODS, "LoRA adds latency at inference.", False),
        (METHODS, "Prefix tuning adds latency at inference.", False),
        (METHODS, "Prefix tuning shortens the usable context.", True),
        (METHODS, "LoRA shortens the usable context.", False),
        (OPTIMISERS, "动量法的学习率仍要手动调，容易冲过最低点。", True),
        (OPTIMISERS, "自适应学习率需要两份状态占显存。", True),
        (OPTIMISERS, "动量法泛化有时不如前者，需要两份状态占显存。", False),
        (NESTED, "QLoRA stores the frozen base weights in 4 bits.", True),
        (NESTED, "LoRA stores the frozen base weights in 4 bits.", False),
        ("# LoRA\n\n## 代价\n\n秩取得太小时表达力不够。", "LoRA 秩取得太小时表达力不够。", True),
        ("# LoRA\n\n## 代价\n\n秩取得太小时表达力不够。", "QLoRA 秩取得太小时表达力不够。", False),
    ],
)
def test_what_is_said_under_a_heading_is_said_of_that_and_of_nothing_else(
    notes: str, sentence: str, is_said: bool, embeddings: NamedEmbeddings
) -> None:
    assert (supporter(notes, embeddings).check(sentence).hit is not None) is is_said


def test_every_heading_stands_once_over_a_passage_whether_it_opens_with_it_or_not() -> None:
    opened = hits("# LoRA\n\n## 代价\n\n秩取得太小时表达力不够。")[0].passage
    bare = replace(opened, text="秩取得太小时表达力不够。")
    assert (opened.place, bare.place) == (("LoRA",), ("LoRA", "代价"))
    assert opened.headings == bare.headings == ("LoRA", "代价")
    assert searchable_text(bare) == "LoRA > 代价\n秩取得太小时表达力不够。"


def test_a_title_that_lists_several_says_nothing_of_each(embeddings: NamedEmbeddings) -> None:
    notes = "# LoRA 与 DoRA\n\n## DoRA\n\n训练时多出一步归一化。\n\n## LoRA\n\n只训练两个低秩矩阵。"
    assert supporter(notes, embeddings).check("DoRA 训练时多出一步归一化。").hit is not None
    assert supporter(notes, embeddings).check("LoRA 训练时多出一步归一化。").hit is None


@pytest.mark.parametrize(
    ("notes", "question", "reply", "shown"),
    [
        (OPTIMISERS, "动量法有什么代价？", "泛化有时不如前者，需要两份状态占显存。", "自适应学习率 › 代价：泛化有时"),
        (OPTIMISERS, "动量法有什么代价？", "学习率仍要手动调，容易冲过最低点。", "学习率仍要"),
        (METHODS, "What does LoRA cost?", "- It adds latency at inference.", "- Adapters: It adds latency"),
        (METHODS, "What do adapters cost?", "It adds latency at inference.", "It adds latency"),
    ],
)
def test_a_sentence_about_something_else_than_was_asked_says_where_it_stands(
    notes: str, question: str, reply: str, shown: str, embeddings: NamedEmbeddings
) -> None:
    language: Language = "zh" if notes is OPTIMISERS else "en"
    proven = prove(reply, supporter(notes, embeddings, question), language)
    assert proven.text.startswith(shown)
    assert proven.citations[0].sentence in reply


def test_quotes_say_where_they_stand(embeddings: NamedEmbeddings) -> None:
    listed, _ = quote("动量法有什么代价？", supporter(OPTIMISERS, embeddings, "动量法有什么代价？"))
    assert listed.split("\n")[0].startswith("- 学习率仍要手动调")
    assert "- 自适应学习率 › 代价：泛化" in listed


def test_the_model_reads_title_and_headings_over_a_passage() -> None:
    prompt = str(prompt_messages("动量法的代价？", choose_passages(hits(OPTIMISERS), 500), "zh")[-1].content)
    assert "优化器 > 动量法\n代价\n学习率仍要手动调" in prompt
    assert "优化器 > 自适应学习率\n代价\n泛化" in prompt


def test_the_title_is_searched_where_the_file_is_about_one_thing() -> None:
    assert [searchable_text(hit.passage) for hit in hits("# LoRA\n\n## 代价\n\n秩太小。\n\n## 好处\n\n没有延迟。")] == [
        "LoRA > 代价\n代价\n秩太小。",
        "LoRA > 好处\n好处\n没有延迟。",
    ]


def test_an_entry_has_no_place_and_is_searched_as_it_is() -> None:
    passage = replace(hits(METHODS)[0].passage, part="answer", entry_id="peft")
    assert passage.place == ()
    assert searchable_text(passage) == passage.text
