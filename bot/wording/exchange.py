"""Translations as files for other programs and back: PO, XLIFF 1.2 and 2.0, CSV.  A file is read whole or not at all.

Hostile files are foreseen: nothing is looked up outside, no entity is expanded, nothing larger than a catalog is read.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import polib

from bot.core.errors import ContentError

LARGEST: Final = 8 * 1024 * 1024
MOST_ENTRIES: Final = 20_000
FORMATS: Final = ("po", "xlf1", "xlf2", "csv")
SUFFIXES: Final[Mapping[str, str]] = {"po": "po", "xlf1": "1.2.xlf", "xlf2": "2.0.xlf", "csv": "csv"}
_XLF1, _XLF2 = "urn:oasis:names:tc:xliff:document:1.2", "urn:oasis:names:tc:xliff:document:2.0"
_COLUMNS = ("id", "source", "target", "fuzzy")
"""As Weblate and its like name them.  Fuzzy: there are words, and nobody agreed with them yet."""
_FORMER_COLUMNS = ("id", "english", "translation", "approved")
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0", "")
_FORMULA = "=+-@\t\r＝＋－＠"


@dataclass(frozen=True, slots=True)
class Entry:
    """A text in a file.  `approved`: a person agreed with the words."""

    id: str
    english: str
    words: str
    approved: bool
    note: str = ""


def write(kind: str, lang: str, entries: Iterable[Entry]) -> str:
    """A file of one of `FORMATS`; the same entries give the same bytes."""
    return _WRITERS[kind](lang, list(entries))


def read(kind: str, lang: str, content: bytes) -> list[Entry]:
    """The entries of a file.  Raises `ContentError` in one line that says what is wrong with it."""
    if len(content) > LARGEST:
        raise ContentError(f"the file has {len(content)} bytes; at most {LARGEST} are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise ContentError("the file is not in UTF-8; save it in that encoding") from broken
    if "\0" in text:
        raise ContentError("the file is not in UTF-8; save it in that encoding")
    language, entries = _READERS[kind](text)
    if language and language.replace("_", "-").lower() != lang.lower():
        raise ContentError(f"the file is in {language}, not in {lang}; choose the right language or the right file")
    if len(entries) > MOST_ENTRIES:
        raise ContentError(f"the file has {len(entries)} texts; at most {MOST_ENTRIES} are read")
    if not entries:
        raise ContentError("the file has no texts of ours")
    seen: set[str] = set()
    for entry in entries:
        if not entry.id:
            raise ContentError("a text has no id; start from a file that was exported here")
        if entry.id in seen:
            raise ContentError(f"{entry.id}: stands twice in the file; keep one")
        seen.add(entry.id)
    return entries


def _write_po(lang: str, entries: list[Entry]) -> str:
    po = polib.POFile(wrapwidth=100_000)
    po.metadata = {
        "Project-Id-Version": "hamrah",
        "Language": lang,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for one in entries:
        flags = [] if one.approved or not one.words else ["fuzzy"]
        po.append(polib.POEntry(msgctxt=one.id, msgid=one.english, msgstr=one.words, comment=one.note, flags=flags))
    return str(po)


def _read_po(text: str) -> tuple[str, list[Entry]]:
    if "msgid" not in text:
        raise ContentError("this is no PO file")
    try:
        po: Any = polib.pofile(text, encoding="utf-8")
    except (OSError, ValueError, IndexError, KeyError, AttributeError) as broken:
        raise ContentError(f"this is no PO file: {str(broken)[:120]}") from broken
    found = [Entry(e.msgctxt or "", e.msgid, e.msgstr, not e.fuzzy, e.comment) for e in po if not e.obsolete]
    return str(po.metadata.get("Language", "")), found


def _write_csv(lang: str, entries: list[Entry]) -> str:
    """Cells that a table program would take for a formula begin with an apostrophe."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(_COLUMNS)
    for one in entries:
        fuzzy = "yes" if one.words and not one.approved else "no"
        table.writerow([safe_cell(value) for value in (one.id, one.english, one.words, fuzzy)])
    return "\ufeff" + out.getvalue()


