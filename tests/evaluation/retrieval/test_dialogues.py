"""What is measured of a dialogue: glued or not, to which subject, and which entries come first."""

from collections import Counter

from tests.fakes import ScriptedChatModel
from tests.samples import entry as sample_entry
from tutor.bank.load import Bank
from tutor.chat.answer import AnswerChain
from tutor.cli.eval_retrieval import listener, topic_of
from tutor.entailment.support import load_support_model
from tutor.evaluation.retrieval.dialogues import (
    Dialogue,
    Utterance,
    hear,
    load_dialogues,
    mistakes,
    summarise_dialogues,
)
from tutor.retrieval.hybrid import HybridRetriever

DIALOGUE = Dialogue(
    "d-1",
    "en",
    "graduate",
    "tune",
    (
        Utterance("How does a KV cache work?", "question", None, "How does a KV cache work?", ("kv-cache",)),
        Utterance("What does it cost?", "follow_up", 0, "What does a KV cache cost?", ("kv-cache",)),
        Utterance("thanks", "thanks", None, None, ()),
        Utterance("how about tea?", "off_field", None, "How about tea?", ()),
    ),
)


def test_each_message_is_heard_after_those_before_it(retriever: HybridRetriever) -> None:
    chain = AnswerChain(
        retriever, Bank((sample_entry(),)), lambda: ScriptedChatModel(replies=["never"]), load_support_model()
    )
    heard = hear(DIALOGUE, listener(chain), topic_of)
    assert [item.leans for item in heard[:3]] == [False, True, False]
    assert heard[1].has_right_subject
    assert heard[1].found[0] == "kv-cache"
    shares = summarise_dialogues(heard)["tune"]
    assert (shares["alone"], shares["leaning"], shares["right_subject"]) == (2, 1, 1.0)
    assert shares["glued_though_alone"] == sum(item.leans for item in heard[2:]) / 2
    assert [line.split(" ")[0] for line in mistakes(heard)] == ["glued"] * heard[3].leans


def test_the_committed_dialogues_are_labelled_soundly() -> None:
    dialogues = load_dialogues()
    assert Counter(dialogue.split for dialogue in dialogues) == {"tune": 200, "test": 100}
    voices = {split: {item.voice for item in dialogues if item.split == split} for split in ("tune", "test")}
    assert not voices["tune"] & voices["test"]
    for dialogue in dialogues:
        assert 2 <= len(dialogue.messages) <= 10
        for number, message in enumerate(dialogue.messages):
            assert message.about is None or message.about < number, dialogue.id
