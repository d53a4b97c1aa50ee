"""What a handler of the page gives back: {component: value}. A component that is missing stays as it is."""

from typing import Any

import gradio as gr

Changes = dict[Any, Any]


def no_change() -> Changes:
    """Nothing at all: Gradio takes an empty dictionary for a value, and a generator that yields nothing for empty values."""
    nothing: Changes = gr.skip()
    return nothing
