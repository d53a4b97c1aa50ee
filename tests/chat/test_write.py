"""What the model reads fits its window, what did not fit is said, and what it writes ends in time."""

import pytest

from tests.fakes import ScriptedChatModel
from tests.samples import hit
from tutor.chat.write import choose_passages, material_notes, passage_room, prompt_messages, stream_words
from tutor.errors import AttemptError
from tutor.text.tokens import estimate_tokens


def test_a_model_that_repeats_itself_is_stopped() -> None:
    model = ScriptedChatModel(replies=["First point. Second point. First point. First point. First point."])
    text = "".join(stream_words(model, []))
    assert text.count("First point") < 4


def test_passages_are_chosen_by_rank_within_the_budget_and_the_rest_is_named() -> None:
    hits = [hit("word " * 100, 1), hit("word " * 400, 2, title="Too long"), hit("word " * 50, 3)]
    material = choose_passages(hits, 200)
    assert [chosen.rank for chosen in material.hits] == [1, 3]
    assert [left.rank for left in material.left_out] == [2]
    assert material_notes(material, "en") == [
        "*Written from 2 of the 3 passages found; left out because they did not fit: Too long.*"
    ]
    assert "3 段中的 2 段" in material_notes(material, "zh")[0]


def test_what_fits_needs_no_note() -> None:
    assert material_notes(choose_passages([hit("A short passage.")], 200), "en") == []


def test_a_first_passage_that_is_too_long_is_cut_at_a_sentence_and_that_is_said() -> None:
    first = hit("Keys are kept in memory. " * 40)
    material = choose_passages([first, hit("More.", 2)], 60)
    assert material.shortened
    assert material.hits[0] is first, "the citation still opens the whole passage"
    assert material.texts[0].endswith("in memory.")
    assert first.passage.text.startswith(material.texts[0])
    assert "only its beginning" in material_notes(material, "en")[0]
    assert "开头部分" in material_notes(material, "zh")[0]


def test_even_one_endless_sentence_is_cut_to_the_budget() -> None:
    material = choose_passages([hit("词" * 5_000)], 100)
    assert 0 < estimate_tokens(material.texts[0]) <= 100


@pytest.mark.parametrize("context_tokens", [1024, 2048, 4096])
@pytest.mark.parametrize("question", ["Why?", "为什么？" * 60])
def test_prompt_and_answer_never_exceed_the_window(context_tokens: int, question: str) -> None:
    language = "zh" if "为" in question else "en"
    hits = [hit("键和值保存在显存里。" * 60, 1), hit("Memory grows with length. " * 90, 2), hit("x + y = z. " * 500, 3)]
    room = passage_room(question, language, context_tokens=context_tokens, answer_tokens=220)
    messages = prompt_messages(question, choose_passages(hits, room), language)
    spent = sum(estimate_tokens(str(message.content)) for message in messages)
    assert spent * 1.15 + 220 <= context_tokens


def test_a_question_that_fills_the_window_is_turned_down_with_the_next_step() -> None:
    with pytest.raises(AttemptError, match="TUTOR_CONTEXT_TOKENS"):
        passage_room("为什么？" * 900, "zh", context_tokens=1024, answer_tokens=220)


def test_a_title_cannot_smuggle_markup_into_the_note() -> None:
    hits = [hit("word " * 100, 1), hit("word " * 400, 2, title="<b>Bad</b> [1](http://x)")]
    assert not set("<>[]") & set(material_notes(choose_passages(hits, 150), "en")[0])


def test_the_note_names_a_title_with_a_formula_by_its_value() -> None:
    hits = [hit("word " * 100, 1), hit("word " * 400, 2, title=r"Why $\sqrt{d_k}$ in `attention_mask`")]
    assert r"Why √(d\_k) in attention\_mask." in material_notes(choose_passages(hits, 150), "en")[0]
