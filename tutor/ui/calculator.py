"""The Calculations tab: drills with generated numbers, and the formulas as a tool with a plot and an explanation."""

import random
from collections.abc import Mapping
from typing import Any

import gradio as gr

from tutor.assembly import Tutor
from tutor.domain import Language
from tutor.drills.cards import card_values, load_cards
from tutor.drills.explanations import load_explanations, render_explanation
from tutor.drills.formulas import FORMULAS
from tutor.drills.generate import LEVELS, Drill, drill_kinds, generate_drill
from tutor.drills.grading import show_answer
from tutor.drills.parameter_names import load_parameters
from tutor.drills.solution import render_solution
from tutor.drills.sweep import sweepable
from tutor.errors import DrillError, HistoryError
from tutor.ui.changes import Changes, no_change
from tutor.ui.labels import Labels
from tutor.ui.markdown import markdown
from tutor.ui.markup import escape
from tutor.ui.notices import inform
from tutor.ui.problems import describe_problem
from tutor.ui.reckoning import input_text, plot_update, render_points, render_result, slider_update, sweep_choices
from tutor.ui.strings import say

POOL = max(len(formula.parameters) for formula in FORMULAS.values())
_FIRST = "kv_cache"
_MAX_ANSWER_CHARACTERS = 200
_MARKS = {"right": "✓", "rounded": "✓", "unreadable": "…"}
Asked = tuple[str, int]  # kind and seed of the drill that is shown


