"""Exercises and verdicts -> Markdown and HTML. Pure; what a learner's code printed or raised is escaped."""

from tutor.domain import Language
from tutor.exercises.result import CaseResult, Result
from tutor.exercises.schema import Exercise
from tutor.ui.render import escape
from tutor.ui.strings import say

_PRINTED_CHARACTERS = 4000


def render_statement(exercise: Exercise, related: str, language: Language) -> str:
    """Title, statement and the bank question it goes with, as Markdown."""
    title = f"### {exercise.title.in_language(language)} · {say(f'level_{exercise.level}', language)}"
    return f"{title}\n\n{exercise.statement.in_language(language)}\n\n*{say('exercise_related', language, related)}*"


def render_hints(exercise: Exercise, count: int, language: Language) -> str:
    """The first `count` hints; one more than there are adds that there are no more."""
    lines = [
        f"**{say('exercise_hint_n', language, number)}** {hint.in_language(language)}"
        for number, hint in enumerate(exercise.hints[:count], start=1)
    ]
    if count > len(exercise.hints):
        lines.append(f"*{say('exercise_no_more_hints', language)}*")
    return "\n\n".join(lines)


def render_solution(exercise: Exercise, language: Language) -> str:
    """A solution, its complexity and what often goes wrong, as Markdown."""
    slips = "\n".join(f"- {slip.reason.in_language(language)}" for slip in exercise.wrong)
    return (
        f"```python\n{exercise.solution.rstrip()}\n```\n\n"
        f"**{say('exercise_complexity', language)}** {exercise.complexity.in_language(language)}\n\n"
        f"**{say('exercise_slips', language)}**\n\n{slips}"
    )


def render_result(result: Result, language: Language) -> str:
    """The verdict per case, what the code printed, and what protects the machine, as HTML."""
    key = "exercise_passed" if result.passed else "exercise_failed"
    seconds = say("exercise_seconds", language, result.seconds)
    head = say(key, language, result.passed_count, len(result.cases))
    parts = [f"<p><b>{'✓' if result.passed else '✗'} {head}</b> · {seconds}</p>"]
    if result.problem:
        parts.append(f"<p><b>{escape(result.problem.in_language(language))}</b></p>")
    columns = "".join(f"<th>{say(f'exercise_{name}', language)}</th>" for name in ("case", "verdict", "inputs"))
    rows = "".join(_row(case, language) for case in result.cases)
    parts.append(f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>")
    if result.printed.strip():
        shown = escape(result.printed[:_PRINTED_CHARACTERS])
        parts.append(f"<p><b>{say('exercise_printed', language)}</b></p><pre>{shown}</pre>")
    parts.append(f"<p><small>{escape(result.protection.words.in_language(language))}</small></p>")
    return f'<div class="grade exercise-result">{"".join(parts)}</div>'


def _row(case: CaseResult, language: Language) -> str:
    why = escape(case.why.in_language(language)) if case.why else ""
    verdict = f"✗ {why}" if why else "✓"
    inputs = f"<code>{escape(case.inputs)}</code>" if why else ""
    name = escape(case.name.in_language(language))
    return (
        f'<tr class="{"missed" if why else "covered"}"><td>{name}</td><td><b>{verdict}</b></td><td>{inputs}</td></tr>'
    )
