"""Which boxes of a web page are chrome: told by tags, roles, names and link density. Changes the parsed page in place.

A name is no evidence where the author's own heading made it (`id="skip-connections"` over "Skip connections").
"""

import re
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from tutor.ingestion import phrases
from tutor.ingestion.callouts import titled
from tutor.ingestion.questions import asks

_NEVER_TEXT = "script style iframe object embed svg canvas video audio input select nav dialog menu".split()
_LABELS = re.compile(
    r"mw-editsection|copy-code-btn|code-block-extension-header|hljs-button|opt-box|pre-numbering|code-snippet__line-index|line-numbers-rows|^search-results$"
    r"|^AuthorInfo$|Question-sideColumn|ContentItem-(?:actions|time)|author-info-block"
)
_CHROME_ROLES = frozenset(
    "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar".split()
)
# Words that are hardly ever a topic ...
_SURE_NAMES = frozenset(
    "nav navbar breadcrumb breadcrumbs crumbs sidebar footer comment comments replies respond disqus giscus sharing share"
    " advert advertisement ad ads adsbygoogle sponsor sponsored promo promotion cookie cookies gdpr newsletter signup login"
    " subscribe subscription toc qrcode pagination pager copyright byline taglist prevnext toolbox widgets".split()
)
# ... and words that a section may be about.
_CHROME_NAMES = _SURE_NAMES | frozenset(
    "navigation menu crumb reply social related recommend recommended recommendation recommendations banner consent popup"
    " modal overlay widget toolbar reward skip tags".split()
)
# What a name of a box of chrome is put together from besides.
_STRUCTURE = frozenset(
    "area bar block body bottom box btn button buttons card cards col column container content count el entry form group header"
    " holder icon icons inner item items left line link links list main meta nav outer page panel post posts right row section"
    " site slot top unit wrap wrapper".split()
)
_BOXES = ["div", "section", "ul", "ol", "aside", "header", "footer", "form", "table", "p", "dl", "figure"]
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_ASIDE = re.compile(
    r"admonition|callout|call-out|note|tip|hint|warning|caution|danger|important|info|alert|example|question|answer|definition|theorem",
    re.I,
)
_NOTE_ROLES = frozenset({"note", "doc-footnote", "doc-tip", "doc-endnotes"})
_TOGGLE = re.compile(r"accordion|collaps|toggle|faq|question|expand|disclosure", re.I)
_TEXT_FIELDS = frozenset({"", "text", "search", "email", "password", "url", "tel"})
_LEAST_NOSCRIPT = 2.0  # times the text of the page without it: then the page is written for readers without scripts


def drop_controls(soup: BeautifulSoup) -> None:
    """Takes out what is no text, and reads the controls that are: questions in buttons and toggles."""
    for form in soup.find_all("form"):
        fields = [*form.find_all("textarea"), *form.find_all("input", type=lambda kind: (kind or "") in _TEXT_FIELDS)]
        if not fields:  # the questions of a quiz, or a whole page
            form.name = "div"
    for control in soup.find_all(_is_control):
        _read_control(control)
    for area in soup.find_all("textarea"):
        if area.get_text().strip().count("\n") < 2:
            area.decompose()
    for template in soup.find_all("template"):
        if template.get("shadowrootmode"):
            template.unwrap()
        else:
            template.decompose()
    for tag in [*soup.find_all(_NEVER_TEXT), *soup.find_all(class_=_LABELS)]:
        tag.decompose()
    _read_noscript(soup)


def _read_noscript(soup: BeautifulSoup) -> None:
    body = soup.body or soup
    hidden = body.find_all("noscript")
    told = sum(map(text_length, hidden))
    whole = text_length(body)
    if told <= _LEAST_NOSCRIPT * (whole - told) or re.search(r"javascript", hidden[0].get_text(), re.I):
        for tag in hidden:
            tag.decompose()


def _is_control(tag: Tag) -> bool:
    return tag.name == "button" or (
        tag.name in {"div", "a", "span", "p"} and (tag.get("role") == "button" or "collapse" in _toggles(tag))
    )


def _toggles(tag: Tag) -> str:
    return f"{tag.get('data-toggle') or ''} {tag.get('data-bs-toggle') or ''}"


def _read_control(control: Tag) -> None:
    """A question is the title of what it opens; a button that opens nothing says nothing."""
    text = " ".join(control.get_text(" ").split())
    if control.find_parent([*_HEADINGS, "summary", "dt"]) or control.find_parent(attrs={"role": "heading"}):
        if _is_offer(text):
            control.decompose()
        else:
            control.unwrap()
        return
    names = " ".join([*(control.get("class") or []), str(control.get("id") or ""), _toggles(control)])
    opens = control.has_attr("aria-expanded") or control.has_attr("aria-controls") or bool(_TOGGLE.search(names))
    apart = control.find_parent(["nav", "header", "footer", "form", "pre"]) or control.get("role") in {
        "tab",
        "menuitem",
    }
    if not control.find(_HEADINGS) and (asks(text) or (opens and not apart and not _is_offer(text))):
        control.name = "summary"
    elif control.name == "button":
        if control.find(_HEADINGS):
            control.unwrap()
        else:
            control.decompose()


