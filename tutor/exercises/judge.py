"""Code in, verdict out: runs it in the sandbox and compares what comes back with the reference, here in the parent.

The reference solution runs in a sandbox process of its own, once per exercise, so expected values and a learner's code
never meet.
"""

from collections.abc import Sequence

from tutor.domain import Bilingual
from tutor.errors import ExerciseError
from tutor.exercises.compare import Tolerance, describe_value, find_difference
from tutor.exercises.gradients import gradient_calls, gradient_difference
from tutor.exercises.inputs import build_value
from tutor.exercises.result import CaseResult, Result
from tutor.exercises.sandbox import Answer, Call, Raised, Run, Sandbox
from tutor.exercises.schema import Case, Exercise

MAX_CODE_CHARACTERS = 50_000

_ENDINGS = {
    "exited": Bilingual("程序提前退出了，没有返回结果。", "The program ended before it answered."),
    "crashed": Bilingual(
        "进程崩溃了（常见原因：内存超限或递归过深）。",
        "The process crashed (often: out of memory, or recursion too deep).",
    ),
    "timeout": Bilingual(
        "超时：程序被终止。检查有没有死循环。", "Out of time: the program was stopped. Is there an endless loop?"
    ),
    "printed": Bilingual("输出太多，程序被终止。", "It printed too much and was stopped."),
    "returned": Bilingual("返回的数据太大，程序被终止。", "It returned too much data and was stopped."),
    "wrote": Bilingual("写的文件太多，程序被终止。", "It wrote too much to files and was stopped."),
}


class Judge:
    """Judges learners' code; remembers what each reference solution returned."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._expected: dict[str, tuple[Answer, ...]] = {}

    def judge(self, exercise: Exercise, code: str) -> Result:
        """Runs every case. Raises ExerciseError when nothing may run here; a learner's slip is in the Result."""
        if len(code) > MAX_CODE_CHARACTERS:
            raise ExerciseError("exercises.code_too_long", most=MAX_CODE_CHARACTERS, found=len(code))
        calls = [_calls(case) for case in exercise.cases]
        expected = self._expectations(exercise, [own[0] for own in calls])
        run = self.sandbox.run(code, exercise.function, [call for own in calls for call in own])
        answers = iter(run.answers)
        cases = tuple(
            _judge_case(case, own, [next(answers) for _ in own], right)
            for case, own, right in zip(exercise.cases, calls, expected, strict=True)
        )
        problem = _load_problem(run.load, exercise.function) if run.load else _ENDINGS.get(run.ended)
        return Result(exercise.id, cases, problem, run.printed, run.seconds, run.protection)

    def _expectations(self, exercise: Exercise, calls: Sequence[Call]) -> tuple[Answer, ...]:
        """What the reference solution answers. Raises ExerciseError when it does not, as the exercise is broken then."""
        if exercise.id not in self._expected:
            run = self.sandbox.run(exercise.solution, exercise.function, calls)
            self._expected[exercise.id] = _reference_answers(exercise, run)
        return self._expected[exercise.id]


def _reference_answers(exercise: Exercise, run: Run) -> tuple[Answer, ...]:
    answers = [answer for answer in run.answers if answer is not None and answer.unsupported is None]
    slips = [
        case.name.en
        for case, answer in zip(exercise.cases, run.answers, strict=True)
        if answer is None or (answer.raised is not None and answer.raised.type != case.raises)
    ]
    if slips or run.ended != "finished" or len(answers) < len(run.answers):
        raise ExerciseError(
            "exercises.broken_reference", exercise=exercise.id, ended=run.ended, raised=run.load, slips=slips
        )
    return tuple(answers)


def _calls(case: Case) -> list[Call]:
    arguments = build_value(case.arguments)
    calls = [Call(arguments, case.keeps_inputs)]
    return calls + (gradient_calls(arguments, case.gradient) if case.gradient else [])


def _judge_case(case: Case, calls: list[Call], answers: list[Answer | None], right: Answer) -> CaseResult:
    why = _find_fault(case, calls, answers, right)
    return CaseResult(case.name.bilingual, why, describe_value(list(calls[0].arguments)))


def _find_fault(case: Case, calls: list[Call], answers: list[Answer | None], right: Answer) -> Bilingual | None:
    answer = answers[0]
    if answer is None:
        return Bilingual("没有返回结果", "no answer came back")
    if answer.unsupported is not None:
        return Bilingual(
            f"返回了不支持的类型：{answer.unsupported}", f"returned an unsupported type: {answer.unsupported}"
        )
    if case.raises:
        return _compare_raised(case.raises, answer)
    if answer.raised is not None:
        return _describe_raised(answer.raised)
    tolerance = Tolerance(case.rtol, case.atol, case.same_dtype)
    expected = right.value if case.expect is None else build_value(case.expect)
    if difference := find_difference(answer.value, expected, tolerance):
        return difference
    if case.keeps_inputs and find_difference(answer.arguments, list(calls[0].arguments), Tolerance(0, 0)):
        return Bilingual("函数改动了传入的参数", "the function changed its arguments")
    return gradient_difference(case.gradient, calls, answers) if case.gradient else None


def _compare_raised(expected: str, answer: Answer) -> Bilingual | None:
    if answer.raised is None:
        found = describe_value(answer.value)
        return Bilingual(f"应抛出 {expected}，却返回 {found}", f"expected {expected} to be raised, found {found}")
    return None if answer.raised.type == expected else _describe_raised(answer.raised)


def _describe_raised(raised: Raised) -> Bilingual:
    text = f"{raised.type}: {raised.message}" if raised.message else raised.type
    if raised.line is None:
        return Bilingual(f"抛出 {text}", f"raised {text}")
    return Bilingual(f"第 {raised.line} 行抛出 {text}", f"line {raised.line} raised {text}")


def _load_problem(raised: Raised, function: str) -> Bilingual:
    told = _describe_raised(raised)
    return Bilingual(
        f"代码无法载入，找不到可用的 `{function}`：{told.zh}",
        f"The code does not load, so there is no `{function}`: {told.en}",
    )
