"""Front matter of a Markdown file: the mapping between two `---` (YAML) or `+++` (TOML) that says what the file is.

A file may as well begin with a horizontal rule, and a sentence may read like "Note: this". So front matter is only what
parses as a mapping and has a key that is usual there; anything else is text.
"""

import re
import tomllib
from typing import Any

import yaml

_YAML = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_MAX_CHARACTERS = 20_000  # longer is no head of a file, and slow to parse
# Of Jekyll, Hugo, Hexo, Docusaurus, Obsidian, Pandoc, Quarto and model cards.
_USUAL = frozenset(
    "title subtitle author authors date updated lastmod created modified tags tag categories category keywords"
    " description summary excerpt abstract slug permalink url aliases alias layout draft published id lang language"
    " license cover image toc mathjax math weight sidebar_position sidebar_label cssclass cssclasses type format output"
    " bibliography library_name pipeline_tag base_model datasets 标题 作者 日期 标签 分类 摘要 关键词".split()
)


def split_front_matter(text: str) -> tuple[str, str]:
    """(title or "", the text behind the front matter); all of the text where it has none."""
    yaml_match, toml_match = _YAML.match(text), _TOML.match(text)
    match = yaml_match or toml_match
    if match is None or len(match[1]) > _MAX_CHARACTERS:
        return "", text
    fields = _yaml_fields(match[1]) if yaml_match else _toml_fields(match[1])
    if not any(str(key).lower() in _USUAL for key in fields):
        return "", text if match[1].strip() else text[match.end() :]
    title = fields.get("title") or fields.get("标题")
    return " ".join(title.split()) if isinstance(title, str) else "", text[match.end() :]


def _yaml_fields(block: str) -> dict[Any, Any]:
    try:
        fields = yaml.load(block, yaml.BaseLoader)  # noqa: S506 - strings, lists and mappings only
    except (yaml.YAMLError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _toml_fields(block: str) -> dict[str, Any]:
    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
