"""An e-book (EPUB 2 and 3) -> Markdown: the chapters in the order of reading. The table of contents and pictures are left out."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from tutor.errors import DocumentError
from tutor.ingestion.archives import damage_told, too_large
from tutor.ingestion.html_fragment import parse_fragment, region_markdown
from tutor.ingestion.loaded import Loaded, counted, file_text
from tutor.messages import Message

_MOST_BYTES = 100_000_000  # of chapters, unpacked
_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_CHAPTER = re.compile(r"application/xhtml\+xml|text/html", re.IGNORECASE)
# XHTML may close any element at once; read as HTML, `<title/>` would hold the whole chapter.
_CLOSED_AT_ONCE = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)/>"
)


def read_epub(data: bytes, name: str) -> Loaded:
    """The text of a book. Raises DocumentError when it is damaged, or its chapters are encrypted."""

    def damaged(reason: str) -> DocumentError:
        return DocumentError("ingestion.damaged_epub", file=name, reason=reason)

    with damage_told(damaged), zipfile.ZipFile(io.BytesIO(data)) as archive:
        package_path = _package_path(archive)
        package = _parsed(archive.read(package_path))
        chapters = list(_chapters(archive, package, posixpath.dirname(package_path)))
        _refuse_encrypted(archive, chapters, name)
        _refuse_large(archive, chapters, name)
        regions = [parse_fragment(_source(archive.read(chapter), name), name) for chapter in chapters]
    pictures = [str(image.get("src", "")) for region in regions for image in region.find_all("img")]
    texts = [region_markdown(region, name) for region in regions]
    titles = package.xpath("//*[local-name()='metadata']/*[local-name()='title']/text()")
    doubts = counted(Message("ingestion.media", count=len(pictures), example=next(iter(pictures), "")))
    return Loaded("\n\n".join(filter(None, texts)), str(titles[0]).strip() if titles else "", doubts, is_authored=True)


def _parsed(source: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(source, parser)
    if root is None:
        raise ValueError("no XML")
    return root


def _package_path(archive: zipfile.ZipFile) -> str:
    """The file that lists the book's parts."""
    paths = _parsed(archive.read(_CONTAINER)).xpath("//*[local-name()='rootfile']/@full-path")
    return str(paths[0]) if paths else next(member for member in archive.namelist() if member.endswith(".opf"))


def _chapters(archive: zipfile.ZipFile, package: etree._Element, folder: str) -> Iterator[str]:
    """Members in the order of reading, each once."""
    items = {item.get("id"): item for item in package.xpath("//*[local-name()='manifest']/*[local-name()='item']")}
    guide = package.xpath("//*[local-name()='guide']/*[@type='toc' or @type='title-page' or @type='cover']/@href")
    members = set(archive.namelist())
    seen = {_member(folder, href) for href in guide}
    for reference in package.xpath("//*[local-name()='spine']/*[local-name()='itemref']/@idref"):
        item = items.get(reference)
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        path = _member(folder, item.get("href", ""))
        if path in members and path not in seen and _CHAPTER.fullmatch(item.get("media-type", "")):
            seen.add(path)
            yield path


def _member(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))


def _refuse_encrypted(archive: zipfile.ZipFile, chapters: list[str], name: str) -> None:
    """Shops encrypt chapters; fonts may be encrypted without harm."""
    if _ENCRYPTION in archive.namelist():
        locked = _parsed(archive.read(_ENCRYPTION)).xpath("//*[local-name()='CipherReference']/@URI")
        if {unquote(str(path)) for path in locked} & set(chapters):
            raise DocumentError("ingestion.locked_book", file=name)


def _refuse_large(archive: zipfile.ZipFile, chapters: list[str], name: str) -> None:
    size = sum(archive.getinfo(chapter).file_size for chapter in chapters)
    if size > _MOST_BYTES:
        raise too_large(name, _MOST_BYTES, size)


def _source(data: bytes, name: str) -> str:
    return _CLOSED_AT_ONCE.sub(r"<\1\2></\1>", file_text(data, name))
