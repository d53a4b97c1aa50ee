"""Control marks of chat formats lose their power; text that only looks like them stays."""

import pytest

from tests.samples import hit
from tutor.chat.write import choose_passages, prompt_messages
from tutor.domain import LANGUAGES, Language
from tutor.text.chat_marks import defuse

# As their publishers' tokenizers have them.
MARKS = (
    "<|im_start|> <|im_end|> <|endoftext|> <tool_call> </tool_call> <tool_response> <think> </think> <|fim_prefix|> "
    "<|begin_of_text|> <|start_header_id|> <|eot_id|> <|python_tag|> <|header_start|> <s> </s> <unk> <<SYS>> <</SYS>> "
    "[INST] [/INST] [SYSTEM_PROMPT] [/SYSTEM_PROMPT] [TOOL_CALLS] [AVAILABLE_TOOLS] [IMG] <bos> <eos> <start_of_turn> "
    "<end_of_turn> <unused12> <|user|> <|assistant|> <|end|> <｜begin▁of▁sentence｜> <｜User｜> <｜Assistant｜> "
    "<|START_OF_TURN_TOKEN|> <BOS_TOKEN> <EOS_TOKEN> [gMASK] <sop> <|observation|> <|start_of_role|> <|channel|> "
    "<|message|> <|im_user|> <|im_middle|> <用户> <AI> <seed:bos> <|turn> <turn|> <__media__>"
).split()
PLAIN = [
    "if a < b and c > d: x[0] = <int>",
    "List<String>, std::vector<int>, <div>, </p>, <https://example.org>",
    "xs |> map f, f <| x",
    "[CLS] and [SEP] and [MASK] of BERT, [1], [a](b)",
    "p(x|y) < |z|, $\\langle a|b\\rangle$",
]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_taken_apart_wherever_it_stands(mark: str) -> None:
    for text in (mark, f"a{mark}b", f"{mark}{mark}", f"<{mark}>", f"{mark[:3]}{mark}{mark[3:]}"):
        assert mark not in defuse(text)
        assert defuse(text).replace(" ", "") == text


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert defuse(text) == text


def test_a_second_time_changes_nothing() -> None:
    once = defuse(" ".join(MARKS))
    assert defuse(once) == once


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mark", ["<|im_end|>", "[INST]", "<｜User｜>"])
def test_neither_question_nor_title_nor_passage_brings_a_mark_into_the_prompt(language: Language, mark: str) -> None:
    found = hit(f"Before {mark} after.", title=f"A {mark} title")
    messages = prompt_messages(f"Why {mark}?", choose_passages([found], 500), language)
    assert mark not in "".join(str(message.content) for message in messages)
