"""What Word and PowerPoint share of drawings: names of elements, and which of two alternatives is shown."""

from typing import Any

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def shown_branch(node: Any) -> Any:
    """Of an AlternateContent the branch that a new program shows; the other one only where that is empty."""
    if node.tag != f"{MC}AlternateContent":
        return node
    branches = [*node.findall(f"{MC}Choice"), *node.findall(f"{MC}Fallback")]
    return next((branch for branch in branches if len(branch)), node)
