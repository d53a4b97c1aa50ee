"""A web page -> Markdown of its article. Decides by tags, roles, class names and link density what is page chrome."""

import re
import warnings
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Comment, Tag, UnicodeDammit
from bs4.exceptions import ParserRejectedMarkup

from tutor.errors import DocumentError
from tutor.ingestion.html_to_markdown import markdown_of
from tutor.ingestion.page_formulas import write_formulas_as_tex

_NEVER_TEXT = (
    "script style noscript template iframe object embed svg canvas video audio button input select textarea nav dialog menu"
).split()
_CHROME_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar".split()
)
_CHROME_NAMES = frozenset(
    "nav navbar navigation menu breadcrumb breadcrumbs crumb crumbs sidebar footer comment comments reply replies respond"
    " disqus giscus share sharing social related recommend recommended recommendation recommendations advert advertisement"
    " ad ads adsbygoogle sponsor sponsored promo promotion banner cookie cookies consent gdpr popup modal overlay subscribe"
    " subscription newsletter signup login toc qrcode pagination pager copyright widget widgets toolbar toolbox reward"
    " skip breadcrumb byline tags taglist prevnext".split()
)
_BOXES = ["div", "section", "ul", "ol", "aside", "header", "footer", "form", "table", "p", "dl", "figure"]
_CODE_HOSTS = frozenset({"github.com", "gitlab.com", "gitee.com", "arxiv.org", "huggingface.co", "modelscope.cn"})
_TITLE_END = re.compile(r"\s+[-|–—·_»]\s+[^-|–—·_»]{1,40}$|[_|][^_|]{1,30}$|\s*-\s*[\w.]{2,20}$")
_DECLARED = re.compile(rb"""charset\s*=\s*["']?[\w-]+""", re.I)


def html_markdown(data: bytes, text: str | None, name: str) -> tuple[str, str]:
    """(Markdown of the article, its title). `text` is the decoded page where its encoding is known.

    Raises DocumentError when the bytes are no page that can be parsed.
    """
    soup = _parse(data, text, name)
    title = _page_title(soup)
    write_formulas_as_tex(soup)
    for comment in soup.find_all(string=lambda string: isinstance(string, Comment)):
        comment.extract()
    for tag in soup.find_all(_NEVER_TEXT):
        tag.decompose()
    host = _page_host(soup)
    region = _article(soup)
    _drop_chrome(region)
    _drop_link_lists(region, host)
    heading = region.find("h1")
    if isinstance(heading, Tag) and heading.get_text(strip=True):
        title = " ".join(heading.get_text(" ").split())
    try:
        return markdown_of(region), title
    except RecursionError:
        raise DocumentError("ingestion.too_deep", file=name) from None


def _parse(data: bytes, text: str | None, name: str) -> BeautifulSoup:
    source: str | bytes = data
    if text is not None and (_is_utf8(data) or not _DECLARED.search(data[:4096])):
        source = text
    elif text is not None:  # a declared encoding wins over a guess
        source = UnicodeDammit(data, is_html=True).unicode_markup or text
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="bs4")  # XHTML read as HTML, text that looks like a file name
        try:
            return BeautifulSoup(source, "lxml")
        except (ParserRejectedMarkup, ValueError) as error:
            raise DocumentError("ingestion.no_web_page", file=name, reason=error) from error


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
    enough = 0.3 * _length(body)
    for selector in ("[itemprop=articleBody]", "main", "[role=main]"):
        found = soup.select(selector)
        if len(found) == 1 and _length(found[0]) >= enough:
            return found[0]
    articles = [tag for tag in soup.find_all("article") if not tag.find_parent("article")]
    if articles:
        best = max(articles, key=_length)
        if _length(best) >= max(enough, 0.6 * sum(map(_length, articles))):
            return best
    return body


def _drop_chrome(region: Tag) -> None:
    most = 0.5 * _length(region)
    for tag in region.find_all(_BOXES):
        if tag.decomposed or tag.find_parent(["pre", "code"]) or tag.find("h1"):
            continue
        if _is_chrome(tag) and _length(tag) < most:
            tag.decompose()


def _is_chrome(tag: Tag) -> bool:
    if tag.name in {"aside", "footer", "form"} or tag.get("role") in _CHROME_ROLES:
        return True
    names = " ".join([*(tag.get("class") or []), str(tag.get("id") or "")])
    words = re.split(r"[-_\s]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", names).lower())
    return not _CHROME_NAMES.isdisjoint(words)


def _drop_link_lists(region: Tag, host: str) -> None:
    """Lists that are nothing but links within the site, or into the page itself. Links to elsewhere are content,
    and so is a list that makes up most of the page."""
    most = 0.5 * _length(region)
    for tag in region.find_all(["ul", "ol", "div", "section", "p", "table"]):
        if tag.decomposed or tag.find_parent("pre"):
            continue
        links = tag.find_all("a", href=True)
        length = _length(tag)
        if len(links) < 3 or length >= most or sum(map(_length, links)) < 0.8 * length:
            continue
        inner = sum(_is_internal(str(link["href"]), host) for link in links)
        if inner >= 0.8 * len(links):
            tag.decompose()


def _is_internal(href: str, host: str) -> bool:
    target = urlsplit(href)
    return not target.hostname or target.hostname == host


def _length(tag: Tag) -> int:
    return len("".join(tag.get_text().split()))
