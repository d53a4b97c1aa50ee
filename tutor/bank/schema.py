"""The form of a bank file, as pydantic models: what a contributor may write, with a message for each slip.

Knows the form only; whether the content is right is for `check` and for people.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from tutor.domain import Bilingual, EntryKind

GROUPS: dict[str, Bilingual] = {
    "foundations": Bilingual("基础理论与数学", "Foundations and mathematics"),
    "architecture": Bilingual("大模型架构与关键技术", "Architectures and key techniques"),
    "training": Bilingual("训练与优化", "Training and optimisation"),
    "inference": Bilingual("推理与部署", "Inference and deployment"),
    "applications": Bilingual("应用与评估", "Applications and evaluation"),
    "frontier": Bilingual("前沿与扩展", "Frontier"),
    "engineering": Bilingual("编程与工程", "Programming and engineering"),
    "system-design": Bilingual("系统设计", "System design"),
    "industry": Bilingual("行为与行业认知", "Behavioural and industry"),
    "advanced": Bilingual("高阶问题", "Advanced"),
    "preparation": Bilingual("备考方法", "How to prepare"),
}

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=600)]
Block = Annotated[str, StringConstraints(strip_whitespace=True, min_length=20)]


class Strict(BaseModel):
    """Unknown fields are slips of the pen, so they are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BilingualLine(Strict):
    zh: Line
    en: Line


class BilingualBlock(Strict):
    zh: Block
    en: Block


class Aliases(Strict):
    zh: list[Line] = Field(min_length=3)
    en: list[Line] = Field(min_length=3)


class KeyPointForm(BilingualLine):
    id: Slug
    weight: float = Field(gt=0, le=3)


class FollowUpForm(BilingualLine):
    probes: Slug


class MisconceptionForm(Strict):
    id: Slug
    claim: BilingualLine
    correction: BilingualLine
    seeds: list[str] = []  # fault ids of the seed texts, where it was found there


class SourceForm(Strict):
    title: Line
    authors: str = ""
    year: int | None = Field(default=None, ge=1900, le=2100)
    arxiv: Annotated[str, StringConstraints(pattern=r"^(\d{4}\.\d{4,5}|[a-z-]+/\d{7})?$")] = ""
    url: Annotated[str, StringConstraints(pattern=r"^(https://\S+)?$")] = ""
    supports: str = ""


class CalculationForm(Strict):
    """A formula of tutor/drills with its inputs; the result is computed and placed in the texts (`worksheet`)."""

    id: Slug
    formula: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    values: dict[str, float | str]


class EntryForm(Strict):
    """One question with all that belongs to it."""

    id: Slug
    kind: EntryKind
    level: int = Field(ge=1, le=3)
    frequency: Literal["high", "medium", "low"]
    seeds: list[str] = []
    prerequisites: list[Slug] = []
    question: BilingualLine
    aliases: Aliases
    answer: BilingualBlock
    key_points: list[KeyPointForm] = Field(min_length=3, max_length=7)
    follow_ups: list[FollowUpForm] = Field(min_length=2, max_length=4)
    hints: list[BilingualLine] = Field(min_length=3, max_length=3)
    misconceptions: list[MisconceptionForm] = []
    calculations: list[CalculationForm] = []
    dated: BilingualLine | None = None
    sources: list[SourceForm] = Field(min_length=1)

    @model_validator(mode="after")
    def follow_ups_probe_known_points(self) -> "EntryForm":
        known = [point.id for point in self.key_points]
        if len(set(known)) < len(known):
            raise ValueError(f"key point ids must differ, found {known}")
        for follow_up in self.follow_ups:
            if follow_up.probes not in known:
                raise ValueError(f"follow_ups: `{follow_up.probes}` is no key point of this entry; known: {known}")
        return self


class GroupFile(Strict):
    """One file of the bank: all entries of one group."""

    group: Slug
    entries: list[EntryForm]

    @model_validator(mode="after")
    def group_is_known(self) -> "GroupFile":
        if self.group not in GROUPS:
            raise ValueError(f"group `{self.group}` is unknown; expected one of {', '.join(GROUPS)}")
        return self
