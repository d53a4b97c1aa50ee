"""The Exercises tab: pick a function to write, edit it, run the hidden tests in the sandbox.

Drafts live in the browser's own storage, one key per exercise, written at each keystroke without the server: neither a
reload, nor a restart, nor a second window with another exercise loses any.
"""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from tutor.assembly import Tutor
from tutor.domain import Language
from tutor.errors import TutorError
from tutor.exercises.result import Result
from tutor.exercises.schema import Exercise
from tutor.ui.changes import Changes, no_change
from tutor.ui.exercise_view import render_hints, render_result, render_solution, render_statement
from tutor.ui.labels import Labels
from tutor.ui.markdown import markdown
from tutor.ui.markup import escape
from tutor.ui.problems import describe_problem
from tutor.ui.strings import say

# Each run is a process of its own; more at a time would only slow one another down on a laptop.
_RUNS_AT_A_TIME = 2
_START: Language = "en"  # until the page knows better
_KEEP = """(id, code) => { try {
  if (id) { localStorage.setItem("tutor-exercise", id); localStorage.setItem("tutor-draft:" + id, code ?? ""); }
} catch { /* no storage here: drafts last as long as the page */ } }"""
_DRAFT_OF_CHOSEN = """(chosen, shown, code, drafts, stored, ...rest) => { try {
  return [chosen, shown, code, drafts, localStorage.getItem("tutor-draft:" + chosen), ...rest];
} catch { return [chosen, shown, code, drafts, null, ...rest]; } }"""
_LAST_DRAFT = """(id, stored, ...rest) => { try {
  const last = localStorage.getItem("tutor-exercise");
  return [last, localStorage.getItem("tutor-draft:" + last), ...rest];
} catch { return [null, null, ...rest]; } }"""


