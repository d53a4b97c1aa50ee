"""The components that show Markdown, through which it arrives as it was written.

Gradio 6.31 takes away the indentation that all lines after the first share, which makes nested lists flat and indented
code prose. Here nothing is taken away.
"""

from abc import ABCMeta
from typing import Any

import gradio as gr

from tutor.ui.markup import DELIMITERS, page_markdown

Message = dict[str, Any]


def _as_written(_: gr.Markdown, value: Any) -> str | None:
    """What the server does to the text on its way to the browser, in place of Gradio's own."""
    return None if value is None else page_markdown(str(value))


# A class statement would make Gradio write a stub file beside this one. In the browser it is gr.Markdown (is_template).
_Markdown = ABCMeta.__new__(
    type(gr.Markdown),
    "Markdown",
    (gr.Markdown,),
    {"postprocess": _as_written, "is_template": True, "__module__": __name__},
)


def markdown(*args: Any, **properties: Any) -> gr.Markdown:
    """A gr.Markdown whose text arrives as it was written."""
    panel: gr.Markdown = _Markdown(*args, latex_delimiters=DELIMITERS, **properties)
    return panel


def message(role: str, text: str) -> Message:
    """A message of a gr.Chatbot with `latex_delimiters=DELIMITERS`; as a dictionary its text is left alone."""
    return {"role": role, "content": {"type": "text", "text": page_markdown(text)}}
