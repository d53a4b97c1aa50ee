"""The Interview tab: plan, one question at a time, a grade after each attempt, a report at the end."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from tutor.assembly import Tutor
from tutor.bank.schema import GROUPS
from tutor.domain import Entry, Interview, Language, Plan, Turn
from tutor.errors import TutorError
from tutor.interview.render import report_json, report_markdown
from tutor.interview.report import interview_report
from tutor.learning.titles import InterviewTitle
from tutor.text.markdown import minute
from tutor.text.spans import MAX_CHARACTERS
from tutor.ui.changes import Changes, no_change
from tutor.ui.downloads import write_download
from tutor.ui.grade_view import render_grades, render_last_grade, render_waiting
from tutor.ui.labels import Labels
from tutor.ui.markdown import markdown
from tutor.ui.notices import inform, warn
from tutor.ui.render import render_reference
from tutor.ui.strings import say

_REPORT_CLICKS = Path(__file__).with_name("grades.js")
_MAX_QUESTIONS = 10
_NAMED_TOPICS = 2  # of an earlier interview in the list
_FOCUS = """() => setTimeout(() => {
  const box = document.querySelector("#attempt textarea");
  if (box && box.offsetParent && !box.disabled) box.focus({ preventScroll: true });
}, 300)"""


class InterviewTab:
    """Components and handlers; the interview itself lives in the history, so a closed browser loses nothing."""

    def __init__(self, tutor: Tutor, labels: Labels, language: gr.Radio, stored: gr.BrowserState) -> None:
        self._tutor = tutor
        self.stored = stored
        self._labels = labels
        self._language = language
        self._scores: dict[str, float | None] = {}  # of finished interviews, worked out once
        self._build_setup()
        self._build_turn()
        self._build_report()
        self._build_grade()
        self._wire()

    def _build_setup(self) -> None:
        add, add_rule = self._labels.add, self._labels.add_rule
        self.current = gr.State(None)
        self.number = gr.State(0)  # of the turn shown, so that a second click cannot answer the next question
        self.ending = gr.State(0)  # number of the turn at which "finish" was clicked once
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
        self.view = [self.current, self.earlier, self.finish, *self._blank()]
        plan = [self.groups, self.levels, self.count, self.spoken]
        self._remember = {"fn": lambda interview_id: interview_id, "inputs": self.current, "outputs": self.stored}
        quiet = {"show_progress": "hidden"}
        ahead = {"concurrency_limit": 1, "concurrency_id": "ahead", **quiet}
        shown, answered = [self.current, self.number], [self.current, self.number, self.attempt]
        go_on = {"fn": self.go_on, "inputs": [*shown, self._language], "outputs": self.view, **quiet}
        focus = {"fn": None, "js": _FOCUS}
        # In a line of its own: an attempt must not wait in the queue for what it makes the grader stop.
        warm = {"fn": self.warm, "inputs": self.current, **ahead}
        started = self.start.click(self.begin, [*plan, self._language], self.view, **quiet)
        started.then(**self._remember).then(**focus).then(**warm)
        handed_in = self.submit.click(self.hand_in, [*answered, self._language], self.view, **quiet)
        graded = handed_in.then(**go_on)
        graded.then(**focus).then(**warm)
        opened = self.open.click(self.reopen, [self.earlier, self._language], self.view, cancels=[graded], **quiet)
        opened.then(**self._remember).then(**go_on).then(**focus).then(**warm)
        # `change` as well: the first thing that is typed or pasted into a box fires no `input`.
        typed = [self.attempt.input, self.attempt.change]
        gr.on(typed, self.keep_draft, answered, trigger_mode="always_last", **quiet)
        # What is typed is read at once, so that little is left to read when it is handed in.
        self.attempt.input(self.warm, [self.current, self.attempt], trigger_mode="always_last", **ahead)
        skipped = self.skip.click(self.pass_over, [*shown, self._language], self.view, **quiet)
        skipped.then(**focus).then(**warm)
        self.finish.click(self.end, [*answered, self.ending, self._language], self.view, **quiet)
        self.hint.click(self.give_hint, [*shown, self._language], self.hint_text, **quiet)
        self.grade.click(self.contest, [self.current, self._language], self.grade, **quiet)
        self.again.click(self.reset, self._language, self.view).then(**self._remember)
        self._go_on, self._warm = go_on, warm

    def restore_after(self, loaded: Any) -> None:
        """Once the page knows its language: the interview that this browser was in; what waits for a grade gets it."""
        restored = loaded.then(self.restore, [self.stored, self._language], self.view, show_progress="hidden")
        restored.then(**self._go_on).then(**self._warm)

    # --- handlers

    def begin(self, groups: list[str], levels: list[int], count: int, spoken: Language, language: Language) -> Changes:
        plan = Plan(tuple(groups or ()), tuple(levels or ()), int(count), spoken, random.SystemRandom().getrandbits(31))
        return self._show_after(lambda: self._tutor.interviewer.start(plan), language)

    def reopen(self, interview_id: str | None, language: Language) -> Changes:
        """Shows it where it stopped; `go_on` then grades an attempt that has no grade."""
        if not interview_id:
            return no_change()
        return self._show_after(lambda: self._tutor.history.interview(interview_id), language)

    def keep_draft(self, interview_id: str | None, number: int, typed: str) -> None:
        """Stores what is being typed."""
        if interview_id:
            self._tutor.history.keep_draft(interview_id, number, typed)

    def hand_in(self, interview_id: str, number: int, attempt: str, language: Language) -> Changes:
        """Stores the attempt before anything is computed; it stays in sight while it is graded."""
        if not attempt.strip():
            inform("empty_attempt", language)
            return no_change()
        try:
            self._tutor.interviewer.hand_in(interview_id, attempt, number)
        except TutorError as error:
            warn(error, language)
            return no_change()
        return self._show(self._tutor.history.interview(interview_id), language)

    def go_on(self, interview_id: str | None, number: int, language: Language) -> Changes:
        """Grades what was handed in and shows what follows; nothing changes where the shown question still waits."""
        if not interview_id:
            return no_change()
        interview = self._tutor.history.interview(interview_id)
        turn = self._tutor.interviewer.current_turn(interview)
        is_shown = number == (turn.number if turn else 0)
        if is_shown and (turn.attempt is None if turn else interview.finished_at):
            return no_change()
        try:
            return self._show(self._tutor.interviewer.resume(interview_id), language)
        except TutorError as error:
            warn(error, language)
            return self._show(self._tutor.history.interview(interview_id), language, is_stuck=True)

    def pass_over(self, interview_id: str, number: int, language: Language) -> Changes:
        return self._show_after(lambda: self._tutor.interviewer.skip(interview_id, number), language)

    def end(self, interview_id: str, number: int, attempt: str, ending: int, language: Language) -> Changes:
        """Ends the interview at the second click on the same question; a half-written answer stays as its draft."""
        if ending != number:
            return {self.finish: say("finish_confirm", language), self.ending: number}
        self.keep_draft(interview_id, number, attempt)
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

    def _show(self, interview: Interview, language: Language, *, is_stuck: bool = False) -> Changes:
        """The interview as it stands; `is_stuck`: what was handed in could not be graded."""
        if interview.finished_at is not None:
            return self._only(language, interview.id, self._finished(interview, language))
        turn = self._tutor.interviewer.current_turn(interview)
        shown: Changes = {self.grade: self._grade_html(interview, language)}
        if turn:
            shown |= {
                self.number: turn.number,
                self.turn: gr.update(visible=True),
                self.question: self._question(interview, turn, language),
                self.hint_text: self._hints(interview, language),
                self.attempt: gr.update(value=turn.attempt or turn.draft or "", interactive=turn.attempt is None),
            }
        if turn and turn.attempt is not None:
            told = f'<p role="status">{say("ungraded", language)}</p>' if is_stuck else render_waiting(turn, language)
            still = [self.hint] if is_stuck else [self.submit, self.skip, self.hint]
            shown |= {self.grade: told, **{button: gr.update(interactive=False) for button in still}}
        reference = self._reference(interview)
        if reference:
            shown |= {self.reference_box: gr.update(visible=True, open=False), self.reference: reference}
        return self._only(language, interview.id, shown)

    def _finished(self, interview: Interview, language: Language) -> Changes:
        report = interview_report(interview, self._entries())
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
        """The reference answer of the last graded question; empty while a follow-up on it waits."""
        graded = [turn.entry_id for turn in interview.turns if turn.grade is not None]
        waiting = self._tutor.interviewer.current_turn(interview)
        if not graded or graded[-1] not in self._tutor.bank or (waiting and waiting.follow_up_to is not None):
            return ""
        return render_reference(self._tutor.bank.get(graded[-1]), interview.plan.language)

    def _only(self, language: Language, interview_id: str | None, shown: Changes) -> Changes:
        """`shown` and nothing else of another interview or question."""
        earlier = gr.update(choices=self._earlier_choices(language), value=interview_id)
        finish = say("finish", language)
        return {**self._blank(), **shown, self.current: interview_id, self.earlier: earlier, self.finish: finish}

    def _blank(self) -> Changes:
        """What a tab shows that shows nothing; new at each call, since Gradio writes into updates."""
        hidden = [self.setup, self.turn, self.reference_box, self.report_box]
        return {
            **{component: gr.update(visible=False) for component in hidden},
            **dict.fromkeys([self.question, self.hint_text, self.grade, self.reference, self.report], ""),
            **{button: gr.update(interactive=True) for button in (self.submit, self.skip, self.hint)},
            self.attempt: gr.update(value="", interactive=True),
            **dict.fromkeys([self.number, self.ending], 0),
            **dict.fromkeys([self.markdown, self.json]),
        }

    def _question(self, interview: Interview, turn: Turn, language: Language) -> str:
        """Number, topic and level, then the question."""
        main = [step for step in interview.turns if step.follow_up_to is None and step.number <= turn.number]
        head = [say("question_of", language, len(main), len(interview.plan.entry_ids) or interview.plan.questions)]
        if turn.entry_id in self._tutor.bank:
            entry = self._tutor.bank.get(turn.entry_id)
            head += [GROUPS[entry.group].in_language(language), say(f"level_{entry.level}", language)]
        if turn.follow_up_to is not None:
            head.append(say("follow_up", language))
        return f"#### {' · '.join(head)}\n\n### {turn.question}"

    def _earlier_choices(self, language: Language) -> list[tuple[str, str]]:
        return [(self._earlier(title, language), title.id) for title in self._tutor.history.interview_titles()]

    def _earlier(self, title: InterviewTitle, language: Language) -> str:
        """When, about what, how many questions, and the score or that it goes on."""
        bank = self._tutor.bank
        groups = list(dict.fromkeys(bank.get(name).group for name in title.entry_ids if name in bank))
        topics = ("、" if language == "zh" else ", ").join(
            GROUPS[group].in_language(language) for group in groups[:_NAMED_TOPICS]
        ) + ("…" if len(groups) > _NAMED_TOPICS else "")
        score = self._score(title) if title.finished_at else None
        state = say("finished" if title.finished_at else "ongoing", language)
        outcome = state if score is None else say("score_n", language, score)
        count = say("questions_n", language, title.questions)
        return " · ".join(filter(None, [minute(title.started_at), topics, count, outcome]))

    def _score(self, title: InterviewTitle) -> float | None:
        if title.id in self._scores:
            return self._scores[title.id]
        interview = self._tutor.history.interview(title.id)
        score = interview_report(interview, self._entries()).score
        if all(turn.grade for turn in interview.turns if turn.attempt):  # else one may still come
            self._scores[title.id] = score
        return score

    def _entries(self) -> dict[str, Entry]:
        return {entry.id: entry for entry in self._tutor.bank.entries}


def _group_choices(tutor: Tutor, language: Language) -> list[tuple[str, str]]:
    return [(GROUPS[group].in_language(language), group) for group in tutor.bank.groups]
