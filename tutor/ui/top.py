"""The one handler of last resort: what nobody foresaw is logged with its traceback and told without one."""

import functools
import inspect
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from tutor.domain import LANGUAGES, Language
from tutor.errors import TutorError
from tutor.ui.problems import describe_problem
from tutor.ui.strings import say

log = logging.getLogger(__name__)


def guard_handlers(page: gr.Blocks, log_file: Path) -> None:
    """Wraps every handler of the page; call it once, when all are wired."""
    for block in page.fns.values():
        if block.fn is not None:
            block.fn = _guarded(block.fn, log_file)


def _guarded(handler: Callable[..., Any], log_file: Path) -> Callable[..., Any]:
    if inspect.isgeneratorfunction(inspect.unwrap(handler)):

        @functools.wraps(handler)
        def stream(*args: Any, **kwargs: Any) -> Iterator[Any]:
            try:
                yield from handler(*args, **kwargs)
            except gr.Error:
                raise
            except TutorError as error:
                raise _told(error, _languages(handler, args)) from error
            except Exception as error:
                raise _unexpected(error, log_file) from error

        return stream

    @functools.wraps(handler)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return handler(*args, **kwargs)
        except gr.Error:
            raise
        except TutorError as error:
            raise _told(error, _languages(handler, args)) from error
        except Exception as error:
            raise _unexpected(error, log_file) from error

    return call


def _languages(handler: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Language, ...]:
    """The learner's, where the handler is given it; otherwise all."""
    given = zip(inspect.signature(handler).parameters, args, strict=False)
    return tuple(value for name, value in given if name == "language" and value in LANGUAGES) or LANGUAGES


def _told(error: TutorError, languages: tuple[Language, ...]) -> gr.Error:
    texts = dict.fromkeys(describe_problem(error, language) for language in languages)
    return gr.Error(" / ".join(texts))


def _unexpected(error: Exception, log_file: Path) -> gr.Error:
    log.error("unexpected error in a handler", exc_info=error)
    return gr.Error(" / ".join(say("unexpected", language, log_file.name) for language in LANGUAGES), duration=None)
