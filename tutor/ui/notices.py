"""Small notices in the corner of the page, headline included, in the learner's language."""

import gradio as gr

from tutor.domain import Language
from tutor.errors import TutorError
from tutor.ui.problems import describe_problem
from tutor.ui.strings import say


def inform(key: str, language: Language) -> None:
    """The string of `key`."""
    gr.Info(say(key, language), title=say("notice", language))


def warn(error: TutorError, language: Language) -> None:
    """What does not work, and the next step."""
    gr.Warning(describe_problem(error, language), title=say("notice_problem", language))
