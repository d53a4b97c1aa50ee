"""What a message is, read from its words: courtesies say nothing else, cues point back, fillers do not count."""

import pytest

from tutor.chat.message import read_courtesy, read_words


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("谢谢", "thanks"),
        ("好的，谢谢老师，我记一下", "thanks"),
        ("ok thanks, bye", "thanks"),
        ("That's very helpful, thank you so much!", "thanks"),
        ("谢谢，今天就到这里，我去吃饭了", "thanks"),
        ("thanks, I will go for a walk now", "thanks"),
        ("你好", "greeting"),
        ("在吗在吗？", "greeting"),
        ("hello hello testing", "greeting"),
        ("嗯嗯", "acknowledgement"),
        ("哦原来如此", "acknowledgement"),
        ("got it", "acknowledgement"),
        ("Got it, next please", "acknowledgement"),
        ("Thank you, that's all for today. Goodbye!", "thanks"),
        ("Good morning! I hope you're well.", "greeting"),
        ("老师周一好，又来打扰了", "greeting"),
        ("👌", "acknowledgement"),
    ],
)
def test_a_courtesy_is_heard_in_both_languages(message: str, kind: str) -> None:
    assert read_courtesy(message) == kind


@pytest.mark.parametrize(
    "message",
    [
        "谢谢，那它的代价呢？",
        "你好，想问下 LoRA 的原理是什么",
        "thanks, and what about GQA?",
        "Hi, could you explain beam search?",
        "好的 LoRA",
        "ok but why",
        "为什么好",
        "what is a good prompt?",
    ],
)
def test_a_courtesy_before_a_question_does_not_hide_it(message: str) -> None:
    assert read_courtesy(message) is None


def test_fillers_of_speech_are_no_words() -> None:
    assert read_words("呃那个那个什么是 KV Cache 啊").text.endswith("KV Cache 啊")
    assert read_words("um so uh what's what's top p").terms == read_words("so what's top p").terms


@pytest.mark.parametrize("message", ["LoRA", "KV cache", "幻觉", "mixture of experts"])
def test_a_name_alone_is_bare(message: str) -> None:
    assert read_words(message).is_bare
    assert not read_words(message).has_cue


@pytest.mark.parametrize("message", ["它的代价呢", "那 70B 呢？", "with GQA", "换成 H100", "前者快吗", "and for LoRA?"])
def test_a_cue_points_back(message: str) -> None:
    assert read_words(message).has_cue


@pytest.mark.parametrize("message", ["Is it true that ReLU neurons can die?", "Is there a way to speed up decoding?"])
def test_an_empty_it_points_at_nothing(message: str) -> None:
    assert not read_words(message).points
