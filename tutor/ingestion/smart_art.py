"""The text of a SmartArt diagram (Word, PowerPoint) as a nested list, in its own order."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tutor.ingestion.drawing_ml import A

DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DEEPEST = 8


def diagram_lines(root: Any) -> list[str]:
    """Lines of the data part of a diagram (`dgm:dataModel`); nothing where there is none."""
    if root is None:
        return []
    points = {str(item.get("modelId")): item for item in root.iter(f"{DGM}pt")}
    children: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for item in root.iter(f"{DGM}cxn"):
        if item.get("type", "parOf") == "parOf":
            children[str(item.get("srcId"))].append((int(item.get("srcOrd", "0")), str(item.get("destId"))))
    top = [point for point, item in points.items() if item.get("type") == "doc"]
    return [line for point in top for line in _lines(point, points, children, 0)]


def _lines(point: str, points: dict[str, Any], children: dict[str, list[tuple[int, str]]], depth: int) -> Iterator[str]:
    for _, below in sorted(children.pop(point, ())):
        item = points.get(below)
        text = " ".join("".join(node.text or "" for node in item.iter(f"{A}t")).split()) if item is not None else ""
        if text:
            yield f"{'   ' * depth}- {text}"
        if depth < _DEEPEST:
            yield from _lines(below, points, children, depth + bool(text))
