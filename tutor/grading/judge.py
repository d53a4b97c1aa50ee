"""The chat model's opinion on one key point: the probability of "yes" as the first token, against an empty answer.

A small model leans to yes (0.35-0.5 for an empty answer), so only the difference in log-odds is used. Text of the
attempt and of the rubric is data: whatever looks like a chat marker is broken before it reaches the prompt.
"""

import math
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from tutor.domain import Language, Rubric
from tutor.grading.attempt import clean
from tutor.prompts import fill_prompt

_YES = {"zh": frozenset({"是", "有", "yes"}), "en": frozenset({"yes", "是"})}
_NO = {"zh": frozenset({"否", "没", "没有", "不", "不是", "no"}), "en": frozenset({"no", "not", "否"})}
_EMPTY = {"zh": "（空）", "en": "(nothing)"}
_OPTIONS: Mapping[str, Any] = {"max_tokens": 1, "logprobs": True, "top_logprobs": 20, "temperature": 0}

# What any known chat format uses as a marker: <|im_end|>, <s>, <start_of_turn>, [INST], <<SYS>>, and our own lines.
_OPENING = re.compile(r"<(?=[|/A-Za-z_<])|\[(?=/?[A-Z_]{2,})")
_CLOSING = re.compile(r"\|(?=>)")
_RULE = re.compile(r"^[-=_*~#]{3,}", re.MULTILINE)

MAX_ATTEMPT = 1_600  # characters the model reads: the graded sentences, about 600 tokens
MAX_POINT = 600
_REMEMBERED = 64  # rubrics whose empty-answer baseline is kept


class Judge:
    """Asks one question per key point; the prompts of one attempt share everything but their last lines."""

    def __init__(self, chat_model: BaseChatModel) -> None:
        self._model = chat_model.bind(**_OPTIONS)
        self._baselines: OrderedDict[Rubric, tuple[float, ...]] = OrderedDict()

    def prepare(self, rubric: Rubric) -> None:
        """Asks about an empty answer, which also leaves the rubric's prompt prefix in the engine's cache."""
        self._baseline(rubric)

    def contrasts(self, rubric: Rubric, attempt: str, points: Sequence[int]) -> list[float | None]:
        """For each key point (by position) log-odds of yes for the attempt minus those for an empty one, -8..8.

        None where the model did not say yes or no. Raises ModelError when the model cannot be asked.
        """
        baseline = self._baseline(rubric)
        found = [self._log_odds(rubric, attempt[:MAX_ATTEMPT], point) for point in points]
        return [
            None
            if odds is None or math.isnan(baseline[point])
            else round(max(-8.0, min(8.0, odds - baseline[point])), 3)
            for point, odds in zip(points, found, strict=True)
        ]

    def _baseline(self, rubric: Rubric) -> tuple[float, ...]:
        if rubric in self._baselines:
            self._baselines.move_to_end(rubric)
            return self._baselines[rubric]
        empty = _EMPTY[rubric.language]
        odds = [self._log_odds(rubric, empty, point) for point in range(len(rubric.key_points))]
        self._baselines[rubric] = tuple(math.nan if value is None else value for value in odds)
        if len(self._baselines) > _REMEMBERED:
            self._baselines.popitem(last=False)
        return self._baselines[rubric]

    def _log_odds(self, rubric: Rubric, attempt: str, point: int) -> float | None:
        reply = self._model.invoke(judge_messages(rubric, attempt, point))
        return _yes_log_odds(reply.response_metadata, rubric.language)


def judge_messages(rubric: Rubric, attempt: str, point: int) -> list[SystemMessage | HumanMessage]:
    """The prompt for one key point: rubric and attempt first, the key point last, so that prefixes are shared."""
    points = "\n".join(f"- {defuse(text)[:MAX_POINT]}" for text, _ in rubric.key_points)
    question = fill_prompt(
        "judge_user",
        rubric.language,
        question=defuse(rubric.question)[:MAX_POINT],
        points=points,
        attempt=defuse(attempt),
        point=defuse(rubric.key_points[point][0])[:MAX_POINT],
    )
    return [SystemMessage(fill_prompt("judge_system", rubric.language)), HumanMessage(question)]


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
    return math.log(max(yes, 1e-6)) - math.log(max(no, 1e-6))
