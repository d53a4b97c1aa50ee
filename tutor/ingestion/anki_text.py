"""Notes that Anki exported as text (`#separator:tab` at the top) -> questions and answers, decks as headings."""

import csv
import re

from tutor.ingestion.cards import Cards
from tutor.ingestion.loaded import Loaded
from tutor.ingestion.pairs import load_pairs

_HEAD = re.compile(r"#([a-z ]+):(.*)")
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "space": " ", "pipe": "|", "colon": ":"}
_NO_FIELDS = ("guid column", "notetype column", "deck column", "tags column")


def is_anki_text(text: str) -> bool:
    """Whether the text opens with the head that Anki writes."""
    return bool(re.match(r"#(separator|html|columns|notetype|deck|tags)[a-z ]*:", text))


def read_anki_text(text: str, name: str) -> Loaded:
    """The notes of an export; Markdown-like text. `name` is the file's."""
    lines = text.split("\n")
    end = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    head = {match[1]: match[2].strip("\r") for line in lines[:end] if (match := _HEAD.match(line))}
    told = head.get("separator", "tab")
    separator = _SEPARATORS.get(told.lower(), told[:1] or "\t")
    apart = {key: int(value) - 1 for key, value in head.items() if key in _NO_FIELDS and value.isdigit()}
    names = head["columns"].split(separator) if "columns" in head else []
    cards = Cards(name)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    for row in csv.reader([line + "\n" for line in lines[end:]], delimiter=separator):
        deck = row[apart["deck column"]] if apart.get("deck column", len(row)) < len(row) else head.get("deck", "")
        fields = [
            (names[number] if number < len(names) else "", content)
            for number, content in enumerate(row)
            if number not in apart.values()
        ]
        cards.add(fields, deck, is_html=head.get("html", "false") == "true")
    return load_pairs(cards.pairs, doubts=cards.doubts())
