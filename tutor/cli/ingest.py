"""What `python ingest.py` does: progress on a terminal, one report at the end, exit status 1 if anything failed."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tutor.assembly import Tutor
from tutor.cli.program import run_program
from tutor.ingestion.report import render_report, report_json
from tutor.settings import load_settings


def run_ingest(paths: Sequence[str], *, as_json: bool = False, rebuild: bool = False) -> int:
    """0 all well, 1 some document failed, 2 nothing could be done."""

    def work(tutor: Tutor) -> int:
        with _progress_bar() as progress:
            report = tutor.ingest(paths, rebuild=rebuild, progress=progress)
        print(json.dumps(report_json(report), ensure_ascii=False) if as_json else render_report(report))
        return 1 if report.failed else 0

    stopped = "stopped; the index holds what was finished, run again to go on"
    return run_program(load_settings, work, as_json=as_json, when_stopped=stopped)


@contextmanager
def _progress_bar() -> Iterator[Callable[[int, int, str], None] | None]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:40.40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, total, label: bar.update(task, completed=done, total=total, description=label)