class ExercisesTab:
    """What a browser holds: the exercise shown, the drafts of the others, how many hints, the last result."""

    def __init__(self, tutor: Tutor, labels: Labels, language: gr.Radio) -> None:
        self._tutor = tutor
        self._labels = labels
        self._language = language
        self._build()
        self._wire()

    def _build(self) -> None:
        add = self._labels.add
        first = next(iter(self._all()), None)
        self.shown = gr.Textbox(first.id if first else None, visible="hidden")  # a State is out of the browser's reach
        self.stored = gr.Textbox(visible="hidden")  # carries a draft from the browser's storage
        self.drafts = gr.State({})
        self.dropped = gr.State(None)  # (exercise, code) that a reset took away
        self.hints = gr.State(0)
        self.solved = gr.State(False)
        self.result = gr.State(None)
        self.picker = self._labels.add_rule(
            gr.Dropdown(self._choices(_START), value=first.id if first else None, elem_id="exercise"),
            lambda language: {"label": say("exercise_pick", language), "choices": self._choices(language)},
        )
        with gr.Row():
            with gr.Column(scale=5, min_width=320):
                self.statement = markdown(self._statement(self.shown.value, _START), elem_id="exercise-statement")
                self.hint_text = markdown(elem_id="exercise-hints")
            with gr.Column(scale=6, min_width=320):
                starter = first.starter if first else ""
                self.code = add(
                    gr.Code(
                        starter, language="python", lines=14, max_lines=30, interactive=True, elem_id="exercise-code"
                    ),
                    label="exercise_code",
                )
                with gr.Row():
                    self.run = add(
                        gr.Button(variant="primary", min_width=130, elem_id="exercise-run"), value="exercise_run"
                    )
                    self.hint = add(gr.Button(min_width=80, elem_id="exercise-hint"), value="exercise_hint")
                    self.solve = add(gr.Button(min_width=110, elem_id="exercise-solve"), value="exercise_solution")
                    self.reset = add(gr.Button(min_width=120, elem_id="exercise-reset"), value="exercise_reset")
        self.verdict = gr.HTML(elem_id="exercise-result")
        self.solution = markdown(elem_id="exercise-solution")

    def _wire(self) -> None:
        told = [self.statement, self.hint_text, self.solution, self.verdict]
        memory = [self.shown, self.drafts, self.hints, self.solved, self.result]
        keep = {"fn": None, "inputs": [self.shown, self.code], "js": _KEEP}
        self.code.input(**keep)
        self.picker.input(
            self.pick,
            [self.picker, self.shown, self.code, self.drafts, self.stored, self._language],
            [self.code, *memory, *told],
            js=_DRAFT_OF_CHOSEN,
        ).then(**keep)
        self.run.click(
            self.judge, [self.shown, self.code, self.hints, self.solved, self._language], [self.result, self.verdict],
            concurrency_limit=_RUNS_AT_A_TIME, concurrency_id="exercise",
        )  # fmt: skip
        self.hint.click(self.give_hint, [self.shown, self.hints, self._language], [self.hints, self.hint_text])
        self.solve.click(self.show_solution, [self.shown, self._language], [self.solved, self.solution])
        self.reset.click(
            self.start_over,
            [self.shown, self.code, self.dropped, self._language],
            [self.code, self.dropped, self.reset],
        ).then(**keep)
        # `input`, not `change`: the language of a page that opens is set together with the draft, by `restore`.
        self._language.input(self.translate, [self.shown, self.hints, self.solved, self.result, self._language], told)

    def restore_after(self, loaded: Any) -> None:
        """Once the page knows its language: the exercise and the draft that this browser had open."""
        loaded.then(
            self.restore,
            [self.shown, self.stored, self._language],
            [self.picker, self.shown, self.code, self.statement],
            js=_LAST_DRAFT,
        )

    # --- handlers

    def restore(self, last: str | None, draft: str | None, language: Language) -> Changes:
        exercise = self._get(last) or next(iter(self._all()), None)
        if exercise is None:
            return {self.statement: self._statement(None, language)}
        return {
            self.picker: exercise.id,
            self.shown: exercise.id,
            self.code: draft if draft is not None and exercise.id == last else exercise.starter,
            self.statement: self._statement(exercise.id, language),
        }

    def pick(
        self,
        chosen: str | None,
        shown: str | None,
        code: str,
        drafts: dict[str, str],
        stored: str | None,
        language: Language,
    ) -> Changes:
        """Another exercise; the code written for the last one is kept for when the learner comes back."""
        exercise = self._get(chosen)
        if exercise is None or chosen == shown:  # a list may report one choice twice
            return no_change()
        kept = {**drafts, **({shown: code} if shown else {})}
        return {
            self.shown: exercise.id,
            self.code: stored if stored is not None else kept.get(exercise.id, exercise.starter),
            self.drafts: kept,
            self.hints: 0,
            self.solved: False,
            self.result: None,
            self.statement: self._statement(exercise.id, language),
            **dict.fromkeys([self.hint_text, self.solution, self.verdict], ""),
        }

    def judge(
        self, shown: str | None, code: str | None, hints: int, solved: bool, language: Language
    ) -> Iterator[Changes]:
        if shown is None:
            yield no_change()
            return
        yield {self.result: None, self.verdict: f"<p>{say('exercise_running', language)}</p>"}
        try:
            hints = min(hints, len(self._tutor.workshop.exercises.get(shown).hints))  # one more says that they end
            result = self._tutor.practice.run(shown, code or "", hints=hints, revealed=solved)
            yield {self.result: result, self.verdict: render_result(result, language)}
        except TutorError as error:
            yield {self.verdict: f"<p>{escape(describe_problem(error, language))}</p>"}

    def give_hint(self, shown: str | None, hints: int, language: Language) -> Changes:
        """One more; after the last it says so."""
        exercise = self._get(shown)
        if exercise is None:
            return no_change()
        hints = min(hints + 1, len(exercise.hints) + 1)
        return {self.hints: hints, self.hint_text: render_hints(exercise, hints, language)}

    def show_solution(self, shown: str | None, language: Language) -> Changes:
        exercise = self._get(shown)
        return {self.solved: True, self.solution: render_solution(exercise, language)} if exercise else no_change()

    def start_over(
        self, shown: str | None, code: str | None, dropped: tuple[str, str] | None, language: Language
    ) -> Changes:
        """The starter again; a second click brings back what the first one took away."""
        exercise = self._get(shown)
        if exercise is None:
            return no_change()
        if (code or "").strip() != exercise.starter.strip():
            kept = (exercise.id, code)
            return {self.code: exercise.starter, self.dropped: kept, self.reset: say("exercise_unreset", language)}
        back = dropped[1] if dropped and dropped[0] == exercise.id else exercise.starter
        return {self.code: back, self.dropped: None, self.reset: say("exercise_reset", language)}

    def translate(
        self, shown: str | None, hints: int, solved: bool, result: Result | None, language: Language
    ) -> Changes:
        """After a switch of language: all that is shown, told again; the code stays."""
        exercise = self._get(shown)
        return {
            self.statement: self._statement(shown, language),
            self.hint_text: render_hints(exercise, hints, language) if exercise else "",
            self.solution: render_solution(exercise, language) if exercise and solved else "",
            self.verdict: render_result(result, language) if result else "",
        }

    # --- inside

    def _all(self) -> tuple[Exercise, ...]:
        """None when a file is malformed; the statement then says which."""
        try:
            return self._tutor.workshop.exercises.all
        except TutorError:
            return ()

    def _get(self, exercise_id: str | None) -> Exercise | None:
        return next((exercise for exercise in self._all() if exercise.id == exercise_id), None)

    def _choices(self, language: Language) -> list[tuple[str, str]]:
        return [
            (f"{say(f'level_{exercise.level}', language)} · {exercise.title.in_language(language)}", exercise.id)
            for exercise in self._all()
        ]

    def _statement(self, exercise_id: str | None, language: Language) -> str:
        try:
            exercise = self._tutor.workshop.exercises.get(exercise_id or "")
            related = self._tutor.bank.get(exercise.entry).question.in_language(language)
        except TutorError as error:
            return describe_problem(error, language)
        return render_statement(exercise, related, language)
