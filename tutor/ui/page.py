"""The page: one tab per flow, one language switch, everything local. Launching it is the only thing with side effects."""

from pathlib import Path

import gradio as gr

from tutor.assembly import Tutor
from tutor.domain import Language
from tutor.ui.calculator import CalculatorTab
from tutor.ui.changes import Changes
from tutor.ui.chat import ChatTab
from tutor.ui.exercises import ExercisesTab
from tutor.ui.interview import InterviewTab
from tutor.ui.labels import Labels
from tutor.ui.library import LibraryTab
from tutor.ui.settings import SettingsTab
from tutor.ui.strings import say
from tutor.ui.top import guard_handlers

_STYLE = Path(__file__).with_name("style.css")
_SCRIPTS = tuple(Path(__file__).with_name(name) for name in ("evidence.js", "messages.js", "waiting.js"))
# System fonts only: nothing is fetched, and Chinese looks right on each platform.
_FONTS = ["system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
_MONO = ["ui-monospace", "SFMono-Regular", "Consolas", "Noto Sans Mono CJK SC", "monospace"]
USER = "tutor"
# Fixed, so that a browser finds its session again after the program was restarted; what is stored is no secret.
_STORAGE_SECRET = "interview-tutor"  # noqa: S105


def build_page(tutor: Tutor) -> gr.Blocks:
    """All components and their wiring; nothing runs yet."""
    labels = Labels()
    with gr.Blocks(title="LLM interview tutor · 大模型面试导师", analytics_enabled=False) as page:
        # Outside the tabs: what stands in a tab that is not open yet is not read from the browser when the page loads.
        saved_language, open_chat, open_interview = (
            gr.BrowserState(None, storage_key=f"tutor-{what}", secret=_STORAGE_SECRET)
            for what in ("language", "chat", "interview")
        )
        language = _build_header(labels)
        with gr.Tabs(elem_id="tabs"):
            with labels.add(gr.Tab(id="chat"), label="tab_chat"):
                chat = ChatTab(tutor, labels, language, open_chat)
            with labels.add(gr.Tab(id="interview"), label="tab_interview"):
                interview = InterviewTab(tutor, labels, language, open_interview)
            with labels.add(gr.Tab(id="calculations"), label="calc_tab"):
                calculator = CalculatorTab(tutor, labels, language)
            with labels.add(gr.Tab(id="exercises"), label="exercise_tab"):
                exercises = ExercisesTab(tutor, labels, language)
            with labels.add(gr.Tab(id="library"), label="tab_library") as library_tab:
                library = LibraryTab(tutor, labels, language)
            with labels.add(gr.Tab(id="settings"), label="tab_settings"):
                SettingsTab(tutor, labels, language)

        def arrive(saved: str | None, request: gr.Request) -> Changes:
            chosen = _language_of(saved, tutor.settings.language, request)
            return {language: chosen, **labels.updates(chosen)}

        def switch(chosen: Language) -> Changes:
            return {saved_language: chosen, **labels.updates(chosen)}

        # One after the other: what an event changes on a component that another changes at the same time can get lost.
        loaded = page.load(arrive, saved_language, [language, *labels.components])
        loaded.then(lambda chosen: chosen, language, interview.spoken)
        chat.restore_after(loaded)
        interview.restore_after(loaded)
        loaded.then(calculator.first, [calculator.asked, language], calculator.drill_view)
        exercises.restore_after(loaded)
        switched = language.input(switch, language, [saved_language, *labels.components])
        switched.then(library.overview, language, library.view)
        for script in _SCRIPTS:
            page.load(None, js=script.read_text(encoding="utf-8"))
        library_tab.select(library.overview, language, library.view)
    guard_handlers(page, tutor.settings.home / "logs" / "tutor.log")
    return page


def _build_header(labels: Labels) -> gr.Radio:
    """Title and language switch; the switch is what all labels follow."""
    with gr.Row(elem_id="header", equal_height=True):
        heading = gr.HTML(elem_id="heading")
        labels.add_rule(heading, lambda language: {"value": _heading(language)})
        return gr.Radio(
            [("中文", "zh"), ("English", "en")], value="en", show_label=False, container=False, elem_id="language"
        )


def launch_page(tutor: Tutor, *, open_browser: bool) -> None:
    """Serves the page until interrupted."""
    settings = tutor.settings
    build_page(tutor).queue(default_concurrency_limit=8).launch(
        server_name=settings.host,
        server_port=settings.port,
        inbrowser=open_browser,
        share=False,
        auth=[(USER, settings.password)] if settings.password else None,
        max_file_size=f"{settings.upload_megabytes}mb",
        allowed_paths=[],
        footer_links=[],
        show_error=False,
        quiet=True,
        ssr_mode=False,
        css_paths=[_STYLE],
        theme=gr.themes.Soft(primary_hue="indigo", neutral_hue="slate", font=_FONTS, font_mono=_MONO),
    )


def _heading(language: Language) -> str:
    return f"<h1>{say('title', language)}</h1><p>{say('tagline', language)}</p>"


def _language_of(saved: str | None, setting: str, request: gr.Request) -> Language:
    """The browser's own choice, else the setting, else what the browser prefers."""
    if saved == "zh" or (setting == "zh" and saved != "en"):
        return "zh"
    if saved == "en" or setting == "en":
        return "en"
    preferred = str(request.headers.get("accept-language", "")).lower()
    return "zh" if preferred.startswith("zh") else "en"
