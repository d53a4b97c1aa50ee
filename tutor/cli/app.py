"""What `python app.py` does: opens the UI, with clear words when it cannot."""

import argparse
import logging
import logging.handlers
import os
from collections.abc import Sequence

from tutor.assembly import Tutor
from tutor.cli.lines import log
from tutor.cli.program import INTERRUPTED, run_program
from tutor.errors import TutorError
from tutor.settings import Settings, load_settings


def run_app(argv: Sequence[str]) -> int:
    """0 when the UI was closed by the user, 2 when it could not be opened."""
    parser = argparse.ArgumentParser(description="Open the interview tutor in the browser.")
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default 7860)")
    parser.add_argument("--open", action="store_true", help="open a browser window")
    args = parser.parse_args(argv)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    status = run_program(
        lambda: load_settings(host=args.host, port=args.port),
        lambda tutor: _serve(tutor, open_browser=args.open),
        when_stopped="closed",
    )
    return 0 if status == INTERRUPTED else status


def _serve(tutor: Tutor, *, open_browser: bool) -> int:
    _log_to_file(tutor.settings)
    tutor.check_bank()
    if not tutor.index.manifest().entries:
        raise TutorError("cli.empty_index")
    from tutor.ui.page import launch_page

    settings = tutor.settings
    tutor.retriever.search(
        "注意力 attention"
    )  # loads index, word list and embedder, so that the first question need not wait
    log(f"Interview tutor: http://{settings.host}:{settings.port}  (stop with Ctrl+C)")
    try:
        launch_page(tutor, open_browser=open_browser)
    except OSError as error:
        raise TutorError("cli.port_in_use", port=settings.port, reason=error) from error
    return 0


def _log_to_file(settings: Settings) -> None:
    """Warnings and unexpected errors, with their tracebacks, go where a learner can send them from."""
    folder = settings.home / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(
        folder / "tutor.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