def safe_cell(text: str) -> str:
    """A cell of a table that no program takes for a formula."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def _uncelled(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:2] in (*_FORMULA, "'") and len(text) > 1 else text


def _read_csv(text: str) -> tuple[str, list[Entry]]:
    csv.field_size_limit(100_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as broken:
        raise ContentError(f"this is no CSV file: {broken}") from broken
    if not rows or tuple(rows[0]) not in (_COLUMNS, _FORMER_COLUMNS):
        raise ContentError(f"the first line must be {','.join(_COLUMNS)}; start from a file that was exported here")
    found = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(_COLUMNS) or row[3].lower() not in (*_YES, *_NO):
            raise ContentError(f"row {number}: {len(_COLUMNS)} cells are expected, the last one yes or no")
        id, english, words = map(_uncelled, row[:3])
        told = row[3].lower() in _YES
        found.append(Entry(id, english, words, told if tuple(rows[0]) == _FORMER_COLUMNS else not told))
    return "", found


def _write_xlf1(lang: str, entries: list[Entry]) -> str:
    units = "\n".join(
        f'<trans-unit id={quoteattr(e.id)} xml:space="preserve"{_approved(e)}>'
        f"<source>{escape(e.english)}</source><target>{escape(e.words)}</target>{_note(e)}</trans-unit>"
        for e in entries
    )
    head = f'<file original="hamrah" datatype="plaintext" source-language="en" target-language={quoteattr(lang)}><body>'
    top = f'<xliff version="1.2" xmlns="{_XLF1}">{head}'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{top}\n{units}\n</body></file></xliff>\n'


def _write_xlf2(lang: str, entries: list[Entry]) -> str:
    units = "\n".join(
        f'<unit id={quoteattr(_token(e.id))} name={quoteattr(e.id)} xml:space="preserve">{_notes(e)}'
        f'<segment state="{"final" if e.approved else "translated"}">'
        f"<source>{escape(e.english)}</source><target>{escape(e.words)}</target></segment></unit>"
        for e in entries
    )
    head = f'<xliff version="2.0" xmlns="{_XLF2}" srcLang="en" trgLang={quoteattr(lang)}><file id="hamrah">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{units}\n</file></xliff>\n'


def _token(id: str) -> str:
    """The id as XML allows it (NMTOKEN), the same whatever texts stand before it."""
    return re.sub(r"[^A-Za-z0-9._:-]", lambda found: f"_{ord(found[0]):x}_", id)


def _approved(entry: Entry) -> str:
    return ' approved="yes"' if entry.approved else ""


def _note(entry: Entry) -> str:
    return f"<note>{escape(entry.note)}</note>" if entry.note else ""


def _notes(entry: Entry) -> str:
    return f"<notes>{_note(entry)}</notes>" if entry.note else ""


def _read_xlf1(text: str) -> tuple[str, list[Entry]]:
    root = _tree(text, _XLF1)
    file = root.find(f"{{{_XLF1}}}file")
    if file is None:
        raise ContentError("this XLIFF holds no file")
    found = [
        Entry(
            unit.get("id", ""),
            _inside(unit, _XLF1, "source"),
            _inside(unit, _XLF1, "target"),
            unit.get("approved") == "yes",
            _inside(unit, _XLF1, "note"),
        )
        for unit in root.iter(f"{{{_XLF1}}}trans-unit")
    ]
    return file.get("target-language", ""), found


def _read_xlf2(text: str) -> tuple[str, list[Entry]]:
    root = _tree(text, _XLF2)
    found = []
    for unit in root.iter(f"{{{_XLF2}}}unit"):
        segments = unit.findall(f"{{{_XLF2}}}segment")
        if len(segments) != 1:
            raise ContentError(f"{unit.get('name', '')}: {len(segments)} segments; keep each text in one")
        one = segments[0]
        english, words = _inside(one, _XLF2, "source"), _inside(one, _XLF2, "target")
        note = "".join(each.text or "" for each in unit.iter(f"{{{_XLF2}}}note"))
        found.append(Entry(unit.get("name", ""), english, words, one.get("state") == "final", note))
    return root.get("trgLang", ""), found


def _tree(text: str, namespace: str) -> ElementTree.Element:
    """Entities are only ever declared in a document type, and none of ours has one: no bomb is ever expanded."""
    if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
        raise ContentError("the file declares entities; remove its DOCTYPE")
    try:
        root = ElementTree.fromstring(text.encode())  # noqa: S314 - without a document type there is nothing to expand
    except (ElementTree.ParseError, ValueError, LookupError) as broken:
        raise ContentError(f"this is no XLIFF file: {broken}") from broken
    if root.tag != f"{{{namespace}}}xliff":
        raise ContentError(f"this is no XLIFF file of {namespace}")
    return root


def _inside(element: ElementTree.Element, namespace: str, name: str) -> str:
    found = element.find(f"{{{namespace}}}{name}")
    if found is None:
        return ""
    if len(found):
        raise ContentError("a text holds markup of another program; write it as plain text")
    return found.text or ""


_WRITERS: Final[Mapping[str, Callable[[str, list[Entry]], str]]] = {
    "po": _write_po,
    "xlf1": _write_xlf1,
    "xlf2": _write_xlf2,
    "csv": _write_csv,
}
_READERS: Final[Mapping[str, Callable[[str], tuple[str, list[Entry]]]]] = {
    "po": _read_po,
    "xlf1": _read_xlf1,
    "xlf2": _read_xlf2,
    "csv": _read_csv,
}
