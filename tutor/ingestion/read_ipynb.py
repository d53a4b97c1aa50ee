"""A Jupyter notebook -> Markdown: text cells as they are, code in fences, short text outputs below it. Pictures are told."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tutor.errors import DocumentError
from tutor.ingestion.fences import fenced
from tutor.ingestion.loaded import Loaded, counted, file_text
from tutor.ingestion.read_markdown import plain_markdown
from tutor.messages import Message

_LINES, _CHARACTERS = 20, 1_500  # of an output that are kept: a result, not a log
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PICTURES = frozenset({"image/png", "image/jpeg", "image/svg+xml", "image/gif", "png", "jpeg", "svg"})
_PLAIN = ("text/markdown", "text/latex", "text/plain")


def read_ipynb(data: bytes, name: str) -> Loaded:
    """The cells in order. Raises DocumentError when it is no notebook."""
    try:
        notebook = json.loads(file_text(data, name))
    except (json.JSONDecodeError, RecursionError) as error:
        raise DocumentError("ingestion.no_notebook", file=name, reason=error) from None
    sheets = notebook.get("worksheets") if isinstance(notebook, dict) else None  # up to version 3
    holder = sheets[0] if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else notebook
    cells = holder.get("cells") if isinstance(holder, dict) else None
    if not isinstance(cells, list):
        raise DocumentError("ingestion.no_notebook", file=name, reason="cells")
    return _read_cells(notebook, [cell for cell in cells if isinstance(cell, dict)])


def _read_cells(notebook: dict[str, Any], cells: list[dict[str, Any]]) -> Loaded:
    told = _Told(_language(notebook))
    title = ""
    blocks: list[str] = []
    for cell in cells:
        source = _joined(cell.get("source", cell.get("input", "")))
        kind = cell.get("cell_type")
        if kind == "code":
            blocks.append(_fenced(source, str(cell.get("language") or told.language)))
            blocks += told.outputs(cell.get("outputs"))
        elif kind == "heading":
            blocks.append(f"{'#' * int(cell.get('level', 1))} {source}")
        else:
            text, heading = plain_markdown(source)
            title = title or heading
            blocks.append(text)
    return Loaded("\n\n".join(block for block in blocks if block.strip()), title, told.doubts(), is_authored=True)


class _Told:
    """Code and outputs as Markdown; counts what of the outputs is left out."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._pictures = 0
        self._cut = 0

    def outputs(self, outputs: Any) -> Iterator[str]:
        for output in outputs if isinstance(outputs, list) else []:
            if isinstance(output, dict) and output.get("name", output.get("stream")) != "stderr":  # progress, warnings
                yield from self._output(output)

    def _output(self, output: dict[str, Any]) -> Iterator[str]:
        data = output.get("data")
        shown: dict[str, Any] = data if isinstance(data, dict) else output
        is_picture = not _PICTURES.isdisjoint(shown)
        self._pictures += is_picture
        kind = next((kind for kind in (*_PLAIN, "text") if shown.get(kind)), None)
        if output.get("output_type") in {"error", "pyerr"}:
            yield _fenced(f"{output.get('ename', '')}: {output.get('evalue', '')}", "text")
        elif kind in {"text/markdown", "text/latex"}:
            yield plain_markdown(_joined(shown[kind]))[0]
        elif kind and not (is_picture and _joined(shown[kind]).startswith("<")):  # <Figure size 640x480 with 1 Axes>
            yield _fenced(self._short(_ESCAPES.sub("", _joined(shown[kind]))), "text")

    def _short(self, text: str) -> str:
        lines = text.strip("\n").split("\n")
        if len(lines) <= _LINES and len(text) <= _CHARACTERS:
            return text
        self._cut += 1
        return "\n".join([*"\n".join(lines[:_LINES])[:_CHARACTERS].split("\n"), "..."])

    def doubts(self) -> tuple[Message, ...]:
        return counted(
            Message("ingestion.pictures_of_outputs", count=self._pictures),
            Message("ingestion.outputs_cut", count=self._cut, lines=_LINES),
        )


def _fenced(code: str, language: str) -> str:
    return "\n".join(fenced(code, language))


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    for holder, key in (("language_info", "name"), ("kernelspec", "language")):
        part = metadata.get(holder) if isinstance(metadata, dict) else None
        if isinstance(part, dict) and part.get(key):
            return str(part[key]).lower()
    return "python"


def _joined(source: Any) -> str:
    """Cells keep their text as one string or as a list of lines."""
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")
