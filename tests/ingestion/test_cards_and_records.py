"""Cards and records: every question keeps its answer, whatever program wrote the file."""

import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tutor.domain import Passage
from tutor.errors import DocumentError
from tutor.ingestion.load import load_bytes
from tutor.ingestion.pipeline import read_document

DATA = Path(__file__).parent / "data"


def passages_of(data: bytes, name: str) -> list[Passage]:
    return read_document(data, name, "file:1", "0", f"/{name}")[1]


def told(tree: object, name: str = "quiz.json") -> list[tuple[tuple[str, ...], str]]:
    data = json.dumps(tree, ensure_ascii=False).encode()
    return [(passage.heading_path, passage.text) for passage in passages_of(data, name)]


@pytest.mark.parametrize("name", ["cards-new.apkg", "cards-2.1.apkg", "cards-notes.txt"])
def test_the_cards_of_anki_are_questions_with_their_answers_under_their_deck(name: str) -> None:
    passages = passages_of((DATA / name).read_bytes(), name)
    assert [(passage.title, passage.heading_path, passage.text) for passage in passages] == [
        (
            "Interview",
            ("Attention", "Why is QK^T divided by $\\sqrt{d_k}$?"),
            "Why is QK^T divided by $\\sqrt{d_k}$?\n"
            "Large products saturate the softmax.\n\n- gradients vanish\n- variance is d_k",
        ),
        ("Interview", ("Attention",), "Attention is quadratic in the length, linear in the width.\n\nPer layer."),
        ("Interview", ("Attention", "GQA"), "GQA\ngrouped-query attention"),
        (
            "Interview",
            ("Tuning", "LoRA 为什么省显存？"),
            "LoRA 为什么省显存？\n只训练 低秩矩阵 A 和 B ；\n\n```\nW = W0 + B @ A\n```",
        ),
    ]


@pytest.mark.parametrize("name", ["cards-new.apkg", "cards-2.1.apkg", "cards-notes.txt"])
def test_pictures_and_sounds_of_cards_are_told(name: str) -> None:
    (doubt,) = load_bytes((DATA / name).read_bytes(), name).doubts
    assert str(doubt) == "pictures and sounds that are not read: 2 (the first: curve.png)"


def test_cards_exported_as_plain_text_are_pairs_too() -> None:
    passages = passages_of((DATA / "cards-plain.txt").read_bytes(), "cards.txt")
    assert passages[-1].text.split("\n") == ["LoRA 为什么省显存？", "只训练 低秩矩阵 A 和 B ；W = W0 + B @ A"]
    assert {passage.title for passage in passages} == {"cards"}


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("#separator:Comma\n#html:false\n", '"What is a logit, exactly?","A score, before the softmax."\n'),
        ("#separator:;\n#html:true\n#deck:Basics\n", "What is a logit, exactly?;A score,<br>before the softmax.\n"),
        ("#separator:pipe\n#columns:Id|Front|Back\n", "|What is a logit, exactly?|A score, before the softmax.\n"),
    ],
)
def test_a_text_export_is_read_with_the_separator_that_it_names(head: str, row: str) -> None:
    (passage,) = passages_of((head + row).encode(), "a.txt")
    assert " ".join(passage.text.split()) == "What is a logit, exactly? A score, before the softmax."


def test_a_card_that_is_nested_too_deep_is_a_clear_error() -> None:
    for element in ("mrow", "div"):
        deep = f"<{element}>" * 2_000 + "x" + f"</{element}>" * 2_000
        formula = f"<math>{deep}</math>" if element == "mrow" else deep
        with pytest.raises(DocumentError, match="deep"):
            load_bytes(f"#separator:tab\n#html:true\nWhy?\t{formula}\n".encode(), "a.txt")


def test_gaps_within_gaps_are_filled_and_hints_go() -> None:
    row = "{{c1::Dropout {{c2::zeroes::verb}} units}} while {{c3::training::when?}}.\t\n"
    (passage,) = passages_of(f"#separator:tab\n#html:true\n{row}".encode(), "a.txt")
    assert passage.text == "Dropout zeroes units while training."