def _is_offer(text: str) -> bool:
    """Whether a label only names what a click does."""
    words = text.lower().split()
    is_menu = bool(words) and all(word.strip("…+-▾▼›>") in phrases.UI_WORDS for word in words)
    return not re.search(r"\w", text) or is_menu or not titled(text) or bool(phrases.ALWAYS.fullmatch(text))


def drop_chrome(region: Tag, host: str) -> None:
    """Takes boxes of chrome out of the region of the article, and lists that only lead elsewhere on `host`."""
    most = 0.5 * text_length(region)
    for tag in region.find_all(_BOXES):
        if tag.decomposed or tag.find_parent(["pre", "code"]) or tag.find("h1"):
            continue
        if _is_chrome(tag) and text_length(tag) < most:
            tag.decompose()
    _drop_link_lists(region, host)


def _is_chrome(tag: Tag) -> bool:
    classes = [str(name) for name in tag.get("class") or []]
    if tag.name in {"aside", "footer"}:
        return not (_ASIDE.search(" ".join(classes)) or tag.get("role") in _NOTE_ROLES or _is_remark(tag))
    if tag.name == "form" or tag.get("role") in _CHROME_ROLES:
        return True
    named = [(words, False) for words in map(_words, classes)] + [(_words(str(tag.get("id") or "")), True)]
    named = [(words, is_id) for words, is_id in named if not _CHROME_NAMES.isdisjoint(words)]
    if not named:
        return False
    topic = _topic(tag)
    return any(_is_evidence(words, is_id, topic) for words, is_id in named)


def _is_remark(tag: Tag) -> bool:
    """Whether a box beside or below the text of an article is the author's own: sentences, nothing to click, no names."""
    text = tag.get_text(" ", strip=True)
    lone = not tag.find(["a", "time", "button", "img"]) and not tag.get("class") and not tag.get("id")
    is_said = bool(re.search(r"[。！？.!?]$", text)) and not phrases.ALWAYS.fullmatch(text)
    return lone and is_said and tag.find_parent("article") is not None


def _words(name: str) -> set[str]:
    return {word for word in re.split(r"[-_:.\s]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()) if word}


def _is_evidence(words: set[str], is_id: bool, topic: set[str] | None) -> bool:
    """Whether a name gives chrome away in a box with that topic (None: no text of its own under a heading of its own)."""
    found = words & _CHROME_NAMES
    is_whole = words <= _CHROME_NAMES | _STRUCTURE
    if topic is not None:
        return is_whole and bool(found & _SURE_NAMES) and not found <= topic
    return not is_id or is_whole or bool(found & _SURE_NAMES)


def _topic(tag: Tag) -> set[str] | None:
    """Words of the heading that opens a box of text; None where it has none, or where the heading is one of chrome."""
    heading = tag.find(_HEADINGS)
    if not isinstance(heading, Tag) or heading.find("a", href=re.compile(r"^[^#]")):
        return None
    text = " ".join(heading.get_text(" ").split()).strip("#¶ ")
    if not "".join(tag.get_text().split()).startswith("".join(heading.get_text().split())):
        return None
    furniture = (phrases.REGION, phrases.CARD_REGION, phrases.ALWAYS, phrases.PLEA)
    if any(pattern.fullmatch(text) for pattern in furniture) or tag.find(["textarea", "time"]):
        return None
    linked = sum(text_length(link) for link in tag.find_all("a", href=True))
    return _words(text) if linked < 0.4 * text_length(tag) and text_length(tag) > len(text) else None


def _drop_link_lists(region: Tag, host: str) -> None:
    """Lists that are nothing but links within the site, or into the page itself. Links to elsewhere are content,
    and so is a list that makes up most of the page."""
    most = 0.5 * text_length(region)
    for tag in region.find_all(["ul", "ol", "div", "section", "p", "table"]):
        if tag.decomposed or tag.find_parent("pre"):
            continue
        links = tag.find_all("a", href=True)
        length = text_length(tag)
        if len(links) < 3 or length >= most or sum(map(text_length, links)) < 0.8 * length:
            continue
        inner = sum(_is_internal(str(link["href"]), host) for link in links)
        if inner >= 0.8 * len(links):
            tag.decompose()


def _is_internal(href: str, host: str) -> bool:
    target = urlsplit(href)
    return not target.hostname or target.hostname == host


def text_length(tag: Tag) -> int:
    """Characters of a tag that are no blanks."""
    return len("".join(tag.get_text().split()))