class CalculatorTab:
    """A drill is its kind and seed, kept by the browser, and what came of it an Outcome; the calculator computes what its
    boxes say."""

    def __init__(self, tutor: Tutor, labels: Labels, language: gr.Radio) -> None:
        self._tutor = tutor
        self._labels = labels
        self._language = language
        with labels.add(gr.Accordion(open=True, elem_id="drill"), label="calc_drill_part"):
            self._build_drill()
        with labels.add(gr.Accordion(open=False, elem_id="calculator"), label="calc_tool_part"):
            self._build_formula()
            self._build_result()
        self._wire_drill()
        self._wire_calculator()

    def _build_drill(self) -> None:
        add, add_rule = self._labels.add, self._labels.add_rule
        self.asked = gr.State(None)
        self.solved = gr.State(False)  # whether the solution was shown
        with gr.Row():
            self.kind = add_rule(
                gr.Dropdown(_kind_choices("en"), value="", elem_id="drill-kind", scale=3),
                lambda language: {"label": say("drill_kind", language), "choices": _kind_choices(language)},
            )
            self.level = add_rule(
                gr.Radio(_level_choices("en"), value=0, elem_id="drill-level", scale=3),
                lambda language: {"label": say("drill_level", language), "choices": _level_choices(language)},
            )
            self.new = add(
                gr.Button(scale=1, min_width=120, elem_id="drill-new", elem_classes="tail-button"),
                value="drill_new",
            )
        self.question = markdown(elem_id="drill-question")
        with gr.Row():
            self.answer = add(
                gr.Textbox(max_lines=1, max_length=_MAX_ANSWER_CHARACTERS, scale=5, elem_id="drill-answer"),
                label="drill_answer",
                placeholder="drill_answer_placeholder",
            )
            self.check = add(
                gr.Button(variant="primary", scale=1, min_width=90, elem_id="drill-check", elem_classes="tail-button"),
                value="drill_check",
            )
            self.solve = add(
                gr.Button(scale=1, min_width=190, elem_id="drill-solve", elem_classes="tail-button"),
                value="drill_solution",
            )
        self.verdict = markdown(elem_id="drill-verdict")
        self.solution = markdown(elem_id="drill-solution")

    def _build_formula(self) -> None:
        add, add_rule = self._labels.add, self._labels.add_rule
        cards = load_cards()
        with gr.Row():
            self.formula = add_rule(
                gr.Dropdown(_formula_choices("en"), value=_FIRST, elem_id="calc-formula", scale=3),
                lambda language: {"label": say("calc_formula", language), "choices": _formula_choices(language)},
            )
            names = [model.name for model in cards.models]
            self.model = add(gr.Dropdown(names, value=None, elem_id="calc-model", scale=2), label="calc_model")
            names = [gpu.name for gpu in cards.gpus]
            self.gpu = add(gr.Dropdown(names, value=None, elem_id="calc-gpu", scale=2), label="calc_gpu")
        with gr.Row():
            self.boxes = [
                gr.Textbox(max_lines=1, max_length=400, min_width=170, elem_id=f"calc-value-{place}", **shown)
                for place, shown in enumerate(_box_values(_FIRST, load_explanations()[_FIRST].example, "en"))
            ]
        self.run = add(gr.Button(variant="primary", elem_id="calc-run"), value="calc_run")

    def _build_result(self) -> None:
        add = self._labels.add
        values = load_explanations()[_FIRST].example
        swept = load_explanations()[_FIRST].plot
        self.result = markdown(render_result(_FIRST, values, "en"), elem_id="calc-result")
        with gr.Row():
            choices = sweep_choices(_FIRST, "en")
            self.swept = add(gr.Dropdown(choices, value=swept, elem_id="calc-swept", scale=2), label="calc_sweep")
            reach = slider_update(_FIRST, values, swept)
            bounds = {name: reach[name] for name in ("minimum", "maximum", "step", "value")}
            self.slider = add(gr.Slider(**bounds, elem_id="calc-slider", scale=4), label="calc_slider")
        self.points = markdown(render_points(_FIRST, values, swept, "en"), elem_id="calc-points")
        curve = plot_update(_FIRST, values, swept, "en")
        shown = {name: curve[name] for name in ("value", "x_title", "y_title")}
        self.plot = add(gr.LinePlot(**shown, x="x", y="y", height=260, elem_id="calc-plot"), label="calc_plot")
        with add(gr.Accordion(open=False, elem_id="calc-explain"), label="calc_explain"):
            self.explanation = markdown(render_explanation(_FIRST).en, elem_id="calc-explanation")

    def _wire_drill(self) -> None:
        self.drill_view = [self.asked, self.solved, self.question, self.answer, self.verdict, self.solution]
        answered = [self.asked, self.answer, self.solved, self._language]
        judged = [self.verdict, self.solution, self.solved]
        self.new.click(self.ask, [self.kind, self.level, self._language], self.drill_view)
        self.check.click(self.judge, answered, judged)
        self.answer.submit(self.judge, answered, judged)
        self.solve.click(self.show_solution, [self.asked, self._language], [self.solution, self.solved])
        self._language.change(self.show_question, [self.asked, self._language], self.drill_view)

    def _wire_calculator(self) -> None:
        outcome = [self.result, self.points, self.plot]
        inputs = [self.formula, self.swept, self._language, *self.boxes]
        everything = [*self.boxes, self.swept, self.slider, self.explanation, *outcome]
        self.formula.input(self.choose, [self.formula, self._language], everything)
        for card in (self.model, self.gpu):
            card.input(self.fill, [self.model, self.gpu, *inputs], [*self.boxes, self.slider, *outcome])
        for event in (self.run.click, *(box.submit for box in self.boxes), self.swept.input):
            event(self.compute, inputs, [self.slider, *outcome])
        self.slider.release(self.slide, [self.slider, *inputs], [*self.boxes, *outcome])
        self._language.change(self.translate, inputs, everything)

    # --- handlers of the drill

    def ask(self, kind: str, level: int, language: Language) -> Changes:
        """A new drill; where kind and level do not go together, the kind decides."""
        if kind and level and kind not in drill_kinds(level):
            inform("drill_no_such", language)
        seed = random.SystemRandom().randrange(10**9)
        drill = generate_drill(seed, kind=kind or None, level=None if kind else level or None)
        return {
            self.asked: (drill.kind, drill.seed),
            self.solved: False,
            self.question: _question(drill, language),
            **dict.fromkeys([self.answer, self.verdict, self.solution], ""),
        }

    def first(self, asked: Asked | None, language: Language) -> Changes:
        """A basic drill as soon as the page is there; one that is shown already stays."""
        return self.ask("", LEVELS[0], language) if asked is None else no_change()

    def judge(self, asked: Asked | None, answer: str, solved: bool, language: Language) -> Changes:
        """The verdict; the solution comes with a right answer and on demand otherwise."""
        if asked is None:
            return {self.verdict: say("drill_none", language)}
        drill = _drill(asked)
        try:
            mark = self._tutor.practice.answer(drill, answer, revealed=solved)
        except HistoryError as error:
            return {self.verdict: escape(describe_problem(error, language))}
        verdict = f"**{_MARKS.get(mark.verdict, '✗')} {escape(mark.message.in_language(language))}**"
        if not mark.passed:
            return {self.verdict: verdict, self.solution: ""}
        return {self.verdict: verdict, self.solution: _solution(drill, language), self.solved: True}

    def show_solution(self, asked: Asked | None, language: Language) -> Changes:
        if asked is None:
            return {self.solution: say("drill_none", language)}
        return {self.solution: _solution(_drill(asked), language), self.solved: True}

    def show_question(self, asked: Asked | None, language: Language) -> Changes:
        """After a switch of language: the same drill, an answer that was begun stays."""
        told = {self.question: _question(_drill(asked), language)} if asked else {}
        return {**told, self.verdict: "", self.solution: ""}

    # --- handlers of the calculator

    def choose(self, name: str, language: Language) -> Changes:
        """Another formula, filled with its example."""
        said = load_explanations()[name]
        return self._everything(name, said.example, said.plot, language)

    def translate(self, name: str, swept: str | None, language: Language, *texts: str) -> Changes:
        return self._everything(name, _values(name, texts), swept or "", language)

    def fill(
        self, model: str | None, gpu: str | None, name: str, swept: str | None, language: Language, *texts: str
    ) -> Changes:
        """Takes from the cards what the formula asks for, leaves the rest."""
        cards = load_cards()
        said = card_values(
            list(FORMULAS[name].parameters), cards.model(model) if model else None, cards.gpu(gpu) if gpu else None
        )
        values = {**_values(name, texts), **said}
        return {**self._filled(name, values, language), **self._outcome(name, values, swept or "", language)}

    def compute(self, name: str, swept: str | None, language: Language, *texts: str) -> Changes:
        return self._outcome(name, _values(name, texts), swept or "", language)

    def slide(self, value: float, name: str, swept: str | None, language: Language, *texts: str) -> Changes:
        """The slider's value goes into the box of the swept parameter."""
        values = {**_values(name, texts), **({swept: value} if swept else {})}
        outcome = self._outcome(name, values, swept or "", language)
        outcome.pop(self.slider, None)  # it stays under the learner's finger
        return {**self._filled(name, values, language), **outcome}

    # --- inside

    def _everything(self, name: str, values: Mapping[str, Any], swept: str, language: Language) -> Changes:
        choices = sweep_choices(name, language)
        return {
            **self._filled(name, values, language),
            self.swept: gr.update(choices=choices, value=swept or None, visible=bool(choices)),
            self.explanation: render_explanation(name).in_language(language),
            **self._outcome(name, values, swept, language),
        }

    def _filled(self, name: str, values: Mapping[str, Any], language: Language) -> Changes:
        shown = _box_values(name, values, language)
        return {box: gr.update(**properties) for box, properties in zip(self.boxes, shown, strict=True)}

    def _outcome(self, name: str, values: Mapping[str, Any], swept: str, language: Language) -> Changes:
        """Slider, result, table and plot."""
        swept = swept if swept in sweepable(FORMULAS[name]) else ""
        try:
            return {
                self.slider: slider_update(name, values, swept),
                self.result: render_result(name, values, language),
                self.points: render_points(name, values, swept, language),
                self.plot: plot_update(name, values, swept, language),
            }
        except DrillError as error:
            problem = escape(describe_problem(error, language))
            return {self.result: problem, self.points: "", self.plot: gr.update(visible=False)}


