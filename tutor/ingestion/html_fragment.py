"""HTML that is all content (a chapter, a field of a card, a converted manual) -> Markdown. No page chrome is looked for."""

import html
import re
import warnings

from bs4 import BeautifulSoup, Tag

from tutor.errors import DocumentError
from tutor.ingestion.html_to_markdown import markdown_of, write_formulas_as_tex
from tutor.text.markup import dollar_formulas

_NEVER_TEXT = "script style template iframe object embed svg canvas video audio head".split()
_MARKUP = re.compile(r"<[a-zA-Z!/]")


def fragment_markdown(source: str, name: str) -> str:
    r"""Markdown of a piece of HTML; formulas in `\(...\)` as `$...$`. `name` is the file's, for the error.

    Raises DocumentError when it is nested too deep.
    """
    if not _MARKUP.search(source):
        return dollar_formulas(" ".join(html.unescape(source).split()))
    return region_markdown(parse_fragment(source), name)


def parse_fragment(source: str) -> Tag:
    """The parsed body, without what is never text."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="bs4")  # XHTML read as HTML, text that looks like a file name
        soup = BeautifulSoup(source, "lxml")
    write_formulas_as_tex(soup)
    for tag in soup.find_all(_NEVER_TEXT):
        tag.decompose()
    return soup.body or soup


def region_markdown(region: Tag, name: str) -> str:
    """Markdown of a parsed region. Raises DocumentError when it is nested too deep."""
    try:
        return dollar_formulas(markdown_of(region))
    except RecursionError:
        raise DocumentError("ingestion.too_deep", file=name) from None
