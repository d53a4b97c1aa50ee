"""The Interview tab: plan, one question at a time, a grade after each attempt, a report at the end."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from tutor.assembly import Tutor
from tutor.bank.schema import GROUPS
from tutor.domain import Interview, Language, Plan, Turn
from tutor.errors import TutorError
from tutor.interview.render import report_json, report_markdown
from tutor.interview.report import interview_report
from tutor.text.markdown import minute
from tutor.text.spans import MAX_CHARACTERS
from tutor.ui.changes import Changes, no_change
from tutor.ui.downloads import write_download
from tutor.ui.grade_view import render_grades, render_last_grade
from tutor.ui.labels import Labels
from tutor.ui.markdown import markdown
from tutor.ui.notices import inform, warn
from tutor.ui.render import render_reference
from tutor.ui.strings import say

_REPORT_CLICKS = Path(__file__).with_name("grades.js")
_MAX_QUESTIONS = 10


class InterviewTab:
    """Components and handlers; the interview itself lives in the history, so a closed browser loses nothing."""

    def __init__(self, tutor: Tutor, labels: Labels, language: gr.Radio, stored: gr.BrowserState) -> None:
        self._tutor = tutor
        self.stored = stored
        self._labels = labels
        self._language = language
        self._build_setup()
        self._build_turn()
        self._build_report()
        self._build_grade()
        self._wire()

    def _build_setup(self) -> None:
        add, add_rule = self._labels.add, self._labels.add_rule
        self.current = gr.State(None)
        self.number = gr.State(0)  # of the turn shown, so that a second click cannot answer the next question
        with gr.Group(elem_id="setup") as self.setup:
            self.groups = add_rule(
                gr.Dropdown(multiselect=True, elem_id="groups"),
                lambda language: {"label": say("groups", language), "choices": _group_choices(self._tutor, language)},
            )
            with gr.Row():
                self.levels = add_rule(
                    gr.CheckboxGroup(elem_id="levels"),
                    lambda language: {
                        "label": say("levels", language),
                        "choices": [(say(f"level_{level}", language), level) for level in (1, 2, 3)],
                    },
                )
                self.count = add(gr.Slider(1, _MAX_QUESTIONS, value=3, step=1, elem_id="count"), label="count")
                self.spoken = add(
                    gr.Radio([("中文", "zh"), ("English", "en")], value="zh", elem_id="spoken"),
                    label="interview_language",
                )
            self.start = add(gr.Button(variant="primary", elem_id="start"), value="start")
        with gr.Row():
            self.earlier = add(gr.Dropdown(elem_id="earlier", scale=6, min_width=280, interactive=True), label="resume")
            self.open = add(
                gr.Button(size="sm", scale=1, min_width=90, elem_id="open-interview", elem_classes="tail-button"),
                value="open",
            )

    def _build_turn(self) -> None:
        add = self._labels.add
        with gr.Column(visible=False, elem_id="turn") as self.turn:
            self.question = markdown(elem_id="interview-question")
            self.hint_text = markdown(elem_id="hint-text")
            self.attempt = add(
                gr.Textbox(lines=7, max_lines=24, max_length=MAX_CHARACTERS, elem_id="attempt"),
                label="attempt",
                placeholder="attempt_placeholder",
            )
            with gr.Row():
                self.submit = add(gr.Button(variant="primary", min_width=120, elem_id="submit"), value="submit")
                self.hint = add(gr.Button(min_width=80, elem_id="hint"), value="hint")
                self.skip = add(gr.Button(min_width=80, elem_id="skip"), value="skip")
                self.finish = add(gr.Button(min_width=120, variant="stop", elem_id="finish"), value="finish")

    def _build_report(self) -> None:
        add = self._labels.add
        with gr.Column(visible=False, elem_id="report") as self.report_box:
            self.report = markdown()
            with gr.Row():
                self.markdown = add(gr.DownloadButton(size="sm", elem_id="report-md"), label="export_markdown")
                self.json = add(gr.DownloadButton(size="sm", elem_id="report-json"), label="export_json")
                self.again = add(gr.Button(variant="primary", size="sm", elem_id="again"), value="new_interview")

    def _build_grade(self) -> None:
        self.grade = gr.HTML(elem_id="grade", js_on_load=_REPORT_CLICKS.read_text(encoding="utf-8"))
        with self._labels.add(
            gr.Accordion(open=False, visible=False, elem_id="reference"), label="reference"
        ) as self.reference_box:
            self.reference = markdown()

    def _wire(self) -> None:
        self.view = [self.current, self.earlier, *self._blank()]
        plan = [self.groups, self.levels, self.count, self.spoken]
        remember = {"fn": lambda interview_id: interview_id, "inputs": self.current, "outputs": self.stored}
        model = {"concurrency_limit": 1, "concurrency_id": "model"}
        # In a line of its own: an attempt must not wait in the queue for what it makes the grader stop.
        ahead = {"concurrency_limit": 1, "concurrency_id": "ahead", "show_progress": "hidden"}
        warm = {"fn": self.warm, "inputs": self.current, **ahead}
        self.start.click(self.begin, [*plan, self._language], self.view).then(**remember).then(**warm)
        self.open.click(self.reopen, [self.earlier, self._language], self.view).then(**remember).then(**warm)
        self.submit.click(
            self.send, [self.current, self.number, self.attempt, self._language], self.view, **model
        ).then(**warm)
        # What is typed is read at once, so that little is left to read when it is handed in.
        self.attempt.input(self.warm, [self.current, self.attempt], trigger_mode="always_last", **ahead)
        self.skip.click(self.pass_over, [self.current, self.number, self._language], self.view).then(**warm)
        self.finish.click(self.end, [self.current, self._language], self.view)
        self.hint.click(self.give_hint, [self.current, self.number, self._language], self.hint_text)
        self.reference_box.expand(self.reveal, self.current, show_progress="hidden")
        self.grade.click(self.contest, [self.current, self._language], self.grade, show_progress="hidden")
        self.again.click(self.reset, self._language, self.view).then(**remember)

    # --- handlers

    def begin(self, groups: list[str], levels: list[int], count: int, spoken: Language, language: Language) -> Changes:
        plan = Plan(tuple(groups or ()), tuple(levels or ()), int(count), spoken, random.SystemRandom().getrandbits(31))
        return self._show_after(lambda: self._tutor.interviewer.start(plan), language)

    def reopen(self, interview_id: str | None, language: Language) -> Changes:
        """Goes on where it stopped: an attempt without a grade is graded now."""
        if not interview_id:
            return no_change()
        return self._show_after(lambda: self._tutor.interviewer.resume(interview_id), language)

    def send(self, interview_id: str, number: int, attempt: str, language: Language) -> Iterator[Changes]:
        if not attempt.strip():
            inform("empty_attempt", language)
            yield no_change()
            return
        yield {self.grade: f"<p>{say('grading', language)}</p>"}
        try:
            yield self._show(self._tutor.interviewer.attempt(interview_id, attempt, number), language)
        except TutorError as error:
            warn(error, language)
            yield {self.grade: ""}

    def pass_over(self, interview_id: str, number: int, language: Language) -> Changes:
        return self._show_after(lambda: self._tutor.interviewer.skip(interview_id, number), language)

    def end(self, interview_id: str, language: Language) -> Changes:
        return self._show_after(lambda: self._tutor.interviewer.finish(interview_id), language)

    def give_hint(self, interview_id: str, number: int, language: Language) -> Changes:
        """One more rung of the ladder: nudge, structure, near-answer."""
        try:
            if self._tutor.interviewer.hint(interview_id, number) is None:
                inform("no_more_hints", language)
        except TutorError as error:
            warn(error, language)
            return no_change()
        return {self.hint_text: self._hints(self._tutor.history.interview(interview_id), language)}

    def reveal(self, interview_id: str | None) -> None:
        """The reference was opened: help, where a follow-up waits."""
        if interview_id:
            self._tutor.interviewer.reveal(interview_id)

    def contest(self, interview_id: str | None, language: Language, click: gr.EventData) -> Any:
        """The learner's own verdict on a key point: stored, changed or taken back; the score stays."""
        if not interview_id:
            return gr.skip()
        history, turn, point, verdict = self._tutor.history, click.turn, click.point, click.verdict
        if verdict == "undo":
            history.withdraw_contest(interview_id, turn, point)
        else:
            history.contest(interview_id, turn, point, verdict or None)
            if not verdict:
                inform("contest_kept", language)
        return self._grade_html(history.interview(interview_id), language, turn)

    def reset(self, language: Language) -> Changes:
        return self._only(language, None, {self.setup: gr.update(visible=True)})

    def restore(self, interview_id: str | None, language: Language) -> Changes:
        """After a reload: the interview this browser was in, or the form for a new one."""
        ongoing = {title.id for title in self._tutor.history.interview_titles() if title.finished_at is None}
        if interview_id in ongoing:
            return self.reopen(interview_id, language)
        return self.reset(language)

    def warm(self, interview_id: str | None, draft: str = "") -> None:
        """Prepares the grading of the shown question while the learner types."""
        if interview_id:
            self._tutor.interviewer.prepare(interview_id, draft)

    # --- inside

    def _show_after(self, step: Callable[[], Interview], language: Language) -> Changes:
        """The interview that `step` returns; a step that fails leaves the tab as it is and says why."""
        try:
            return self._show(step(), language)
        except TutorError as error:
            warn(error, language)
            return no_change()

    def _show(self, interview: Interview, language: Language) -> Changes:
        if interview.finished_at is not None:
            return self._only(language, interview.id, self._finished(interview, language))
        turn = self._tutor.interviewer.current_turn(interview)
        shown: Changes = {self.grade: self._grade_html(interview, language)}
        if turn:
            shown |= {
                self.number: turn.number,
                self.turn: gr.update(visible=True),
                self.question: _question(interview, turn, language),
                self.hint_text: self._hints(interview, language),
            }
        reference = self._reference(interview)
        if reference:
            shown |= {self.reference_box: gr.update(visible=True, open=False), self.reference: reference}
        return self._only(language, interview.id, shown)

    def _finished(self, interview: Interview, language: Language) -> Changes:
        report = interview_report(interview, {entry.id: entry for entry in self._tutor.bank.entries})
        text = report_markdown(report, interview.plan.language)
        title = f"{say('report', language)}-{interview.started_at[:10]}"
        return {
            self.report_box: gr.update(visible=True),
            self.report: text,
            self.grade: self._grade_html(interview, language),
            self.markdown: write_download(title, "md", text),
            self.json: write_download(title, "json", report_json(report)),
        }

    def _hints(self, interview: Interview, language: Language) -> str:
        taken = enumerate(self._tutor.interviewer.hints_taken(interview), start=1)
        return "\n\n".join(f"> **{say('hint_n', language, number)}** {text}" for number, text in taken)

    def _grade_html(self, interview: Interview, language: Language, opened: int = 0) -> str:
        """The last grade while the interview goes on, all of them when it is over."""
        contests = self._tutor.history.contests(interview.id)
        if interview.finished_at is None:
            return render_last_grade(interview, contests, language)
        return render_grades(interview, contests, language, opened)

    def _reference(self, interview: Interview) -> str:
        """The reference answer of the last graded question; empty while there is none in the bank."""
        graded = [turn.entry_id for turn in interview.turns if turn.grade is not None]
        if not graded or graded[-1] not in self._tutor.bank:
            return ""
        return render_reference(self._tutor.bank.get(graded[-1]), interview.plan.language)

    def _only(self, language: Language, interview_id: str | None, shown: Changes) -> Changes:
        """`shown` and nothing else of another interview or question."""
        earlier = gr.update(choices=self._earlier_choices(language), value=interview_id)
        return {**self._blank(), **shown, self.current: interview_id, self.earlier: earlier}

    def _blank(self) -> Changes:
        """What a tab shows that shows nothing; new at each call, since Gradio writes into updates."""
        hidden = [self.setup, self.turn, self.reference_box, self.report_box]
        empty = [self.question, self.hint_text, self.attempt, self.grade, self.reference, self.report]
        return {
            **{component: gr.update(visible=False) for component in hidden},
            **dict.fromkeys(empty, ""),
            self.number: 0,
            **dict.fromkeys([self.markdown, self.json]),
        }

    def _earlier_choices(self, language: Language) -> list[tuple[str, str]]:
        return [
            (
                f"{minute(title.started_at)} UTC · {title.questions} · "
                + say("finished" if title.finished_at else "ongoing", language),
                title.id,
            )
            for title in self._tutor.history.interview_titles()
        ]


def _group_choices(tutor: Tutor, language: Language) -> list[tuple[str, str]]:
    return [(GROUPS[group].in_language(language), group) for group in tutor.bank.groups]


def _question(interview: Interview, turn: Turn, language: Language) -> str:
    main = [step for step in interview.turns if step.follow_up_to is None and step.number <= turn.number]
    head = say("question_of", language, len(main), len(interview.plan.entry_ids) or interview.plan.questions)
    if turn.follow_up_to is not None:
        head += f" · {say('follow_up', language)}"
    return f"#### {head}\n\n### {turn.question}"
