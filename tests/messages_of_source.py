"""The messages of the source and their templates, for the tests that hold them to each other."""

import ast
import string
from pathlib import Path

from tutor.messages.message import load_templates

TUTOR = Path(__file__).parent.parent / "tutor"
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(TUTOR.rglob("*.py"))}
ROOMS = sorted((TUTOR / "messages").glob("*.yaml"))
TEMPLATES = {f"{room.stem}.{name}": told for room in ROOMS for name, told in load_templates(room.stem).items()}
HOW = """raise it with a key and its values:
    raise DrillError("drills.level", level=level)
and put the key with a template in each language into tutor/messages/drills.yaml:
    level:
      en: "Level `{level}`: expected 1, 2 or 3. Correct the level."
      zh: "难度 `{level}`：应为 1、2 或 3。请改正难度。"
What goes into a message and is itself in words is a Message("drills.KEY", ...) or a Bilingual; a list may stay a list."""


def message_classes() -> set[str]:
    """Message and everything in the source that inherits from it: all errors."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"Message"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found


def message_calls() -> list[tuple[str, ast.Call]]:
    """Every place of the source that makes a message or an error, as "file:line" and the call."""
    names = message_classes()
    return [
        (f"{path.relative_to(TUTOR.parent)}:{node.lineno}", node)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def key_of(call: ast.Call) -> str | None:
    """The key, where it is written out and all that the call is given beside values with names."""
    match call.args:
        case [ast.Constant(value=str(key))]:
            return key
    return None


def field_names(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