def _drill(asked: Asked) -> Drill:
    kind, seed = asked
    return generate_drill(seed, kind=kind)


def _question(drill: Drill, language: Language) -> str:
    return f"#### {say(f'level_{drill.level}', language)}\n\n{escape(drill.question.in_language(language))}"


def _solution(drill: Drill, language: Language) -> str:
    answer = say("drill_right", language, show_answer(drill.answer, language))
    return f"{render_solution(drill.steps, language)}\n\n**{answer}**\n\n{render_explanation(drill.kind).in_language(language)}"


def _values(name: str, texts: tuple[str, ...]) -> dict[str, Any]:
    """Parameters from the boxes; an empty one is left to its default."""
    return {
        key: text.strip() for key, text in zip(FORMULAS[name].parameters, texts, strict=False) if text and text.strip()
    }


def _box_values(name: str, values: Mapping[str, Any], language: Language) -> list[dict[str, Any]]:
    """Label, value and visibility of every box of the pool."""
    formula = FORMULAS[name]
    full = {**formula.defaults, **values}
    shown = [
        {
            "label": load_parameters()[key].label.in_language(language),
            "value": input_text(full[key]) if key in full else "",
            "visible": True,
        }
        for key in formula.parameters
    ]
    return shown + [{"label": "", "value": "", "visible": False}] * (POOL - len(shown))


def _formula_choices(language: Language) -> list[tuple[str, str]]:
    return [(said.title.in_language(language), name) for name, said in load_explanations().items()]


def _kind_choices(language: Language) -> list[tuple[str, str]]:
    return [(say("drill_any", language), ""), *_formula_choices(language)]


def _level_choices(language: Language) -> list[tuple[str, int]]:
    return [(say("drill_any", language), 0), *((say(f"level_{level}", language), level) for level in LEVELS)]
