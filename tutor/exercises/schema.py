"""The form of an exercise file, as pydantic models: what a contributor may write, with a message for each slip.

Knows the form only; whether a reference solution is right is for the tests, which run every one of them.
"""

import ast
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from tutor.domain import Bilingual, Language

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]
Code = Annotated[str, StringConstraints(min_length=10, max_length=6000)]


class Strict(BaseModel):
    """Unknown fields are slips of the pen, so they are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Strict):
    """The same text in both languages."""

    zh: Text
    en: Text

    def in_language(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    @property
    def bilingual(self) -> Bilingual:
        return Bilingual(self.zh, self.en)


class Gradient(Strict):
    """The function returns (value, gradient); the judge takes finite differences of the value along one argument."""

    wrt: int = Field(ge=0, description="position of the argument")
    value: int = Field(default=0, ge=0, description="position of the scalar in what is returned")
    gradient: int = Field(default=1, ge=0, description="position of the gradient in what is returned")
    step: float = Field(default=1e-5, gt=0)


class Case(Strict):
    """One hidden test. Without `expect` or `raises` the reference solution says what is right."""

    name: Words
    arguments: list[Any] = Field(description="plain values, or arrays as `inputs` builds them")
    expect: Any = Field(default=None, description="value worked out by hand; the reference must give it too")
    raises: str = Field(default="", description="name of the exception that must be raised")
    keeps_inputs: bool = Field(default=False, description="the arguments must be unchanged afterwards")
    same_dtype: bool = Field(default=False, description="arrays must have the reference's dtype")
    gradient: Gradient | None = None
    rtol: float = Field(default=1e-6, ge=0)
    atol: float = Field(default=1e-8, ge=0)


class Slip(Strict):
    """A plausible wrong solution with what is wrong about it; the cases must catch it."""

    reason: Words
    code: Code


class Exercise(Strict):
    """One function to write, with everything that belongs to it."""

    id: Slug
    level: Literal[1, 2, 3]
    entry: Slug = Field(description="the bank entry it goes with")
    title: Words
    statement: Words
    function: Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*$")]
    starter: Code
    hints: list[Words] = Field(min_length=3, max_length=3)
    complexity: Words
    solution: Code
    wrong: list[Slip] = Field(min_length=1)
    cases: list[Case] = Field(min_length=3)

    @field_validator("starter", "solution")
    @classmethod
    def _is_python(cls, code: str) -> str:
        try:
            ast.parse(code)
        except SyntaxError as error:
            raise ValueError(f"expected Python, found a slip on line {error.lineno}: {error.msg}") from error
        return code

    @model_validator(mode="after")
    def _defines_the_function(self) -> "Exercise":
        for name in ("starter", "solution"):
            defined = {node.name for node in ast.parse(getattr(self, name)).body if isinstance(node, ast.FunctionDef)}
            if self.function not in defined:
                raise ValueError(f"{name}: expected a function `{self.function}`, found {sorted(defined)}")
        return self