def test_a_note_with_many_fields_asks_what_its_card_asks_and_names_the_rest() -> None:
    database = sqlite3.connect(":memory:")
    database.executescript(
        "create table col (models text, decks text); create table cards (id, nid, did, ord);"
        "create table notes (id, mid, flds);"
    )
    fields = [{"name": name, "ord": ord_} for ord_, name in enumerate(["Number", "Prompt", "Reply", "Trap"])]
    model = {"flds": fields, "tmpls": [{"qfmt": "<b>{{ Prompt }}</b>"}]}
    database.execute(
        "insert into col values (?, ?)", [json.dumps({"7": model}), json.dumps({"1": {"name": "Default"}})]
    )
    database.execute("insert into notes values (1, 7, ?)", ["17\x1fWhy clip gradients?\x1fSpikes.\x1fIt is no decay."])
    database.execute("insert into cards values (1, 1, 1, 0)")
    database.commit()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("collection.anki2", database.serialize())
    (passage,) = passages_of(packed.getvalue(), "shared.apkg")
    assert passage.text == "Why clip gradients?\nNumber: 17\n\nReply: Spikes.\n\nTrap: It is no decay."


@pytest.mark.parametrize("member", ["collection.anki2", "collection.anki21b"])
def test_a_damaged_package_says_so(member: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("media", b"")
        archive.writestr(member, b"SQLite format 3\x00 and no more")
    with pytest.raises(DocumentError, match=r"package of Anki cards, found a damaged one.*Export it from Anki again"):
        load_bytes(packed.getvalue(), "a.apkg")


@pytest.mark.parametrize(
    "record",
    [
        {"question": "Why warm up?", "answer": "Early gradients are noisy."},
        {"Q": "Why warm up?", "A": "Early gradients are noisy."},
        {"instruction": "Why warm up?", "input": "", "output": "Early gradients are noisy."},
        {"question": "Why warm up?", "answers": [{"text": "Early gradients are noisy."}]},
        {"messages": [{"role": "user", "content": "Why warm up?"}, {"role": "assistant", "content": "Early gradients are noisy."}]},
        {"conversations": [{"from": "human", "value": "Why warm up?"}, {"from": "gpt", "value": "Early gradients are noisy."}]},
        {"chat_messages": [{"sender": "human", "text": "Why warm up?"}, {"sender": "assistant", "text": "Early gradients are noisy."}]},
        {"Why warm up?": "Early gradients are noisy."},
    ],
)  # fmt: skip
def test_a_record_is_a_pair_whatever_its_fields_are_called(record: dict[str, object]) -> None:
    assert [text for _, text in told([record])] == ["Why warm up?\nEarly gradients are noisy."]


def test_a_conversation_kept_as_a_tree_is_the_branch_that_was_kept() -> None:
    def node(parent: str | None, role: str, text: str) -> dict[str, object]:
        return {"parent": parent, "message": {"author": {"role": role}, "content": {"parts": [text]}}}

    mapping = {
        "a": {"parent": None, "message": None},
        "b": node("a", "user", "为什么要预热？"),
        "c": node("b", "assistant", "一个不好的回答。"),
        "d": node("b", "assistant", "开始时梯度的噪声大。"),
    }
    assert told([{"title": "训练", "mapping": mapping, "current_node": "d"}]) == [
        (("为什么要预热？",), "为什么要预热？\n开始时梯度的噪声大。")
    ]


def test_groups_are_headings_options_stand_with_the_question_and_nothing_else_of_a_record_is_lost() -> None:
    quiz = {
        "Attention": [{"q": "Which is causal?", "options": ["GPT", "BERT"], "a": "GPT", "hint": "Think of the mask."}],
        "训练": [{"问题": "什么是梯度累积？", "答案": "多步合成一步。", "id": "x-1"}],
    }
    assert told(quiz) == [
        (("Attention", "Which is causal?"), "Which is causal?\n- GPT\n- BERT\n\nGPT\n\nhint: Think of the mask."),
        (("训练", "什么是梯度累积？"), "什么是梯度累积？\n多步合成一步。"),
    ]


def test_headings_and_numbers_in_an_answer_do_not_cut_it() -> None:
    answer = "# Idea\n一、先分块\n1. Why blocks?\nPages.\nQ: and then?\nA: done."
    assert told([{"question": "How does paging work?", "answer": answer}]) == [
        (("How does paging work?",), f"How does paging work?\n{answer}")
    ]


def test_a_broken_line_of_many_is_told_and_the_rest_is_read() -> None:
    loaded = load_bytes(b'{"q": "Why?", "a": "So."}\n{"q": "Whe', "a.jsonl")
    assert "So." in loaded.text
    assert [str(doubt) for doubt in loaded.doubts] == ["lines that are no JSON and were skipped: 1 (the first: line 2)"]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'{"name": "app", "version": "1.0"}', "found: name, version"),
        (b"[1, 2, 3]", "found: int"),
        (b"not json at all", "fault in line 1"),
        (b"[" * 100_000, r"found: \[\[\[\["),
    ],
)
def test_json_without_questions_says_what_it_has(data: bytes, found: str) -> None:
    with pytest.raises(DocumentError, match=found):
        load_bytes(data, "a.json")
