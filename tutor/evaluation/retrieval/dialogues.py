"""Measures how the chat listens on data/dialogues.jsonl: python -m tutor eval follow-ups

Dialogues of two to ten messages by several voices, labelled by another hand than the one that wrote the rules: what each
message is, and which earlier one it continues. The chain hears them with the real index and without a language model.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.domain import Answer
from tutor.evaluation.rows import read_rows, wing_data


@dataclass(frozen=True)
class Utterance:
    """What one voice says, and what it means."""

    text: str
    kind: str
    about: int | None  # the earlier message whose subject it continues
    standalone: str | None
    entries: tuple[str, ...]  # any of them answers it; none where the bank has none
    unsure: bool = False  # the labels allow both


@dataclass(frozen=True)
class Dialogue:
    """Messages in a row."""

    id: str
    language: str
    voice: str
    split: str
    messages: tuple[Utterance, ...]

    def root(self, number: int) -> int:
        """The message that first brought up the subject of message `number`."""
        about = self.messages[number].about
        return number if about is None else self.root(about)


@dataclass(frozen=True)
class Heard:
    """What the chain made of one message."""

    dialogue: Dialogue
    number: int
    leans: bool
    has_right_subject: bool
    found: tuple[str, ...]  # entries answered with, offered, or retrieved, in order
    weighed: Mapping[str, float] | None = None  # the signals that decided, where no rule did

    @property
    def message(self) -> Utterance:
        return self.dialogue.messages[self.number]


def load_dialogues(path: Path | None = None) -> list[Dialogue]:
    """Of `path`, a file of the same form, or the committed ones."""
    return [
        Dialogue(
            row["id"],
            row["language"],
            row["voice"],
            row.get("split", "test"),
            tuple(Utterance(**{**message, "entries": tuple(message["entries"])}) for message in row["messages"]),
        )
        for row in read_rows(path or wing_data("retrieval", "dialogues.jsonl"))
    ]


@dataclass(frozen=True)
class Reply:
    """What the chat makes of a message, without words."""

    subject: str  # the earlier question it continues; empty where it stands alone
    found: tuple[str, ...]  # entries answered with, offered, or retrieved, in order
    answer: Answer  # as the next message will see it
    weighed: Mapping[str, float] | None = None


def hear(
    dialogue: Dialogue, listen: Callable[[str, tuple[Answer, ...]], Reply], topic: Callable[[str], str]
) -> list[Heard]:
    """Each message after what the chat made of those before it; `topic` is a question as a subject is named."""
    earlier: list[Answer] = []
    heard = []
    for number, message in enumerate(dialogue.messages):
        reply = listen(message.text, tuple(earlier))
        is_right = reply.subject == topic(dialogue.messages[dialogue.root(number)].text)
        heard.append(Heard(dialogue, number, bool(reply.subject), is_right, reply.found, reply.weighed))
        earlier.append(reply.answer)
    return heard


def summarise_dialogues(heard: Sequence[Heard]) -> dict[str, dict[str, float]]:
    """Shares per split, and within it per voice, language and kind of message; first messages lean on nothing."""
    groups: dict[str, list[Heard]] = {}
    for item in heard:
        split = item.dialogue.split
        names = (
            split,
            f"{split} {item.dialogue.voice}",
            f"{split} {item.dialogue.language}",
            f"{split} {item.message.kind}",
        )
        for name in names:
            groups.setdefault(name, []).append(item)
    return {name: _shares(items) for name, items in sorted(groups.items())}


def _shares(items: Sequence[Heard]) -> dict[str, float]:
    sure = [item for item in items if item.number and not item.message.unsure]
    alone = [item for item in sure if item.message.about is None]
    leaning = [item for item in sure if item.message.about is not None]
    glued = [item for item in leaning if item.leans]
    answerable = [item for item in items if item.message.entries]
    return {
        "messages": len(items),
        "alone": len(alone),
        "glued_though_alone": _share(sum(item.leans for item in alone), len(alone)),
        "leaning": len(leaning),
        "not_glued_though_leaning": _share(sum(not item.leans for item in leaning), len(leaning)),
        "right_subject": _share(sum(item.has_right_subject for item in glued), len(glued)),
        "entry_first": _share(sum(_rank(item) == 0 for item in answerable), len(answerable)),
        "entry_among_three": _share(sum(_rank(item) < 3 for item in answerable), len(answerable)),
    }


def _rank(item: Heard) -> int:
    return next((rank for rank, key in enumerate(item.found) if key in item.message.entries), 99)


def _share(count: int, total: int) -> float:
    return round(count / total, 4) if total else 0.0


def mistakes(heard: Sequence[Heard]) -> list[str]:
    """The messages that were glued, or not, against their labels, or to the wrong subject."""
    lines = []
    for item in heard:
        message, about = item.message, item.message.about
        if message.unsure or not item.number:
            continue
        name = f"{item.dialogue.id}.{item.number} ({item.dialogue.voice}, {message.kind}): {message.text}"
        if item.leans != (about is not None):
            lines.append(f"{'glued' if item.leans else 'not glued'} {name}")
        elif item.leans and not item.has_right_subject:
            lines.append(f"wrong subject {name}")
    return lines
