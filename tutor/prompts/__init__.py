"""Prompt texts, one file per purpose and language, and the library that fills them."""

from tutor.prompts.library import fill_prompt

__all__ = ["fill_prompt"]
