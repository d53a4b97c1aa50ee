"""The language model's view of an attempt: how it reads it next to a key point, or next to a whole reference answer.

It is not asked for a word. It reads question, statement and what was said of it, and a probe that was fitted on
examiners' marks weighs what it has understood by then. The outcome is a signal beside others and never a verdict. Text of the attempt and
of the rubric is data: whatever looks like a chat marker is broken before it reaches the prompt.

The probes lie in probes.json with their provenance; `python -m tutor eval grading --write` writes them.
"""

import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from tutor.domain import Rubric
from tutor.errors import ModelError
from tutor.fitted import load_fitted
from tutor.prompts import fill_prompt
from tutor.text import chat_marks
from tutor.text.spans import clean

_log = logging.getLogger(__name__)

# What any known chat format uses as a marker: <|im_end|>, <s>, <start_of_turn>, [INST], <<SYS>>, and our own lines.
_OPENING = re.compile(r"<(?=[|/A-Za-z_<])|\[(?=/?[A-Z_]{2,})")
_CLOSING = re.compile(r"\|(?=>)")
_RULE = re.compile(r"^[-=_*~#]{3,}", re.MULTILINE)
_TURNS = "<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{user}<|im_end|>\n<|im_start|>assistant\n"

MOST = 8.0  # on either side; beyond that a probe says nothing more
_SAID = "\0"  # stands in the prompt for what was said; `clean` leaves none in the rubric
MAX_ATTEMPT = 1_600  # characters the model reads, about 600 tokens
MAX_STATEMENT = 1_500
MAX_QUESTION = 600
_MOST_AGREED = 2.0
_LEAST_BEST = 0.5  # a reference that the model hardly tells from silence must not make much of little
_REMEMBERED = 128  # states that are kept: a rubric's key points with what a draft says of each


@dataclass(frozen=True)
class Probe:
    """A linear model over a state, or over the difference of two."""

    intercept: float
    weights: tuple[float, ...]

    def weigh(self, state: Sequence[float]) -> float:
        """-8..8; 0 says nothing. Raises ValueError when the state has another size."""
        total = self.intercept + sum(w * value for w, value in zip(self.weights, state, strict=True))
        return round(max(-MOST, min(MOST, total)), 3)


@dataclass(frozen=True)
class Probes:
    """What is asked of the states of one model."""

    model: str  # its name in the catalogue
    blocks: int  # how many of its blocks read
    stated: Probe  # the attempt states the key point correctly; in log-odds
    denied: Probe  # it says something that contradicts the key point; in log-odds
    whole: Probe  # of what an attempt changes beside a whole reference: how right it is, in standard deviations

    def weigh(self, state: Sequence[float]) -> "Opinion":
        """The opinion on a key point of a model that has read what was said of it."""
        return Opinion(self.stated.weigh(state), self.denied.weigh(state))


def load_probes() -> Probes:
    """The shipped probes."""
    return read_probes(load_fitted("tutor.grading", "probes"))


def read_probes(data: Mapping[str, Any]) -> Probes:
    """From the form that probes.json has; raises KeyError when a part is missing."""
    stated, denied, whole = (
        Probe(data[name]["intercept"], tuple(data[name]["weights"])) for name in ("stated", "denied", "whole")
    )
    return Probes(data["model"], data["blocks"], stated, denied, whole)


class StateReader(Protocol):
    """What a truncated model has understood at the end of a prompt (tutor.models.hidden_state)."""

    def read(self, beginning: str, rest: str) -> Sequence[float]:
        """At the end of beginning + rest; a beginning is read once. Raises ModelError when the model cannot be asked."""


class Prompt(NamedTuple):
    """What the model reads: a beginning that does not depend on the attempt, so that it can be read before, and the rest."""

    beginning: str
    rest: str


class Opinion(NamedTuple):
    """What the model makes of one key point, in log-odds."""

    stated: float
    denied: float


def of_the_others(opinions: Mapping[int, Opinion]) -> dict[int, Opinion]:
    """For each key point the mean opinion on the other ones, which says nothing where there are none."""
    total = Opinion(*map(sum, zip(*opinions.values(), strict=True))) if opinions else Opinion(0.0, 0.0)
    rest = max(1, len(opinions) - 1)
    return {
        number: Opinion((total.stated - own.stated) / rest, (total.denied - own.denied) / rest)
        for number, own in opinions.items()
    }


