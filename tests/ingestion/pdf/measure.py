"""What readers of PDF get back from the set of `programs`: order, characters, structure, furniture, time and memory.

`python -m tests.ingestion.pdf.measure FOLDER [READER ...]` prints the table of docs/measurements/pdf.md. Readers other than
our own are measured where they are installed.
"""

import re
import resource
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.ingestion.pdf.programs import SAMPLES, Sample, make_all

_FAR = 40  # characters between two sentences that are neighbours: a running head may come between, a column not
_MARKS = "-*•·▪●○◦‣–|#"


def _ours(path: Path) -> str:
    from tutor.ingestion.load import load_bytes

    loaded = load_bytes(path.read_bytes(), path.name)
    return f"{loaded.title}\n{loaded.text}"


def _pypdf(path: Path) -> str:
    import pypdf

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def _pdfium(path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range().replace("\r", "") for page in document)


def _pdfplumber(path: Path) -> str:
    import pdfplumber

    with pdfplumber.open(path) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def _pdfminer(path: Path) -> str:
    from pdfminer.high_level import extract_text

    return extract_text(path)


def _liteparse(path: Path) -> str:
    from liteparse import LiteParse

    return LiteParse(ocr_enabled=False, quiet=True, output_format="text").parse(str(path)).text


def _liteparse_markdown(path: Path) -> str:
    from liteparse import LiteParse

    form = {"output_format": "markdown", "image_mode": "off", "extract_links": False}
    return LiteParse(ocr_enabled=False, quiet=True, **form).parse(str(path)).text


READERS: Mapping[str, Callable[[Path], str]] = {
    "ours": _ours,
    "pypdf": _pypdf,
    "pypdfium2": _pdfium,
    "pdfplumber": _pdfplumber,
    "pdfminer.six": _pdfminer,
    "liteparse": _liteparse,
    "liteparse-markdown": _liteparse_markdown,
}


def _letters(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def order(sample: Sample, text: str) -> tuple[int, int]:
    """(neighbouring sentences that are whole and in order, all neighbours)."""
    found = _letters(text)
    sentences = [_letters(sentence) for sentence in sample.content.sentences()]
    right = 0
    for first, second in zip(sentences, sentences[1:], strict=False):
        places = [match.end() for match in re.finditer(re.escape(first), found)]
        right += any(0 <= found.find(second, end) - end <= _FAR for end in places) or _across(
            sample, first, second, found
        )
    return right, len(sentences) - 1


def _across(sample: Sample, first: str, second: str, found: str) -> bool:
    """Whether nothing but tables and formulas stand between the two."""
    between = "".join(map(_letters, sample.content.texts()))
    gap = between.find(second, between.find(first)) - between.find(first) - len(first)
    return any(
        0 <= found.find(second, match.end()) - match.end() <= _FAR + max(0, gap)
        for match in re.finditer(re.escape(first), found)
    )


def characters(sample: Sample, text: str) -> tuple[int, int, int]:
    """(characters lost, characters added, known characters); white space, marks of Markdown and furniture aside."""
    known = _counted("".join(sample.content.texts()))
    got = _counted(text)
    for piece in sample.furniture:
        got -= Counter({char: count * text.count(piece) for char, count in _counted(piece).items()})
    return (known - got).total(), (got - known).total(), known.total()


def _counted(text: str) -> Counter[str]:
    return Counter(char for char in re.sub(r"[\^_{}$]", "", text) if not char.isspace() and char not in _MARKS)


def structure(sample: Sample, text: str) -> dict[str, tuple[int, int]]:
    """(found, all) of headings, items, rows, compounds and scripts."""
    lines = [line.strip() for line in text.split("\n")]
    heads = {_letters(re.sub(r"^[#\s]*(?:\d+(?:\.\d+)*\.?\s)?", "", line)) for line in lines}
    items = {_letters(line) for line in lines if line[:1] in {*_MARKS, "\uf0b7"} and line[:1]}
    flat = " ".join(text.split())
    content = sample.content
    return {
        "headings": (sum(_letters(head) in heads for head in content.headings()), len(content.headings())),
        "items": (sum(_letters(item) in items for item in content.items()), len(content.items())),
        "rows": (sum(_is_row(row, lines) for row in content.rows()), len(content.rows())),
        "compounds": (sum(compound in flat for compound in content.compounds()), len(content.compounds())),
        "scripts": (sum(script in flat for script in content.scripts()), len(content.scripts())),
    }


def _is_row(row: tuple[str, ...], lines: list[str]) -> bool:
    return any([cell.strip() for cell in line.strip("| ").split("|")] == list(row) for line in lines)


def furniture(sample: Sample, text: str) -> int:
    """How often a running head is left in the text."""
    return sum(_letters(text).count(_letters(piece)) for piece in sample.furniture if piece != sample.content.title)


def measure(reader: str, folder: Path) -> str:
    """A row of the table."""
    read = READERS[reader]
    sums: Counter[str] = Counter()
    started = time.perf_counter()
    texts = {sample.name: read(folder / f"{sample.name}.pdf") for sample in SAMPLES}
    seconds = time.perf_counter() - started
    for sample in SAMPLES:
        _add(sums, sample, texts[sample.name])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shares = [
        f"{sums[name] / sums['all ' + name]:.1%}"
        for name in ("order", "headings", "items", "rows", "compounds", "scripts")
    ]
    shares.insert(1, f"{sums['lost'] / sums['known']:.2%} / {sums['added'] / sums['known']:.2%}")
    return " | ".join(
        ["", reader, *shares, str(sums["furniture"]), f"{1000 * seconds / _pages(folder):.0f}", f"{memory:.0f}", ""]
    ).strip()


def _add(sums: Counter[str], sample: Sample, text: str) -> None:
    right, pairs = order(sample, text)
    lost, added, known = characters(sample, text)
    sums.update({"order": right, "all order": pairs, "lost": lost, "added": added, "known": known})
    sums["furniture"] += furniture(sample, text)
    for name, (found, every) in structure(sample, text).items():
        sums.update({name: found, f"all {name}": every})


def _pages(folder: Path) -> int:
    import pypdf

    return sum(len(pypdf.PdfReader(folder / f"{sample.name}.pdf").pages) for sample in SAMPLES)


def show(reader: str, folder: Path) -> None:
    """One line a file: what is not as it should be."""
    for sample in SAMPLES:
        text = READERS[reader](folder / f"{sample.name}.pdf")
        right, pairs = order(sample, text)
        lost, added, _ = characters(sample, text)
        faults = {name: f"{found}/{every}" for name, (found, every) in structure(sample, text).items() if found < every}
        print(sample.name, f"order {right}/{pairs} lost {lost} added {added} left {furniture(sample, text)}", faults)


if __name__ == "__main__":
    place, names = Path(sys.argv[1]), sys.argv[2:]
    make_all(place)
    if names[:1] == ["--show"]:
        show(names[1], place)
    elif len(names) == 1:
        print(measure(names[0], place))
    else:
        for name in names or READERS:  # a process each: memory is the most that one has held
            subprocess.run([sys.executable, "-m", "tests.ingestion.pdf.measure", str(place), name], check=False)
