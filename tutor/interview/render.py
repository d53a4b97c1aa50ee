"""An interview report as Markdown and as JSON, in the interview's language. Computes nothing."""

import json
from collections.abc import Iterable, Mapping

from tutor.domain import Bilingual, Language, Source, Verdict
from tutor.interview.report import (
    FollowUpOutcome,
    MisconceptionOutcome,
    PointOutcome,
    QuestionOutcome,
    Report,
    Status,
    Study,
)
from tutor.learning.codec import to_data
from tutor.text.markdown import literal, minute, one_line, quote, table_cell

_LABELS: Mapping[str, Bilingual] = {
    "title": Bilingual("模拟面试报告", "Mock interview report"),
    "finished": Bilingual("{0} 至 {1}", "{0} to {1}"),
    "ongoing": Bilingual("{0} 开始，尚未结束", "Started {0}, not finished yet"),
    "overall": Bilingual("总分：", "Overall: "),
    "band": Bilingual("可能范围 {0:.1f}–{1:.1f}", "likely {0:.1f}–{1:.1f}"),
    "no_score": Bilingual("还没有评分", "nothing graded yet"),
    "counted": Bilingual("计入 {0} 题，计划 {1} 题。", "Counts {0} of {1} planned questions."),
    "method": Bilingual(
        "总分是各主问题得分按难度加权的平均（基础 1、进阶 1.5、深入 2）；经追问才答出的得分点计一半；跳过的题计 0 分；"
        "没有回答或没有评分的题不计。",
        "The overall score is the mean of the main questions, weighted by level (basic 1, solid 1.5, deep 2). A key point "
        "that only a follow-up brought out counts half; a skipped question counts 0; a question without an answer or "
        "a grade does not count.",
    ),
    "groups": Bilingual("各主题", "By topic"),
    "group": Bilingual("主题", "Topic"),
    "score": Bilingual("得分", "Score"),
    "questions": Bilingual("题数", "Questions"),
    "strengths": Bilingual("答得好的地方", "Strengths"),
    "no_strengths": Bilingual("这次还没有完整说到的得分点。", "No key point was fully covered this time."),
    "missed": Bilingual("漏掉或说错的得分点", "Missed key points"),
    "no_missed": Bilingual("没有遗漏。", "Nothing was missed."),
    "misconceptions": Bilingual("重复了的常见误解", "Misconceptions you repeated"),
    "correction": Bilingual("正确的是：", "What is right: "),
    "study": Bilingual("接下来学什么", "What to study next"),
    "no_study": Bilingual(
        "没有急需补的：试试更高的难度或别的主题。", "Nothing is pressing: try a higher level or other topics."
    ),
    "lacking": Bilingual("缺 {0} 个得分点，见上", "{0} key points lacking, see above"),
    "first_learn": Bilingual("先弄懂：", "Learn first: "),
    "read": Bilingual("阅读：", "Read: "),
    "sources": Bilingual("来源", "Sources"),
    "each": Bilingual("逐题", "Question by question"),
    "your_answer": Bilingual("你的回答：", "Your answer:"),
    "draft": Bilingual("写了一半、没有提交：", "Written but not handed in:"),
    "your_words": Bilingual("你的原话：", "your words: "),
    "first_score": Bilingual("首答 {0:.1f}，追问后 {1:.1f}", "first answer {0:.1f}, after follow-ups {1:.1f}"),
    "key_point": Bilingual("得分点", "Key point"),
    "verdict": Bilingual("判定", "Verdict"),
    "second_try": Bilingual("第二次答出", "on second try"),
    "question_n": Bilingual("第 {0} 题", "question {0}"),
    "follow_up": Bilingual("追问：", "Follow-up: "),
    "feedback": Bilingual("点评：", "Feedback: "),
    "spoken": Bilingual("30 秒怎么说：", "How to say it in 30 seconds: "),
    "reference": Bilingual("参考答案：", "Reference answer:"),
    "vanished": Bilingual(
        "这些题目已不在题库中，报告因此缺少它们的参考答案、主题和来源：",
        "These entries are no longer in the bank, so the report lacks their reference answer, topic and sources: ",
    ),
    "ungraded": Bilingual(
        "有的回答已保存但还没有评分；打开这场面试并继续，即可补上。",
        "Some answers are saved but not graded yet; open the interview and go on with it to have them graded.",
    ),
}
_STATUSES: Mapping[Status, Bilingual] = {
    "graded": Bilingual("已评分", "graded"),
    "skipped": Bilingual("跳过", "skipped"),
    "ungraded": Bilingual("未评分", "not graded"),
    "unanswered": Bilingual("未回答", "not answered"),
}
_VERDICTS: Mapping[Verdict, Bilingual] = {
    "covered": Bilingual("说到了", "covered"),
    "partial": Bilingual("部分说到", "partly covered"),
    "missed": Bilingual("没说到", "missed"),
    "contradicted": Bilingual("说反了", "contradicted"),
}
_SOURCES_TO_READ = 2  # the rest is in the list of sources


