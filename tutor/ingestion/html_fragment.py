"""HTML that is all content (a chapter, a field of a card, a converted manual) -> Markdown. No page chrome is looked for.

Opens HTML for readers of whole pages, too.
"""

import html
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag, XMLParsedAsHTMLWarning
from bs4.exceptions import ParserRejectedMarkup

from tutor.errors import DocumentError
from tutor.ingestion.html_to_markdown import markdown_of
from tutor.ingestion.page_formulas import write_formulas_as_tex
from tutor.text.markup import dollar_formulas

_NEVER_TEXT = "script style template iframe object embed svg canvas video audio head".split()
_APPARATUS = frozenset("doc-noteref doc-backlink doc-titlepage doc-cover doc-toc doc-landmarks doc-pagebreak".split())
_NOTE_LINKS = frozenset({"footnote-ref", "footnote-back"})
_MARKUP = re.compile(r"<[a-zA-Z!/]")


def fragment_markdown(source: str, name: str) -> str:
    r"""Markdown of a piece of HTML; formulas in `\(...\)` as `$...$`. `name` is the file's, for the error.

    Raises DocumentError when it is nested too deep.
    """
    if not _MARKUP.search(source):
        return dollar_formulas(" ".join(html.unescape(source).split()))
    return region_markdown(parse_fragment(source, name), name)


def parse_html(source: str | bytes, name: str) -> BeautifulSoup:
    """The parsed source. Raises DocumentError when it does not parse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        try:
            return BeautifulSoup(source, "lxml")
        except (ParserRejectedMarkup, ValueError) as error:
            raise DocumentError("ingestion.no_web_page", file=name, reason=error) from error


@contextmanager
def depth_told(name: str) -> Iterator[None]:
    """Raises DocumentError where elements are nested deeper than Python follows."""
    try:
        yield
    except RecursionError:
        raise DocumentError("ingestion.too_deep", file=name) from None


def parse_fragment(source: str, name: str) -> Tag:
    """The parsed body, without what is never text. Raises DocumentError as `parse_html`, and when it is nested too deep."""
    soup = parse_html(source, name)
    with depth_told(name):
        write_formulas_as_tex(soup)
    for tag in [*soup.find_all(_NEVER_TEXT), *soup.find_all(_is_apparatus)]:
        tag.decompose()
    return soup.body or soup


def _is_apparatus(tag: Tag) -> bool:
    """Marks of notes, links back from them, title pages and tables of contents, as books and pandoc name them."""
    names = {*str(tag.get("role") or "").split(), *(f"doc-{word}" for word in str(tag.get("epub:type") or "").split())}
    return not (_APPARATUS.isdisjoint(names) and _NOTE_LINKS.isdisjoint(tag.get("class") or ()))


def region_markdown(region: Tag, name: str) -> str:
    """Markdown of a parsed region. Raises DocumentError when it is nested too deep."""
    with depth_told(name):
        return dollar_formulas(markdown_of(region))
