"""A message is a key and named values; the templates beside this file tell it in English or Chinese.

The key `room.name` is `name` in room.yaml, with its template under `en` and `zh`. In a template `{name}` is the value
and `{name:; }` the values of a list, joined by what follows the colon. Knows no room and nothing of what went wrong.
"""

import errno
import string
import warnings
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, Protocol, runtime_checkable

Language = Literal["zh", "en"]  # of domain.py, which stands above this
Templates = Mapping[str, Mapping[Language, str]]

_JOINTS: Mapping[Language, str] = {"zh": "、", "en": ", "}
_LISTS = (list, tuple, set, frozenset)


@runtime_checkable
class InLanguages(Protocol):
    """Whatever can be told in either language: another message, an error, a Bilingual of the domain."""

    def in_language(self, language: Language, /) -> str: ...


class Message:
    """Something to say, not yet in a language. Fields keep their types, for whoever wants the values and not the words."""

    def __init__(self, key: str, /, **fields: object) -> None:
        self.key = key
        self.fields = fields

    def in_language(self, language: Language) -> str:
        """The text. A key without template is a defect: it is warned of, and its key and values are the text."""
        room, _, name = self.key.partition(".")
        try:
            return _Teller(language).vformat(load_templates(room)[name][language], (), self.fields)
        except (LookupError, OSError, TypeError, ValueError) as error:
            warnings.warn(f"no template tells {self!r}: {error!r}", RuntimeWarning, stacklevel=2)
            return f"{self.key}: " + ", ".join(f"{field} = {value}" for field, value in self.fields.items())

    def as_json(self, text: str = "message") -> dict[str, Any]:
        """The English text under the name `text`, `key` and `fields`; messages among the fields have the same form."""
        return {
            text: str(self),
            "key": self.key,
            "fields": {name: _plain(value) for name, value in self.fields.items()},
        }

    def __str__(self) -> str:
        return self.in_language("en")

    def __repr__(self) -> str:
        fields = "".join(f", {field}={value!r}" for field, value in self.fields.items())
        return f"{type(self).__name__}({self.key!r}{fields})"


@lru_cache
def load_templates(room: str) -> Templates:
    """The templates of one room by name; raises OSError when there is no such room."""
    import yaml  # only who says something waits for it

    text = files("tutor.messages").joinpath(f"{room}.yaml").read_text(encoding="utf-8")
    templates: Templates = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both safe
    return templates


class _Teller(string.Formatter):
    """Fills a template; what is itself told in languages, lists, and what the system says are told in this one."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, InLanguages):
            return value.in_language(self._language)
        if isinstance(value, _LISTS):
            return (format_spec or _JOINTS[self._language]).join(self.format_field(item, "") for item in value)
        if isinstance(value, OSError):
            return self._system(value)
        return str(super().format_field(value, format_spec))

    def _system(self, error: OSError) -> str:
        """What the system says of a failed call, in Chinese where it is one of the common ones."""
        name = errno.errorcode.get(error.errno or 0, "")
        known = load_templates("system").get(name) if self._language == "zh" else None
        return known["zh"] if known else error.strerror or str(error)


def _plain(value: object) -> Any:
    if isinstance(value, Message):
        return value.as_json()
    if isinstance(value, InLanguages):
        return value.in_language("en")
    if isinstance(value, OSError):
        return value.strerror or str(value)
    if isinstance(value, _LISTS):
        return [_plain(item) for item in _in_order(value)]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _in_order(values: Iterable[Any]) -> Iterable[Any]:
    return sorted(values) if isinstance(values, set | frozenset) else values
