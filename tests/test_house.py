"""Ratchets that keep the house in order; a number here may only go down."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.messages_of_source import HOW, TEMPLATES, field_names, key_of, message_calls

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted([*ROOT.glob("tutor/**/*.py"), ROOT / "app.py", ROOT / "ingest.py"])
TESTS = sorted(ROOT.glob("tests/**/*.py"))
MAX_FUNCTION_LINES = 50
MAX_FILE_LINES = 400
# The UI's top handler turns what nobody foresaw into a message; nothing else may.
BROAD_EXCEPT_ALLOWED = {"tutor/ui/top.py"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tracked_files() -> list[str]:
    """Files that git knows or would add, that are there."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return [name for name in listed if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name_of)
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MAX_FILE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION_LINES, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_every_module_says_what_it_does(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "a module opens with what it does"


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name == "__init__.py"], ids=name_of)
def test_packages_only_export(path: Path) -> None:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        assert isinstance(node, ast.Expr | ast.Import | ast.ImportFrom | ast.Assign), ast.dump(node)[:80]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_errors_are_caught_by_name(path: Path) -> None:
    if name_of(path) in BROAD_EXCEPT_ALLOWED:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else ""
            broad = not caught or re.search(r"\b(Base)?Exception\b", caught)
            assert not broad, f"line {node.lineno}: except {caught}"


def test_an_error_is_raised_with_a_key() -> None:
    free = [f"{place}: {ast.unparse(call)[:90]}" for place, call in message_calls() if key_of(call) not in TEMPLATES]
    assert len(message_calls()) > 200
    assert not free, "\n".join(["no such key:", *free, HOW])


def test_an_error_gives_what_its_templates_tell() -> None:
    wrong = []
    for place, call in message_calls():
        told = TEMPLATES.get(key_of(call) or "", {})
        given = {keyword.arg for keyword in call.keywords}
        wrong += [f"{place}: {given} for {text}" for text in told.values() if field_names(text) != given]
    assert not wrong, "\n".join(["the values given are not those of the template:", *wrong, HOW])


def test_every_template_is_used() -> None:
    used = {key_of(call) for _, call in message_calls()}
    assert [key for key in TEMPLATES if key not in used and not key.startswith("system.")] == []


def test_the_entry_points_hold_no_logic() -> None:
    for name in ("app.py", "ingest.py"):
        assert (ROOT / name).read_text(encoding="utf-8").count("\n") <= 30


def tree_of_the_readme() -> dict[str, str]:
    """Path -> gloss of every line of the tree."""
    block = re.search(r"```text\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block, "README.md holds the tree in a ```text block"
    told: dict[str, str] = {}
    above: list[str] = ["tutor/"]
    for indent, branch, name, gloss in re.findall(r"^([│ ]*)([├└]── )?([\w.-]+/?)(.*)$", block[1], re.MULTILINE):
        depth = len(indent) // 4 + 1
        path = "".join([*above[:depth], name]) if branch else name
        above[depth:] = [name]
        told[path] = gloss.strip()
    return told


def test_the_readme_tree_is_the_real_tree() -> None:
    """Of every folder that the tree opens, it shows all modules and all folders."""
    told = set(tree_of_the_readme())
    opened = {path.rstrip("/").rpartition("/")[0] + "/" for path in told} - {"/"}
    real = {"app.py", "ingest.py", "corpus/", "tutor/", "tests/", "docs/"}
    for name in tracked_files():
        for folder in opened:
            inside = name.removeprefix(folder)
            if inside != name and ("/" in inside or inside.endswith(".py")) and inside != "__init__.py":
                first, slash, _ = inside.partition("/")
                real.add(folder + first + slash)
    assert told == real


def test_a_gloss_is_short() -> None:
    assert [
        path for path, gloss in tree_of_the_readme().items() if path != "tutor/" and not 1 <= len(gloss.split()) <= 7
    ] == []


def test_the_design_page_shows_the_real_rooms() -> None:
    page = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    house = page.split("## The house", 1)[1].split("```")[1]
    told = set(re.findall(r"^  (\w+(?:/|\.py))", house, re.MULTILINE))
    real = {f"{path.parent.name}/" for path in ROOT.glob("tutor/*/__init__.py")}
    assert told == real | {path.name for path in ROOT.glob("tutor/*.py")} - {"__init__.py"}


def test_the_default_path_never_imports_torch() -> None:
    """torch takes seven seconds to import; only a configured Hugging Face model may ask for it."""
    code = (
        "import sys, tutor.assembly, tutor.retrieval.hybrid, tutor.chat.session, tutor.grading.grader, "
        "tutor.interview.session, tutor.ingestion.pipeline, tutor.learning.history, tutor.doctor, tutor.ui.page\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, cwd=ROOT, timeout=120)


def test_nothing_in_the_repository_names_a_folder_of_somebodys_machine() -> None:
    pattern = re.compile(r"(?<![\w.$/-])/(?:work|root|home/[a-z]+)/")
    for name in tracked_files():
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".json", ".txt", ".css"} and path.is_file():
            assert not pattern.search(path.read_text(encoding="utf-8")), name
