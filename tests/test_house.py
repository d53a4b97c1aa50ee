"""Ratchets that keep the house in order; a number here may only go down."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from tests.messages_of_source import HOW, TEMPLATES, field_names, key_of, message_calls
from tutor.domain import Verdict
from tutor.ui.strings import STRINGS

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted([*ROOT.glob("tutor/**/*.py"), ROOT / "app.py", ROOT / "ingest.py"])
TESTS = sorted(ROOT.glob("tests/**/*.py"))
MAX_FUNCTION_LINES = 50
MAX_FILE_LINES = 400
# The UI's top handler turns what nobody foresaw into a message; nothing else may.
BROAD_EXCEPT_ALLOWED = {"tutor/ui/top.py"}
# Called by a library (pydantic, LangChain), or the process that tests kill.
CALLED_BY_OTHERS = {"model_post_init", "settings_customise_sources", "process_id"}
# Only tests call it so far: the history of another learner, for when there are accounts.
NOT_YET = {"of"}


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


def _imported(path: Path) -> set[str]:
    """Modules of `tutor` that a module imports, at its top or within a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_modules_import_each_other_in_a_circle() -> None:
    modules = {name_of(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path for path in SOURCES}
    below = {name: _imported(path) & modules.keys() - {name} for name, path in modules.items()}
    while leaves := {name for name, others in below.items() if not others & below.keys()}:
        below = {name: others for name, others in below.items() if name not in leaves}
    assert not below, "these modules, or some of them, import one another"


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
    real = {"app.py", "ingest.py", "corpus/", "tutor/", "tests/", "docs/", "findings/"}
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


# --- words: every one is used, and every noun that rooms share is in the glossary


def trees() -> dict[str, ast.Module]:
    return {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}


def names_defined(tree: ast.Module) -> Iterator[str]:
    """Public functions, classes, methods and constants; fields are data, and what a decorator registers is called by others."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if not any("validator" in ast.unparse(decorator) for decorator in node.decorator_list):
                yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name) and target.id.isupper())


def names_used(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name.rpartition(".")[2]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value  # names that are looked up: getattr, tables, annotations in quotes


def test_every_public_name_is_used_by_the_product() -> None:
    parsed = trees().values()
    used = {name for tree in parsed for name in names_used(tree)}
    defined = {name for tree in parsed for name in names_defined(tree) if not name.startswith("_")}
    assert sorted(defined - used - CALLED_BY_OTHERS - NOT_YET) == []


def glossary() -> tuple[dict[str, str], set[str]]:
    """(noun -> meaning, technical words) of docs/design.md."""
    page = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    nouns = page.split("## The nouns", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| ([A-Z][\w, ]*) \| (.*) \|$", nouns, re.MULTILINE)
    technical = nouns.split("Technical words", 1)[1]
    return {noun: meaning for names, meaning in rows for noun in names.split(", ")}, set(
        re.findall(r"`(\w+)`", technical)
    )


def classes_that_cross_rooms() -> set[str]:
    """Public classes that another room of tutor/ imports; errors have their own tree."""
    room = lambda name: name.split("/")[1].removesuffix(".py")  # noqa: E731
    homes = {
        (name.removesuffix(".py").replace("/", "."), node.name)
        for name, tree in trees().items()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and room(name) != "errors"
    }
    return {
        alias.name
        for name, tree in trees().items()
        if name.startswith("tutor/")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        if (node.module, alias.name) in homes and node.module.split(".")[1] != room(name)
    }


def test_a_noun_that_rooms_share_is_in_the_glossary() -> None:
    nouns, technical = glossary()
    assert sorted(classes_that_cross_rooms() - set(nouns) - technical) == [], "docs/design.md, The nouns"


def test_every_noun_of_the_glossary_is_used() -> None:
    nouns, technical = glossary()
    words = {
        word.lower()
        for tree in trees().values()
        for name in [*names_defined(tree), *names_used(tree)]
        for word in words_of(name)
    }
    there = {noun for noun, meaning in nouns.items() if not meaning.startswith("planned")}
    assert sorted(noun for noun in there if noun.lower() not in words) == []
    assert sorted(technical - classes_that_cross_rooms()) == []


def words_of(name: str) -> set[str]:
    """`KeyPointGrade` and `grade_left_out` hold `grade`."""
    return {name, *name.split("_"), *re.findall(r"[A-Z][a-z]+", name)}


def _said(path: Path) -> Iterator[str]:
    """Patterns of the texts in a module that may be keys: names of elements are none, f'level_{n}' is one."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    elements = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in {"elem_id", "elem_classes", "id"}
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in elements:
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr) and str(getattr(node.values[0], "value", "")).endswith("_"):
            yield "".join(re.escape(x.value) if isinstance(x, ast.Constant) else r"\w+" for x in node.values)


def test_every_string_of_the_page_is_said_somewhere() -> None:
    modules = [path for path in ROOT.glob("tutor/ui/*.py") if path.name != "strings.py"]
    said = re.compile("|".join(pattern for path in modules for pattern in _said(path)))
    unused = [key for key in STRINGS if not said.fullmatch(key) and key not in get_args(Verdict)]
    assert not unused, "take these out of tutor/ui/strings.py"
