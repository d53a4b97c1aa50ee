"""The chat model's opinion: how much it leans to "yes" as its first word when asked whether an attempt is right.

It is asked per key point where an examiner wrote key points, and once about the whole where there is only a reference
answer. Its log-odds are a signal beside others and never a verdict. Text of the attempt and of the rubric is data:
whatever looks like a chat marker is broken before it reaches the prompt.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from tutor.domain import Language, Rubric
from tutor.grading.attempt import clean
from tutor.grading.rubric import is_from_reference
from tutor.prompts import fill_prompt

_YES = {"zh": frozenset({"是", "有", "yes"}), "en": frozenset({"yes", "是"})}
_NO = {"zh": frozenset({"否", "没", "没有", "不", "不是", "no"}), "en": frozenset({"no", "not", "否"})}
_OPTIONS: Mapping[str, Any] = {"max_tokens": 1, "logprobs": True, "top_logprobs": 20, "temperature": 0}

# What any known chat format uses as a marker: <|im_end|>, <s>, <start_of_turn>, [INST], <<SYS>>, and our own lines.
_OPENING = re.compile(r"<(?=[|/A-Za-z_<])|\[(?=/?[A-Z_]{2,})")
_CLOSING = re.compile(r"\|(?=>)")
_RULE = re.compile(r"^[-=_*~#]{3,}", re.MULTILINE)

MAX_ATTEMPT = 1_600  # characters the model reads, about 600 tokens
MAX_POINT = 600
MAX_REFERENCE = 1_500
MAX_ODDS = 8.0  # on either side; beyond that a first word says nothing more
_WORTH_READING = 60  # new characters of a draft


class Judge:
    """Asks for one word at a time. The prompts of one attempt share all but their last lines, so it is read once."""

    def __init__(self, chat_model: BaseChatModel) -> None:
        self._model = chat_model.bind(**_OPTIONS)
        self._read: tuple[Rubric | None, str] = (None, "")  # what the engine has in its cache

    def read_ahead(self, rubric: Rubric, draft: str) -> None:
        """Has the engine read what a learner has typed so far, so that less is left to read once it is handed in.

        Does nothing while there is little new. Raises ModelError when the model cannot be asked.
        """
        draft = draft[:MAX_ATTEMPT]
        known, text = self._read
        if rubric == known and draft.startswith(text) and len(draft) - len(text) < _WORTH_READING:
            return
        self._read = rubric, draft
        whole = is_from_reference(rubric)
        self._ask(
            judge_whole_messages(rubric, draft) if whole else judge_point_messages(rubric, draft, 0), rubric.language
        )

    def point_odds(self, rubric: Rubric, attempt: str, points: Sequence[int]) -> list[float | None]:
        """For each key point (by position) the log-odds of yes, -8..8: does the attempt state it correctly?

        None where the model did not say yes or no. Raises ModelError when the model cannot be asked.
        """
        return [self._ask(judge_point_messages(rubric, attempt, point), rubric.language) for point in points]

    def whole_odds(self, rubric: Rubric, attempt: str) -> float | None:
        """As `point_odds`, asked once: is the attempt right and complete, compared with the reference answer?"""
        return self._ask(judge_whole_messages(rubric, attempt), rubric.language)

    def _ask(self, messages: Sequence[SystemMessage | HumanMessage], language: Language) -> float | None:
        return _yes_log_odds(self._model.invoke(list(messages)).response_metadata, language)


def judge_point_messages(rubric: Rubric, attempt: str, point: int) -> list[SystemMessage | HumanMessage]:
    """The prompt for one key point, which stands last, so that prompts about one attempt share what comes before."""
    return _messages(
        rubric,
        "judge_point",
        attempt=_short(attempt, MAX_ATTEMPT),
        point=_short(rubric.key_points[point][0], MAX_POINT),
    )


def judge_whole_messages(rubric: Rubric, attempt: str) -> list[SystemMessage | HumanMessage]:
    """The prompt about the whole attempt, which stands last: question and reference can be read before it is there."""
    return _messages(
        rubric,
        "judge_whole",
        attempt=_short(attempt, MAX_ATTEMPT),
        reference=_short(rubric.reference, MAX_REFERENCE),
    )


def _messages(rubric: Rubric, purpose: str, **values: str) -> list[SystemMessage | HumanMessage]:
    question = fill_prompt(purpose, rubric.language, question=_short(rubric.question, MAX_POINT), **values)
    return [SystemMessage(fill_prompt("judge_system", rubric.language)), HumanMessage(question)]


def _short(text: str, limit: int) -> str:
    return defuse(text[:limit])


def defuse(text: str) -> str:
    """The text with everything that a chat format could read as a marker taken apart."""
    broken = _CLOSING.sub("| ", _OPENING.sub(lambda match: match.group() + " ", clean(text)))
    return _RULE.sub("—", broken).strip()


def _yes_log_odds(metadata: Mapping[str, Any], language: Language) -> float | None:
    """log P(yes) - log P(no) over the first token's candidates; None when neither is among them."""
    content = (metadata.get("logprobs") or {}).get("content") or []
    if not content:
        return None
    yes = no = 0.0
    for candidate in content[0].get("top_logprobs") or []:
        token = str(candidate["token"]).strip().lower()
        if token in _YES[language]:
            yes += math.exp(candidate["logprob"])
        elif token in _NO[language]:
            no += math.exp(candidate["logprob"])
    if yes + no < 1e-6:
        return None
    odds = math.log(max(yes, 1e-6)) - math.log(max(no, 1e-6))
    return round(max(-MAX_ODDS, min(MAX_ODDS, odds)), 3)
