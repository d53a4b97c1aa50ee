"""Runs hostile code and says what came of it."""

import textwrap

from tutor.exercises.sandbox import Answer, Call, Run, Sandbox


def attack(sandbox: Sandbox, body: str, *arguments: object) -> Run:
    """Runs `body` as the body of a function `f(*arguments)`."""
    code = "def f(*arguments):\n" + textwrap.indent(textwrap.dedent(body), "    ")
    return sandbox.run(code, "f", [Call(arguments)])


def attack_each(sandbox: Sandbox, bodies: dict[str, str], *arguments: object) -> dict[str, str]:
    """Makes all attacks one after the other in one process: the name of what each raised, or "went through: ..."."""
    parts = [f"def f{n}(*arguments):\n" + textwrap.indent(body, "    ") for n, body in enumerate(bodies.values())]
    code = "\n".join([*parts, "def f(number, *arguments): return globals()[f'f{number}'](*arguments)"])
    run = sandbox.run(code, "f", [Call((number, *arguments)) for number in range(len(bodies))])
    outcomes = {}
    for name, answer in zip(bodies, run.answers, strict=True):
        assert answer is not None, (name, run.ended, run.load, run.printed[-500:])
        outcomes[name] = answer.raised.type if answer.raised else f"went through: {answer.value!r}"
    return outcomes


def answer_of(run: Run) -> Answer:
    """The one answer of a run that must have one."""
    answer = run.answers[0]
    assert answer is not None, (run.ended, run.load, run.printed[-500:])
    return answer


def raised_by(run: Run) -> str:
    """Name of the exception that stopped the attack."""
    answer = answer_of(run)
    assert answer.raised is not None, f"the attack went through: {answer.value!r}"
    return answer.raised.type


def is_alive(sandbox: Sandbox) -> bool:
    """Whether the next, honest run works as if nothing had happened."""
    run = attack(sandbox, "return 42")
    return run.ended == "finished" and answer_of(run).value == 42