class WholeStates(NamedTuple):
    """What a whole text has changed in the model: its state less that after saying nothing, so that what question and
    reference alone leave behind counts for nothing."""

    attempt: Sequence[float]
    best: Sequence[float]  # the reference itself, read as the attempt


class Judge:
    """Has states read, and remembers them: what a draft said of a key point is not read again when it is handed in."""

    def __init__(self, states: StateReader, probes: Probes) -> None:
        self._states = states
        self._probes = probes
        self._known: OrderedDict[Prompt, Sequence[float]] = OrderedDict()

    def point(self, rubric: Rubric, point: int, said: str) -> Opinion:
        """Is the key point (by position) stated correctly, is it denied, by what was said of it? Raises ModelError."""
        return self._probes.weigh(self._state(point_prompt(rubric, point, said)))

    def whole(self, rubric: Rubric, attempt: str) -> float:
        """How right the attempt is, held against the whole reference (`weigh_whole`). Raises ModelError."""
        return weigh_whole(self._probes.whole, read_whole_states(self._state, rubric, attempt))

    def opinions(self, rubric: Rubric, said: Mapping[int, str]) -> dict[int, Opinion]:
        """On the key points of which this was said; none, and a line in the log, when the model cannot be asked."""
        try:
            return {number: self.point(rubric, number, text) for number, text in said.items()}
        except ModelError as error:
            _log.warning("grading without the language model: %s", error)
            return {}

    def agreement(self, rubric: Rubric, attempt: str) -> float | None:
        """As `whole`; None, and a line in the log, when the model cannot be asked."""
        try:
            return self.whole(rubric, attempt)
        except ModelError as error:
            _log.warning("grading without the language model: %s", error)
            return None

    def _state(self, prompt: Prompt) -> Sequence[float]:
        if prompt not in self._known:
            self._known[prompt] = self._states.read(*prompt)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(prompt)
        return self._known[prompt]


def read_whole_states(read: Callable[[Prompt], Sequence[float]], rubric: Rubric, attempt: str) -> WholeStates:
    """What attempt and reference have changed in the model that `read` has read them."""

    def contrast(said: str) -> tuple[float, ...]:
        silent, spoken = read(whole_prompt(rubric, "")), read(whole_prompt(rubric, said))
        return tuple(after - before for after, before in zip(spoken, silent, strict=True))

    return WholeStates(contrast(attempt), contrast(rubric.reference))


def weigh_whole(probe: Probe, states: WholeStates) -> float:
    """How right an attempt is beside its reference, -2..2: 0 like saying nothing, 1 like the reference itself."""
    share = probe.weigh(states.attempt) / max(probe.weigh(states.best), _LEAST_BEST)
    return max(-_MOST_AGREED, min(_MOST_AGREED, share))


def point_prompt(rubric: Rubric, point: int, said: str) -> Prompt:
    """The prompt for one key point and what was said of it."""
    return _prompt(rubric, rubric.key_points[point].statement, said)


def whole_prompt(rubric: Rubric, attempt: str) -> Prompt:
    """The prompt about the whole attempt beside the whole reference."""
    return _prompt(rubric, rubric.reference, attempt)


def _prompt(rubric: Rubric, statement: str, said: str) -> Prompt:
    user = fill_prompt(
        "judge",
        rubric.language,
        question=_short(rubric.question, MAX_QUESTION),
        statement=_short(statement, MAX_STATEMENT),
        said=_SAID,
    )
    turns = _TURNS.format(system=fill_prompt("judge_system", rubric.language), user=user)
    before, after = turns.split(_SAID)
    beginning = before.rstrip()  # a space belongs to the word after it
    return Prompt(beginning, before[len(beginning) :] + _short(said, MAX_ATTEMPT) + after)


def _short(text: str, limit: int) -> str:
    return defuse(text[:limit])


def defuse(text: str) -> str:
    """The text with everything that a chat format could read as a marker taken apart, as the probes were fitted."""
    broken = _CLOSING.sub("| ", _OPENING.sub(lambda match: match.group() + " ", clean(text)))
    return chat_marks.defuse(_RULE.sub("—", broken).strip())
