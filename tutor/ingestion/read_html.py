"""A web page -> Markdown of its article. Decides by tags, roles, class names and link density what is page chrome."""

import re
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Comment, Tag, UnicodeDammit

from tutor.ingestion.html_fragment import depth_told, parse_html
from tutor.ingestion.html_to_markdown import markdown_of
from tutor.ingestion.page_chrome import drop_chrome, drop_controls, text_length
from tutor.ingestion.page_formulas import write_formulas_as_tex

_CODE_HOSTS = frozenset({"github.com", "gitlab.com", "gitee.com", "arxiv.org", "huggingface.co", "modelscope.cn"})
# Where sites put the text of an article, whatever share of the page it is: WeChat, CSDN, Zhihu's columns, Juejin, Wikipedia,
# GitHub's files.
_ARTICLES = ("js_content", "content_views", "Post-RichText", "article-viewer", "mw-parser-output", "markdown-body")
_LEAST_ARTICLE = 50  # characters
_TITLE_END = re.compile(r"\s+[-|–—·_»]\s+[^-|–—·_»]{1,40}$|[_|][^_|]{1,30}$|\s*-\s*[\w.]{2,20}$")
_DECLARED = re.compile(rb"""charset\s*=\s*["']?[\w-]+""", re.I)


def html_markdown(data: bytes, text: str | None, name: str) -> tuple[str, str]:
    """(Markdown of the article, its title). `text` is the decoded page where its encoding is known.

    Raises DocumentError when the bytes are no page that can be parsed, or one that is nested too deep.
    """
    soup = parse_html(_decoded(data, text), name)
    with depth_told(name):
        return _article_markdown(soup)


def _article_markdown(soup: BeautifulSoup) -> tuple[str, str]:
    title = _page_title(soup)
    write_formulas_as_tex(soup)
    for comment in soup.find_all(string=lambda string: isinstance(string, Comment)):
        comment.extract()
    drop_controls(soup)
    host = _page_host(soup)
    region = _article(soup)
    drop_chrome(region, host)
    heading = region.find("h1")
    if isinstance(heading, Tag) and heading.get_text(strip=True):
        title = " ".join(heading.get_text(" ").split())
    return markdown_of(region), title


def _decoded(data: bytes, text: str | None) -> str | bytes:
    """The page as text where its encoding is known; a declared encoding wins over a guess."""
    if text is None:
        return data
    if _is_utf8(data) or not _DECLARED.search(data[:4096]):
        return text
    return UnicodeDammit(data, is_html=True).unicode_markup or text


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _page_title(soup: BeautifulSoup) -> str:
    meta = soup.find("meta", property="og:title")
    if isinstance(meta, Tag) and meta.get("content"):
        return " ".join(str(meta["content"]).split())
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    return _TITLE_END.sub("", title) or title


def _page_host(soup: BeautifulSoup) -> str:
    """The host of the page: declared, or the one that most of its absolute links go to; "" when unknown."""
    for tag, attribute in (("link", "href"), ("meta", "content")):
        found = soup.find(tag, rel="canonical") if tag == "link" else soup.find(tag, property="og:url")
        if isinstance(found, Tag) and urlsplit(str(found.get(attribute, ""))).hostname:
            return urlsplit(str(found[attribute])).hostname or ""
    hosts = [urlsplit(str(link["href"])).hostname for link in soup.find_all("a", href=re.compile("^https?://"))]
    best = max(set(hosts), key=hosts.count, default=None)
    if best is None or best in _CODE_HOSTS or hosts.count(best) < max(5, len(hosts) / 2):
        return ""
    return best


def _article(soup: BeautifulSoup) -> Tag:
    """The part of the page that holds its text: <main> or <article> where it is more than a teaser."""
    body = soup.body or soup
    whole = text_length(body)
    named: dict[str, list[Tag]] = {name: [] for name in _ARTICLES}
    for tag in body.descendants:
        if isinstance(tag, Tag):
            for name in (str(tag.get("id")), *(tag.get("class") or ())):
                named.get(name, []).append(tag)
    for found in named.values():
        if len(found) == 1 and text_length(found[0]) >= max(_LEAST_ARTICLE, 0.05 * whole):
            return found[0]
    enough = 0.3 * whole
    for found in (soup.find_all(itemprop="articleBody"), soup.find_all("main"), soup.find_all(role="main")):
        if len(found) == 1 and text_length(found[0]) >= enough:
            return found[0]
    articles = [tag for tag in soup.find_all("article") if not tag.find_parent("article")]
    if articles:
        best = max(articles, key=text_length)
        if text_length(best) >= max(enough, 0.6 * sum(map(text_length, articles))):
            return best
    return body