def report_json(report: Report) -> str:
    """The report as JSON text: the fields of `Report`, nested."""
    return json.dumps(to_data(report), ensure_ascii=False, indent=2)


def report_markdown(report: Report, language: Language | None = None) -> str:
    """The report as Markdown; labels in the interview's language unless another is given."""
    return _Page(report, language or report.language).text()


class _Page:
    """One report in one language."""

    def __init__(self, report: Report, language: Language) -> None:
        self._report = report
        self._language = language

    def text(self) -> str:
        report = self._report
        sections = [
            *self._head(),
            self._section("groups", self._group_table() if report.groups else ""),
            self._section("strengths", _bullets(map(self._point, report.strengths)) or self._say("no_strengths")),
            self._section("missed", _bullets(map(self._point, report.missed)) or self._say("no_missed")),
            self._section("misconceptions", self._misconceptions()),
            self._section("study", _bullets(map(self._study, report.study_next)) or self._say("no_study")),
            self._section("sources", _bullets(map(_linked_title, report.sources))),
            self._section("each", "\n\n".join(map(self._question, report.questions))),
        ]
        if report.score is None:  # nothing to praise, to blame or to advise on
            sections = [*self._head(), sections[-1]]
        return "\n\n".join(section for section in sections if section) + "\n"

    def _say(self, name: str, *values: object) -> str:
        return _LABELS[name].in_language(self._language).format(*values)

    def _aside(self, *notes: str) -> str:
        """Notes in brackets, as each language writes them."""
        return f"（{self._list(notes)}）" if self._language == "zh" else f" ({self._list(notes)})"

    def _section(self, name: str, body: str) -> str:
        return f"## {self._say(name)}\n\n{body}" if body else ""

    def _head(self) -> list[str]:
        report = self._report
        if report.finished_at:
            times = self._say("finished", minute(report.started_at), minute(report.finished_at))
        else:
            times = self._say("ongoing", minute(report.started_at))
        lines = [f"# {self._say('title')}", f"*{times}*", self._overall(), self._say("method")]
        if report.vanished:
            lines.append("⚠ " + self._say("vanished") + ", ".join(f"`{name}`" for name in report.vanished))
        if any("ungraded" in (item.status, *(probe.status for probe in item.follow_ups)) for item in report.questions):
            lines.append("⚠ " + self._say("ungraded"))
        return lines

    def _overall(self) -> str:
        report = self._report
        if report.score is None or report.band is None:
            score = self._say("no_score")
        else:
            score = f"{report.score:.1f} / 10{self._aside(self._say('band', *report.band))}"
        return f"**{self._say('overall')}{score}** {self._say('counted', report.counted, report.planned)}"

    def _group_table(self) -> str:
        rows = [f"| {self._say('group')} | {self._say('score')} | {self._say('questions')} |", "|---|---:|---:|"]
        rows += [
            f"| {table_cell(group.title)} | {group.score:.1f} | {group.questions} |" for group in self._report.groups
        ]
        return "\n".join(rows)

    def _point(self, point: PointOutcome) -> str:
        where = self._say("question_n", point.question)
        notes = [where] if point.verdict == "covered" else [where, self._verdict(point.verdict)]
        if point.second_try:
            notes.append(self._say("second_try"))
        if point.verdict in ("partial", "contradicted") and point.evidence:
            notes.append(f"{self._say('your_words')}“{literal(one_line(point.evidence))}”")
        return one_line(point.statement) + self._aside(*notes)

    def _misconceptions(self) -> str:
        return _bullets(map(self._misconception, self._report.misconceptions))

    def _misconception(self, item: MisconceptionOutcome) -> str:
        numbers = [self._say("question_n", number) for number in item.questions]
        words = self._say("your_words") + " ".join(f"“{literal(one_line(words))}”" for words in item.evidence)
        correction = f"{self._say('correction')}{one_line(item.correction)}"
        return f"“{one_line(item.claim)}”{self._aside(*numbers, words)}\n  - {correction}"

    def _study(self, study: Study) -> str:
        notes = [f"{study.score:.1f} / 10"]
        if study.missed:
            notes.append(self._say("lacking", len(study.missed)))
        lines = [f"**{one_line(study.question)}**{self._aside(*notes)}"]
        if study.first_learn:
            lines.append(f"  - {self._say('first_learn')}{self._list(map(one_line, study.first_learn))}")
        if study.sources:
            lines.append(f"  - {self._say('read')}{self._list(map(_linked_title, study.sources[:_SOURCES_TO_READ]))}")
        return "\n".join(lines)

    def _list(self, items: Iterable[str]) -> str:
        return ("；" if self._language == "zh" else "; ").join(items)

    def _question(self, question: QuestionOutcome) -> str:
        parts = [f"### {question.number}. {one_line(question.question)}", f"**{self._result(question)}**"]
        if question.attempt:
            parts.append(f"{self._say('your_answer')}\n\n{quote(question.attempt)}")
        if question.draft:
            parts.append(self._draft(question.draft))
        if question.points and question.status == "graded":
            parts.append(self._point_table(question))
        if question.feedback:
            parts.append(self._feedback(question.feedback))
        if question.spoken:
            parts.append(f"{self._say('spoken')}{question.spoken}")
        parts.extend(map(self._follow_up, question.follow_ups))
        if question.reference:
            parts.append(f"{self._say('reference')}\n\n{question.reference}")
        return "\n\n".join(parts)

    def _result(self, question: QuestionOutcome) -> str:
        if question.status != "graded" or question.score is None or question.first_score is None:
            return self._status(question.status)
        result = f"{self._say('score')} {question.score:.1f} / 10"
        if question.score != question.first_score:
            result += self._aside(self._say("first_score", question.first_score, question.score))
        return result

    def _point_table(self, question: QuestionOutcome) -> str:
        rows = [f"| {self._say('key_point')} | {self._say('verdict')} |", "|---|---|"]
        for point in question.points:
            verdict = self._verdict(point.verdict) + (self._aside(self._say("second_try")) if point.second_try else "")
            rows.append(f"| {table_cell(point.statement)} | {verdict} |")
        return "\n".join(rows)

    def _draft(self, draft: str) -> str:
        return f"{self._say('draft')}\n\n{quote(draft)}"

    def _follow_up(self, probe: FollowUpOutcome) -> str:
        result = (
            self._verdict(probe.verdict) if probe.verdict and probe.status == "graded" else self._status(probe.status)
        )
        parts = [f"**{self._say('follow_up')}{one_line(probe.question)}**{self._aside(result)}"]
        parts += [quote(probe.attempt)] if probe.attempt else []
        parts += [self._draft(probe.draft)] if probe.draft else []
        parts += [self._feedback(probe.feedback)] if probe.feedback else []
        return "\n\n".join(parts)

    def _feedback(self, feedback: str) -> str:
        label = self._say("feedback")
        return f"{label.rstrip()}\n\n{feedback}" if "\n" in feedback else label + feedback

    def _verdict(self, verdict: Verdict) -> str:
        return _VERDICTS[verdict].in_language(self._language)

    def _status(self, status: Status) -> str:
        return _STATUSES[status].in_language(self._language)


def _bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _linked_title(source: Source) -> str:
    """For a list within a sentence, where a full reference would be too long."""
    title = literal(one_line(source.title))
    link = f"https://arxiv.org/abs/{source.arxiv}" if source.arxiv else source.url
    authors = ", ".join(str(part) for part in (source.authors, source.year) if part)
    return (f"[{title}]({link})" if link else title) + (f" ({literal(authors)})" if authors else "")
