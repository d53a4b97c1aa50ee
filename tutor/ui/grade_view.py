"""Grades -> HTML, with a control per verdict by which the learner disagrees. Pure; grades.js reports the clicks."""

import re
from collections.abc import Mapping, Sequence

from tutor.domain import VERDICTS, Grade, Interview, KeyPointGrade, Language, Turn, Verdict
from tutor.learning.contests import Contest
from tutor.text.markup import map_prose
from tutor.ui.markup import escape, inline_html
from tutor.ui.strings import say

_UNSURE_WIDTH = 4.0
_BULLET = re.compile(r"^(?:[-*+]|\d{1,2}[.)])\s+")
_BARS = re.compile(r"\s*\|\s*")
Contested = Mapping[tuple[int, int], Verdict]  # (turn, key point) -> the learner's verdict


def render_last_grade(interview: Interview, contests: Sequence[Contest], language: Language) -> str:
    """The grade of the last graded turn with its question and what was answered, "" before there is one."""
    graded = [turn for turn in interview.turns if turn.grade is not None]
    if not graded:
        return ""
    last = graded[-1]
    heading = f"<h4>{say('grade_of', language)}: {inline_html(last.question)}</h4>"
    return heading + _render_said(last, language) + _render_turn(last, _contested(contests), language)


def render_waiting(turn: Turn, language: Language) -> str:
    """What is told while an attempt is graded; waiting.js counts the seconds."""
    count = (
        f'<span class="elapsed" data-since="{turn.answered_at}" data-words="{escape(say("elapsed", language))}"></span>'
    )
    return f'<p role="status">{say("grading", language)} {count}</p>'


def render_grades(interview: Interview, contests: Sequence[Contest], language: Language, opened: int = 0) -> str:
    """The grade of every answered turn, folded; the turn `opened` unfolded."""
    contested = _contested(contests)
    blocks = [
        f"<details{' open' if turn.number == opened else ''}><summary>{turn.number}. {inline_html(turn.question)}"
        f" · <b>{turn.grade.score:.1f}</b></summary>{_render_said(turn, language)}"
        f"{_render_turn(turn, contested, language)}</details>"
        for turn in interview.turns
        if turn.grade is not None and turn.attempt
    ]
    if not blocks:
        return ""
    return f'<div class="grades"><h3>{say("grades", language)}</h3>{"".join(blocks)}</div>'


def _contested(contests: Sequence[Contest]) -> Contested:
    return {(contest.turn, contest.point): contest.learner_verdict for contest in contests}


def _render_said(turn: Turn, language: Language) -> str:
    """What the learner answered, as it was typed."""
    if not turn.attempt:
        return f"<p><i>{say('skipped', language)}</i></p>"
    return f'<p>{say("attempt", language)}:</p><blockquote class="said">{escape(turn.attempt)}</blockquote>'


def _render_turn(turn: Turn, contested: Contested, language: Language) -> str:
    assert turn.grade is not None
    if not turn.attempt:  # skipped: nothing was judged
        return render_grade(turn.grade, language)
    return render_grade(turn.grade, language, turn.number, contested)


def render_grade(grade: Grade, language: Language, turn: int = 0, contested: Contested | None = None) -> str:
    """Score with band, the verdict on each key point with the learner's words, repeated mistakes, feedback.

    With the number of its turn, each verdict can be contested.
    """
    low, high = grade.band
    unsure = f" · {say('unsure', language)}" if high - low >= _UNSURE_WIDTH else ""
    band = say("band", language, low, high)
    parts = [f'<div class="score"><b>{grade.score:.1f}</b><span> / 10 · {band}{unsure}</span></div>']
    if grade.key_points:
        names = (say(key, language) for key in ("key_point", "verdict", "your_words"))
        head = "".join(f"<th>{name}</th>" for name in names)
        rows = "".join(
            _row(point, _contest(point.verdict, turn, place, contested or {}, language), language)
            for place, point in enumerate(grade.key_points)
        )
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    if grade.misconceptions:
        items = "".join(
            f"<li>✗ {escape(item.evidence)}<br><b>{say('correction', language)}</b>: {inline_html(item.correction)}</li>"
            for item in grade.misconceptions
        )
        parts.append(f"<p><b>{say('misconceptions', language)}</b></p><ul>{items}</ul>")
    if grade.feedback:
        parts.append(f"<p>{inline_html(grade.feedback.strip())}</p>")
    if grade.spoken:
        parts.append(_folded("spoken", grade.spoken, language))
    return f'<div class="grade">{"".join(parts)}</div>'


def _row(point: KeyPointGrade, contest: str, language: Language) -> str:
    words = f"<q>{escape(point.evidence)}</q>" if point.evidence else ""
    proof = _folded("proof", _out_of_its_list(point.proof), language) if point.proof else ""
    return (
        f'<tr class="{point.verdict}"><td>{inline_html(point.text)}{proof}</td>'
        f'<td class="verdict"><b>{say(point.verdict, language)}</b>{contest}</td><td>{words}</td></tr>'
    )


def _out_of_its_list(sentence: str) -> str:
    """An item without its bullet, a row of a table as its cells."""
    sentence = _BULLET.sub("", sentence.strip())
    if not sentence.startswith("|"):
        return sentence
    return map_prose(lambda prose: _BARS.sub(" · ", prose), sentence).strip(" ·")


def _folded(title: str, text: str, language: Language) -> str:
    return f'<details class="{title}"><summary>{say(title, language)}</summary><p>{inline_html(text)}</p></details>'


def _contest(given: Verdict, turn: int, place: int, contested: Contested, language: Language) -> str:
    """One click to disagree; then what the learner holds, to be refined or undone."""
    if not turn:
        return ""
    own = contested.get((turn, place))
    if own is None:
        return _button("contest", turn, place, "", say("disagree", language), language)
    choices = "".join(
        _button(
            "choice" + (" chosen" if verdict == own else ""), turn, place, verdict, say(verdict, language), language
        )
        for verdict in VERDICTS
        if verdict != given
    )
    undo = _button("contest", turn, place, "undo", say("undo", language), language)
    return f'<span class="contested"><small>{say("contested", language)}</small>{choices}{undo}</span>'


def _button(kind: str, turn: int, place: int, verdict: str, text: str, language: Language) -> str:
    label = say("verdict_of", language, place + 1)
    pressed = f' aria-pressed="{str("chosen" in kind).lower()}"' if kind.startswith("choice") else ""
    return (
        f'<button type="button" class="{kind}" data-turn="{turn}" data-point="{place}" data-verdict="{verdict}" '
        f'aria-label="{escape(label)}: {escape(text)}"{pressed}>{text}</button>'
    )
