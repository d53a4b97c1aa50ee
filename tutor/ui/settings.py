"""The Settings tab: models, current settings, and the doctor."""

from collections.abc import Iterator

import gradio as gr

from tutor.assembly import Tutor
from tutor.doctor import examine
from tutor.domain import Language
from tutor.models.catalog import CATALOG
from tutor.ui.labels import Labels
from tutor.ui.markdown import markdown
from tutor.ui.markup import escape
from tutor.ui.render import render_check
from tutor.ui.strings import say

_SECRET = {"password", "llm_api_key"}


class SettingsTab:
    """Read-only: settings are a file and environment variables, so that one place decides."""

    def __init__(self, tutor: Tutor, labels: Labels, language: gr.Radio) -> None:
        self._tutor = tutor
        add = labels.add
        self.models = labels.add_rule(markdown(elem_id="models"), lambda lang: {"value": self.render_models(lang)})
        add(markdown(), value="doctor_intro")
        self.run = add(gr.Button(variant="primary", elem_id="doctor"), value="doctor")
        self.findings = markdown(elem_id="findings")
        self.values = labels.add_rule(
            markdown(elem_id="settings-values"), lambda lang: {"value": self.render_settings(lang)}
        )
        self.run.click(self.examine, language, self.findings, concurrency_limit=1, concurrency_id="doctor")

    def examine(self, language: Language) -> Iterator[str]:
        """The doctor's lines as they come."""
        lines: list[str] = []
        yield "…"
        for check in examine(self._tutor):
            lines.append(render_check(check, language))
            yield "\n\n".join(lines)

    def render_models(self, language: Language) -> str:
        lines = [
            f"- **`{weights.name}`** · {self._state(weights.name, language)}  \n"
            f"  {weights.size_bytes / 1e6:,.0f} MB · {say('context', language)} {weights.context_tokens:,} · {weights.licence}"
            for weights in CATALOG.values()
        ]
        return f"### {say('models', language)}\n\n" + "\n".join(lines)

    def _state(self, name: str, language: Language) -> str:
        weights = CATALOG[name]
        if weights.kind == "embedding":
            used = self._tutor.settings.embeddings == "bundled"
            return say("bundled", language) + (f", {say('in_use', language)}" if used else "")
        state = say("present" if self._tutor.weights.has(name) else "absent", language)
        return state + (f", {say('in_use', language)}" if self._tutor.settings.llm == name else "")

    def render_settings(self, language: Language) -> str:
        settings = self._tutor.settings
        lines = [
            f"|`{name}`|`{'•••' if name in _SECRET and value else escape(str(value)) or ' '}`|"
            for name, value in settings.model_dump().items()
        ]
        hint = say("settings_hint", language, f"`{settings.home / 'tutor.toml'}`")
        head = f"|{say('setting', language)}|{say('value', language)}|\n|---|---|\n"
        return f"### {say('current_settings', language)}\n\n{hint}\n\n{head}" + "\n".join(lines)
