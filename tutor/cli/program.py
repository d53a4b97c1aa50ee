"""What each program does around its work: a quiet process, a tutor that is closed, one line for an error.

Here a process is told how to behave; no other module changes it by being imported.
"""

import logging
from collections.abc import Callable
from contextlib import closing

from tutor.assembly import Tutor
from tutor.cli.lines import log, print_json
from tutor.errors import TutorError
from tutor.settings import Settings

_TALKATIVE = ("bm25s", "jieba")  # each asks for debug lines when it is imported, so a level set here would not last
FAILED = 2
INTERRUPTED = 130


def run_program(
    load: Callable[[], Settings], work: Callable[[Tutor], int], *, as_json: bool = False, when_stopped: str = "stopped"
) -> int:
    """The exit status of `work`; FAILED after a TutorError, which `as_json` prints, too; INTERRUPTED after Ctrl-C."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_is_a_warning)
    try:
        with closing(Tutor(load())) as tutor:
            return work(tutor)
    except TutorError as error:
        log(f"error: {error}")
        if as_json:
            print_json(error.as_json("error"))
        return FAILED
    except KeyboardInterrupt:
        log(when_stopped)
        return INTERRUPTED


def _is_a_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING
