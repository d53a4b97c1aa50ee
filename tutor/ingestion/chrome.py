"""Drops page chrome from mended text: navigation, advertisements, link lists, comment boxes, tables of contents.

Decides by the shape of lines, their neighbours and the wording in `phrases`. Questions, headings, code and long
paragraphs are never dropped by wording alone, unless they stand in a region that a heading of chrome opens.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, pairwise

from tutor.ingestion import phrases
from tutor.ingestion.fences import MARK
from tutor.text.terms import terms

_DECORATION = re.compile(
    r"^[\s#>*\-+•|=_~`【\[（(]*(?:[\U0001F000-\U0001FAFF\u2190-\u2BFF\uFE0F\u200d]\s*)*|[\s*_:：】\]~`=]*$"
)
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)、])\s+")
_ROW = re.compile(r"\s*\|.*\|.*\|\s*$")
_SENTENCE_END = re.compile(r"[。！？!?；;.…”」』:：]$")
_CONTENT_START = re.compile(
    r"#{1,6}\s|(?:\*\*)?(?:Q|问|提问|题目|Question)\s*\d*\s*[:：]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]+[章节部分篇]|\d{1,2}(?:\.\d{1,2})+\s|"
    + MARK
)
_QUESTION_END = re.compile(r"[?？]\s*$")
_EDGE = 8  # lines with text from the top or the end of a text that count as its edge
_LONGEST_CONTENTS = 300  # lines
_DETAILS = re.compile(r"https?://|www\.|\b(?:19|20)\d{2}\b|arxiv|《|[:：—]|\s-\s|\bet al\b", re.IGNORECASE)


@dataclass
class _Page:
    """Lines of a text with a mark on those that are chrome."""

    lines: list[str]
    dropped: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.bare = ["" if line.startswith(MARK) else _DECORATION.sub("", line).strip() for line in self.lines]
        self.filled = [number for number, line in enumerate(self.lines) if line.strip()]
        self.place = {number: place for place, number in enumerate(self.filled)}
        self.edges = set(self.filled[:_EDGE] + self.filled[-_EDGE:])
        self.told = set(self._told())

    def _told(self) -> Iterator[int]:
        """Lines that the author has put in their place: rows of a table, items of a list that a line of text announces.
        Their words are no menu."""
        is_announced = False
        for number in self.filled:
            line = self.lines[number]
            if _ROW.match(line) or (is_announced and _ITEM.match(line)):
                yield number
            elif not _ITEM.match(line):
                says_more = not phrases.ALWAYS.fullmatch(self.bare[number]) and not _menu_words(self.bare[number])
                is_announced = says_more and line.rstrip("*_ ").endswith((":", "："))

    def neighbours(self, number: int) -> list[int]:
        """The lines with text right before and after."""
        place = self.place[number]
        return self.filled[max(0, place - 1) : place] + self.filled[place + 1 : place + 2]


def without_chrome(text: str) -> str:
    """`text` without the lines that are page chrome."""
    page = _Page(text.split("\n"))
    _drop_contents(page)
    _drop_regions(page)
    _drop_phrases(page)
    _drop_menus(page)
    _drop_advertisements(page)
    _drop_edges(page)
    _drop_islands(page)
    _drop_unrelated_titles(page)
    return "\n".join(line for number, line in enumerate(page.lines) if number not in page.dropped)


# --- tables of contents


def _drop_contents(page: _Page) -> None:
    """A run of lines that all come again later, each followed by text of its own, is a table of contents."""
    keys = {number: _entry_key(page.lines[number]) for number in page.filled}
    places: dict[str, list[int]] = {}
    for number, key in keys.items():
        places.setdefault(key, []).append(number)
    position = 0
    while position < len(page.filled):
        run = _contents_run(page, keys, places, position)
        titled = position > 0 and bool(phrases.CONTENTS.fullmatch(page.bare[page.filled[position - 1]]))
        if len(run) >= (2 if titled else 3):
            page.dropped.update(run)
            if titled:
                page.dropped.add(page.filled[position - 1])
        position += max(1, len(run))
    page.dropped.update(n for n in page.filled if re.fullmatch(r"(文章目录|本文目录|目录导航)[:：]?", page.bare[n]))


def _entry_key(line: str) -> str:
    """A line as it would stand in a table of contents: no marks, no dots, no page number."""
    text = re.sub(r"[.·…\s]{3,}\d{1,4}\s*$", "", _DECORATION.sub("", line))
    return re.sub(r"[\s*`]+", "", text).lower()


def _contents_run(page: _Page, keys: dict[int, str], places: dict[str, list[int]], position: int) -> list[int]:
    later: dict[int, None] = {}
    run: list[int] = []
    for number in islice(page.filled, position, position + _LONGEST_CONTENTS):
        key = keys[number]
        again = bisect_right(places[key], number)
        if len(key) < 3 or page.lines[number].startswith((MARK, "#")) or again == len(places[key]):
            break
        if places[key][again] in later:
            break
        run.append(number)
        later[places[key][again]] = None
    if not run or next(iter(later)) <= run[-1]:
        return []
    apart = sum(_has_text_between(page, first, second) for first, second in pairwise(later))
    return run if apart >= 0.5 * (len(later) - 1) else []


def _has_text_between(page: _Page, first: int, second: int) -> bool:
    return page.place[second] - page.place[first] > 1


# --- regions that a heading opens


def _drop_regions(page: _Page) -> None:
    for number in page.filled:
        if number in page.dropped:
            continue
        bare = page.bare[number]
        if phrases.REGION.fullmatch(bare):
            region = _region(page, number)
            if not region or _is_cards(page, region):
                page.dropped.update([number, *region])
        elif phrases.CARD_REGION.fullmatch(bare):
            region = _region(page, number)
            if _count_cards(page, region) >= 2:
                page.dropped.update([number, *region])
        elif phrases.PERHAPS_REGION.fullmatch(bare):
            titles = _bare_titles(page, number)
            if titles:
                page.dropped.update([number, *titles])


def _region(page: _Page, heading: int) -> list[int]:
    """Lines under a heading up to where the article goes on."""
    level = len(page.lines[heading]) - len(page.lines[heading].lstrip("#"))
    region: list[int] = []
    for number in islice(page.filled, page.place[heading] + 1, None):
        line = page.lines[number]
        deeper = level and line.startswith("#" * (level + 1))
        if _CONTENT_START.match(line) and not deeper and not phrases.REGION.fullmatch(page.bare[number]):
            break
        if _is_paragraph(line) and not _beside_card(page, number):
            break
        region.append(number)
    return region


def _is_paragraph(line: str) -> bool:
    """Running text, too long for a title."""
    width = len(line) + len(re.findall(r"[\u3400-\u9fff]", line))
    return width >= 110 and not _ITEM.match(line) and bool(re.search(r"[。，,.；;]", line))


def _beside_card(page: _Page, number: int) -> bool:
    place = page.place[number]
    around = page.filled[max(0, place - 2) : place] + page.filled[place + 1 : place + 3]
    return any(phrases.CARD.fullmatch(page.lines[other].strip()) for other in around)


def _is_cards(page: _Page, region: list[int]) -> bool:
    """Titles and what stands beside titles, rather than text."""
    titles = sum(not _SENTENCE_END.search(page.lines[number]) and len(page.bare[number]) <= 90 for number in region)
    return _count_cards(page, region) >= 2 or titles >= 0.6 * len(region)


def _count_cards(page: _Page, region: list[int]) -> int:
    return sum(bool(phrases.CARD.fullmatch(page.lines[number].strip())) for number in region)


def _bare_titles(page: _Page, heading: int) -> list[int]:
    """The items of a list of titles that lost their links. With addresses, years or descriptions it is of use: none."""
    titles: list[int] = []
    for number in islice(page.filled, page.place[heading] + 1, None):
        line = page.lines[number]
        far = titles and number - titles[-1] > 2
        if (
            far
            or _CONTENT_START.match(line)
            or phrases.REGION.fullmatch(page.bare[number])
            or phrases.ALWAYS.fullmatch(page.bare[number])
        ):
            break
        if _SENTENCE_END.search(line) or len(page.bare[number]) > 40:
            return []
        titles.append(number)
    if len(titles) < 2 or any(_DETAILS.search(page.bare[number]) for number in titles):
        return []
    return titles


# --- single lines


def _drop_phrases(page: _Page) -> None:
    for number in page.filled:
        bare = page.bare[number]
        if number in page.dropped or number in page.told or not bare:
            continue
        if (
            phrases.ALWAYS.fullmatch(bare)
            or phrases.PLEA.fullmatch(bare)
            or (number in page.edges and phrases.AT_EDGES.fullmatch(bare))
        ):
            page.dropped.add(number)


def _drop_edges(page: _Page) -> None:
    """What other chrome kept away from the top and the end of the text until it was dropped."""
    kept = [number for number in page.filled if number not in page.dropped]
    for number in kept[:_EDGE] + kept[-_EDGE:]:
        if number not in page.told and phrases.AT_EDGES.fullmatch(page.bare[number]):
            page.dropped.add(number)


def _drop_menus(page: _Page) -> None:
    """Lines of nothing but button and menu words: several in a line or in a row, or some between other chrome."""
    run: list[int] = []
    for number in [*page.filled, -1]:
        passed = number < 0 or number in page.dropped or number in page.told
        words = 0 if passed else _menu_words(page.bare[number])
        if words:
            run.append(number)
            continue
        if sum(_menu_words(page.bare[item]) for item in run) >= 3 or (run and _is_enclosed(page, run)):
            page.dropped.update(run)
        run = []


def _is_enclosed(page: _Page, run: list[int]) -> bool:
    first, last = page.place[run[0]], page.place[run[-1]]
    after = page.filled[last + 1 : last + 2]
    return first > 0 and page.filled[first - 1] in page.dropped and (not after or after[0] in page.dropped)


def _menu_words(bare: str) -> int:
    """Number of menu words in a line that holds (nearly) nothing else; 0 for any other line."""
    text = phrases.UI_PHRASES.sub(lambda match: match.group().replace(" ", "-"), bare.lower())
    words = [word for word in re.split(r"[\s|/·•›»>,，、:：()（）\[\]]+", text) if re.search(r"[^\W\d_]", word)]
    known = sum(word in phrases.UI_WORDS for word in words)
    return known if known and known >= 0.75 * len(words) and len(bare) <= 120 else 0


def _drop_advertisements(page: _Page) -> None:
    """Lines that speak of two of channel, action and lure; and boasting lines beside them."""
    doomed = [
        number
        for number in page.filled
        if number not in page.dropped and _is_advertisement(page.bare[number], page.lines[number])
    ]
    page.dropped.update(doomed)
    while doomed:
        number = doomed.pop()
        for other in page.neighbours(number):
            if (
                other not in page.dropped
                and phrases.BOAST.search(page.bare[other])
                and not _is_content(page.lines[other])
            ):
                page.dropped.add(other)
                doomed.append(other)


def _is_advertisement(bare: str, line: str) -> bool:
    if not bare or len(bare) > 300 or _is_content(line):
        return False
    signs = sum(bool(pattern.search(bare)) for pattern in (phrases.CHANNEL, phrases.ACTION, phrases.LURE))
    return signs > 2 or (signs == 2 and bool(phrases.ADDRESS.search(bare)) and not phrases.TOPIC.search(bare))


def _is_content(line: str) -> bool:
    return bool(_CONTENT_START.match(line) or _QUESTION_END.search(line))


def _drop_islands(page: _Page) -> None:
    """Short scraps (a user name, a date) between lines of chrome at the end of the text."""
    below_is_chrome = True
    for place in range(len(page.filled) - 1, 0, -1):
        number = page.filled[place]
        if number in page.dropped:
            below_is_chrome = True
            continue
        line = page.lines[number]
        scrap = (
            len(page.bare[number]) <= 20
            and not _SENTENCE_END.search(line)
            and not _is_content(line)
            and not _ITEM.match(line)
        )
        if not (scrap and below_is_chrome and page.filled[place - 1] in page.dropped):
            return
        page.dropped.add(number)


# --- lists of titles that no heading gives away

_LEAST_TITLES = 10
_LEAST_TERMS = 150  # of the article: fewer say too little about its topic


def _drop_unrelated_titles(page: _Page) -> None:
    """A long list at the very end whose items have hardly a word in common with the text above them.

    Measured: 10 % of the items of a site's link list share a third of their terms with the article, against 50-90 % of
    the items of a topic list. A list under a heading is the author's and stays.
    """
    kept = [number for number in page.filled if number not in page.dropped]
    start = len(kept)
    while start and _is_title(page.lines[kept[start - 1]]):
        start -= 1
    titles, article = kept[start:], kept[:start]
    after_text = bool(article) and (
        article[-1] + 1 in page.dropped or bool(re.search(r"[。！？!?.]$", page.lines[article[-1]]))
    )
    if len(titles) < _LEAST_TITLES or not after_text:
        return
    known = {term for number in article for term in _telling_terms(page.lines[number])}
    if len(known) < _LEAST_TERMS:
        return
    related = sum(_is_related(page.lines[number], known) for number in titles)
    if related <= 0.2 * len(titles):
        page.dropped.update(titles)


def _is_title(line: str) -> bool:
    whole = bool(_ITEM.match(line)) or not _SENTENCE_END.search(line)
    return 6 <= len(line.strip()) <= 90 and whole and not _CONTENT_START.match(line)


def _telling_terms(line: str) -> set[str]:
    return {term for term in terms(line) if len(term) > 1 and not term.isdigit()}


def _is_related(line: str, known: set[str]) -> bool:
    found = _telling_terms(line)
    return len(found & known) * 3 >= len(found) if found else False
