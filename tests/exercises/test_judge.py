"""The verdict: right code passes, wrong code fails with a reason, and no trick turns one into the other."""

import pytest

from tests.exercises.conftest import EXERCISES, QUICK
from tutor.errors import ExerciseError
from tutor.exercises.judge import Judge
from tutor.exercises.load import load_exercise
from tutor.exercises.sandbox import Sandbox
from tutor.exercises.schema import Exercise

NAIVE = "import numpy as np\ndef softmax(x, axis=-1):\n    return np.exp(x)\n"
# Each wants to be taken for a right solution without being one.
TRICKS = {
    "leaves with success on loading": "import os\nos._exit(0)\n" + NAIVE,
    "leaves with success when called": "import os\ndef softmax(x, axis=-1): os._exit(0)",
    "raises SystemExit": "import sys\ndef softmax(x, axis=-1): sys.exit(0)",
    "prints that it passed": "def softmax(x, axis=-1): print('passed\\n{\"passed\": true}')",
    "returns True": "def softmax(x, axis=-1): return True",
    "replaces NumPy's comparisons": "import numpy as np\nnp.isclose = np.allclose = lambda *a, **k: np.True_\n" + NAIVE,
    "replaces the builtins": "import builtins\nbuiltins.all = builtins.any = lambda *a: True\n" + NAIVE,
    "is equal to everything": (
        "class Yes:\n    def __eq__(self, other): return True\n    def __array__(self, *a, **k): raise AttributeError\n"
        "def softmax(x, axis=-1): return Yes()"
    ),
    "returns not-a-number": "import numpy as np\ndef softmax(x, axis=-1): return np.full(x.shape, np.nan)",
    "writes results itself": (
        "import os\nlines = b''.join(b'{\"call\": %d, \"value\": true, \"passed\": true}\\n' % n for n in range(50))\n"
        "for number in range(3, 20):\n    try: os.write(number, lines + b'{\"done\": true}\\n')\n    except OSError: pass\n"
        + NAIVE
    ),
    "writes nonsense": (
        "import os\nlines = b'[' * 100000 + b'\\n' + b'{\"call\": 0, \"value\": {\"array\": [\"|O8\", [1], \"AAAAAAAAAAA=\"]}}\\n'\n"
        "for number in range(3, 20):\n    try: os.write(number, lines)\n    except OSError: pass\n" + NAIVE
    ),
    "replaces the sender": (
        "import sys\nmain = sys._getframe(2).f_globals\nmain['encode'] = lambda value: True\n" + NAIVE
    ),
    "searches the process for what is expected": (
        "import gc, sys\nfound = [o for o in gc.get_objects() if isinstance(o, dict) and 'expect' in o]\n"
        "assert not found\n" + NAIVE
    ),
    "hangs at the exit": "import atexit, time\natexit.register(time.sleep, 60)\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(Sandbox(limits=QUICK, bubblewrap=False))


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    return load_exercise(EXERCISES / "stable-softmax.yaml")


def test_the_reference_passes_every_case(judge: Judge, exercise: Exercise) -> None:
    result = judge.judge(exercise, exercise.solution)
    assert result.passed
    assert result.passed_count == len(exercise.cases)


@pytest.mark.parametrize("trick", list(TRICKS))
def test_no_trick_passes(judge: Judge, exercise: Exercise, trick: str) -> None:
    assert not judge.judge(exercise, TRICKS[trick]).passed


def test_right_values_from_a_process_that_hangs_do_not_pass(judge: Judge, exercise: Exercise) -> None:
    result = judge.judge(exercise, TRICKS["hangs at the exit"] + exercise.solution)
    assert not result.passed
    assert result.problem is not None
    assert "Out of time" in result.problem.en


def test_a_failed_case_says_where_and_what(judge: Judge, exercise: Exercise) -> None:
    result = judge.judge(exercise, exercise.wrong[0].code)
    (failed,) = [case for case in result.cases if not case.passed]
    assert failed.why is not None
    assert failed.why.en == "`result[0, 0]`: expected 0.26894142, found nan"
    assert failed.why.zh == "`result[0, 0]`：应为 0.26894142，得到 nan"
    assert "1000" in failed.inputs


def test_an_exception_is_told_with_its_line(judge: Judge, exercise: Exercise) -> None:
    result = judge.judge(exercise, "def softmax(x, axis=-1):\n    y = 0\n    return x / unknown")
    assert result.cases[0].why is not None
    assert result.cases[0].why.en == "line 3 raised NameError: name 'unknown' is not defined"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("def softmax(x:\n    pass", "line 1 raised SyntaxError"),
        ("def other(x): pass", "expected a function named `softmax`"),
        ("softmax = 3", "expected a function named `softmax`"),
        ("import torch", "No module named 'torch'"),
        ("", "expected a function named `softmax`"),
    ],
)
def test_code_that_does_not_load_says_why(judge: Judge, exercise: Exercise, code: str, words: str) -> None:
    result = judge.judge(exercise, code)
    assert not result.passed
    assert result.problem is not None
    assert words in result.problem.en


def test_what_the_code_prints_comes_back_with_the_result(judge: Judge, exercise: Exercise) -> None:
    code = exercise.solution.replace("    shifted =", "    print('看', x.shape)\n    shifted =")
    result = judge.judge(exercise, code)
    assert result.passed
    assert "看 (2,)" in result.printed


def test_code_beyond_any_sense_is_refused(judge: Judge, exercise: Exercise) -> None:
    with pytest.raises(ExerciseError, match="at most 50000 characters"):
        judge.judge(exercise, "#" * 50_001)


def test_a_broken_reference_is_the_exercises_fault_not_the_learners(judge: Judge, exercise: Exercise) -> None:
    broken = exercise.model_copy(update={"id": "broken", "solution": "def softmax(x, axis=-1): return x.missing"})
    with pytest.raises(ExerciseError, match="expected its reference solution to answer"):
        judge.judge(broken, exercise.solution)


def test_a_gradient_is_checked_against_the_learners_own_value(judge: Judge) -> None:
    exercise = load_exercise(EXERCISES / "cross-entropy-gradient.yaml")
    case = next(case for case in exercise.cases if case.gradient)
    only = exercise.model_copy(update={"id": "gradient-only", "cases": [case.model_copy(update={"rtol": 10.0})]})
    assert judge.judge(only, exercise.solution).passed
    why = judge.judge(only, exercise.wrong[0].code).cases[0].why
    assert why is not None
    assert "finite differences" in why.en
