"""Which component shows which string, so that one switch changes the language of the whole page."""

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr

from tutor.domain import Language
from tutor.ui.changes import Changes
from tutor.ui.strings import say

Shown = TypeVar("Shown")


class Labels:
    """Components with the properties that depend on the language."""

    def __init__(self) -> None:
        self._rules: list[tuple[Any, Callable[[Language], dict[str, Any]]]] = []

    def add(self, component: Shown, **keys: str) -> Shown:
        """`add(button, value="send")`: the property `value` shows the string `send`."""
        return self.add_rule(component, lambda language: {name: say(key, language) for name, key in keys.items()})

    def add_rule(self, component: Shown, rule: Callable[[Language], dict[str, Any]]) -> Shown:
        """For what is more than one string, such as the choices of a list."""
        self._rules.append((component, rule))
        return component

    @property
    def components(self) -> list[Any]:
        return [component for component, _ in self._rules]

    def updates(self, language: Language) -> Changes:
        """What each of the components shows in this language."""
        return {component: gr.update(**rule(language)) for component, rule in self._rules}
