"""Files for other programs: what goes out comes back the same, and what is broken or hostile is refused with its reason."""

from typing import Any

import pytest
from translate.storage import csvl10n, pypo, xliff, xliff2

from bot.console.texts import SOURCES
from bot.content.model import Content
from bot.core.errors import ContentError
from bot.wording.catalog import DOMAINS, po_file, read_catalog
from bot.wording.exchange import FORMATS, LARGEST, Entry, read, write
from bot.wording.registry import load_registry, locales_folder

ENTRIES = [
    Entry("greet", "Hello", "سلام", True),
    Entry("odd", 'Say "a, b" & <c>\nnext', "\u2066=1+1\u2069\n'x\t\\n", False, "A <note> & more"),
    Entry("sum", "Sum", "=cmd|' /C calc'!A0", False),
    Entry("quoted", "Q", "'=x", True),
    Entry("empty", "Nothing yet", "", False),
]
XLF1 = '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">'
XLF2 = '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="ur">'
UNIT1 = '<trans-unit id="a"><source>A</source><target>ب</target></trans-unit>'
UNIT2 = '<unit id="u1" name="a"><segment><source>A</source><target>ب</target></segment></unit>'
FILE1 = XLF1 + '<file original="x" target-language="{lang}"><body>{units}</body></file></xliff>'
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
PO = 'msgid ""\nmsgstr "Language: {lang}\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n{rest}'
ONE = 'msgctxt "a"\nmsgid "A"\nmsgstr "ب"\n\n'
HEAD = "id,source,target,fuzzy\r\n"


@pytest.mark.parametrize("kind", FORMATS)
def test_what_goes_out_comes_back_the_same(kind: str) -> None:
    file = write(kind, "ur", ENTRIES)
    back = read(kind, "ur", file.encode())

    assert [(e.id, e.english, e.words) for e in ENTRIES] == [(e.id, e.english, e.words) for e in back]
    assert file == write(kind, "ur", back)
    assert [e.approved for e in ENTRIES if e.words] == [e.approved for e in back if e.words]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("lang", [tag for tag in load_registry().languages if tag != "en"])
def test_every_shipped_catalog_survives_the_round_trip_byte_for_byte(content: Content, lang: str, kind: str) -> None:
    """What children read, and the officers' console where it is translated."""
    everything = {**content.texts, **SOURCES}
    catalog = read_catalog(locales_folder(), lang, everything)
    entries = [
        Entry(id, source.en, catalog.texts.get(id, ""), id in catalog.reviewed)
        for id, source in everything.items()
        if id in content.texts or id in catalog.texts
    ]
    file = write(kind, lang, entries)

    assert file == write(kind, lang, read(kind, lang, file.encode()))


FAMILIES: Any = {"po": pypo.pofile, "xlf1": xliff.Xliff1File, "xlf2": xliff2.Xliff2File, "csv": csvl10n.csvfile}
"""What Weblate reads each of our formats with."""


@pytest.mark.parametrize("kind", FORMATS)
def test_weblates_own_library_reads_every_text_and_writes_it_back_the_same(content: Content, kind: str) -> None:
    catalog = read_catalog(locales_folder(), "ur", content.texts)
    entries = [
        Entry(id, source.en, catalog.texts.get(id, ""), n % 3 == 0, source.note)
        for n, (id, source) in enumerate(content.texts.items())
    ]
    store = FAMILIES[kind].parsestring(write(kind, "ur", entries).encode())
    units = [unit for unit in store.units if unit.istranslatable() and not unit.isheader()]

    assert [(e.english, e.words) for e in entries if e.words] == [
        (cell(u.source), cell(u.target)) for u in units if u.target
    ]
    if kind != "xlf2":  # XLIFF 2.0 has "translated" and "final", and the library takes neither for fuzzy
        assert [e.approved for e in entries if e.words] == [not u.isfuzzy() for u in units if u.target]

    units[0].target = "بدلا ہوا"  # a translator changes one text there
    back = read(kind, "ur", bytes(store))
    assert ("بدلا ہوا", entries[0].id) == (back[0].words, back[0].id)
    assert [(e.id, e.english, e.words) for e in entries[1:]] == [(e.id, e.english, e.words) for e in back[1:]]


@pytest.mark.parametrize("lang", [tag for tag in load_registry().languages if tag != "en"])
@pytest.mark.parametrize("domain", DOMAINS)
def test_weblates_own_library_changes_no_byte_of_our_catalogs(lang: str, domain: str) -> None:
    file = po_file(locales_folder(), lang, domain)
    if file.is_file():
        assert file.read_bytes() == bytes(FAMILIES["po"].parsestring(file.read_bytes()))


def cell(text: str) -> str:
    """Without the apostrophe that keeps a table program from running a cell."""
    return text[1:] if text.startswith("'") and text[1:2] in tuple("=+-@'") else text


@pytest.mark.parametrize("approved", ["yes", "no"])
def test_a_csv_file_of_an_earlier_export_still_comes_in(approved: str) -> None:
    [one] = read("csv", "ur", f"id,english,translation,approved\r\na,A,ب,{approved}\r\n".encode())

    assert Entry("a", "A", "ب", approved == "yes") == one


@pytest.mark.promise("S35")
def test_no_cell_is_a_formula() -> None:
    rows = write("csv", "ur", ENTRIES).splitlines()
    assert not any(cell.lstrip('"').startswith(("=", "+", "-", "@")) for row in rows for cell in row.split(","))


BROKEN: list[tuple[str, str, str | bytes, str]] = [
    ("po", "wrong encoding", "msgid ك".encode("utf-16"), "UTF-8"),
    ("po", "latin-1", "msgid é".encode("latin-1"), "UTF-8"),
    ("po", "nul", b"msgid \0", "UTF-8"),
    ("po", "huge", b"#" * (LARGEST + 1), "at most"),
    ("po", "empty", "", "no PO"),
    ("po", "a picture", "\x89PNG no", "no PO"),
    ("po", "a page", "<html></html>", "no PO"),
    ("po", "unclosed", 'msgid "a\nmsgstr b', "no texts"),
    ("po", "garbage inside", PO.format(lang="ur", rest=ONE + "gibberish here\n"), "no PO"),
    ("po", "only a header", PO.format(lang="ur", rest=""), "no texts"),
    ("po", "another language", PO.format(lang="sd", rest=ONE), "is in sd"),
    ("po", "twice", PO.format(lang="ur", rest=ONE + ONE), "twice"),
    ("po", "no id", PO.format(lang="ur", rest='msgid "A"\nmsgstr "ب"\n'), "no id"),
    ("csv", "empty", "", "first line"),
    ("csv", "other columns", "a,b\r\n", "first line"),
    ("csv", "columns swapped", "id,translation,english,approved\r\n", "first line"),
    ("csv", "semicolons", "id;english;translation;approved\r\n", "first line"),
    ("csv", "no rows", HEAD, "no texts"),
    ("csv", "short row", HEAD + "a,A\r\n", "row 2"),
    ("csv", "long row", HEAD + "a,A,b,yes,more\r\n", "row 2"),
    ("csv", "maybe", HEAD + "a,A,b,maybe\r\n", "row 2"),
    ("csv", "twice", HEAD + "a,A,b,yes\r\na,A,c,yes\r\n", "twice"),
    ("csv", "no id", HEAD + ",A,b,yes\r\n", "no id"),
    ("csv", "unclosed", HEAD + 'a,"A,b,yes\r\n', "no CSV"),
    ("csv", "endless cell", HEAD + f"a,{'A' * 200_000},b,yes\r\n", "no CSV"),
    ("csv", "utf-16", HEAD.encode("utf-16"), "UTF-8"),
    ("csv", "nul", (HEAD + "a,A,\0,yes\r\n").encode(), "UTF-8"),
    ("csv", "too many", HEAD + "".join(f"t{n},A,b,no\r\n" for n in range(20_001)), "at most 20000"),
    ("xlf1", "empty", "", "no XLIFF"),
    ("xlf1", "not closed", XLF1, "no XLIFF"),
    ("xlf1", "other words", "hello", "no XLIFF"),
    ("xlf1", "version 2", XLF2 + "</xliff>", "no XLIFF"),
    ("xlf1", "no namespace", "<xliff></xliff>", "no XLIFF"),
    ("xlf1", "bomb", BOMB + FILE1.format(lang="ur", units=UNIT1), "DOCTYPE"),
    ("xlf1", "outside file", '<!doctype x SYSTEM "file:///etc/passwd">' + XLF1, "DOCTYPE"),
    ("xlf1", "unknown entity", FILE1.format(lang="ur", units=UNIT1.replace("ب", "&x;")), "no XLIFF"),
    ("xlf1", "no file", XLF1 + "</xliff>", "holds no file"),
    ("xlf1", "no units", FILE1.format(lang="ur", units=""), "no texts"),
    ("xlf1", "another language", FILE1.format(lang="ps", units=UNIT1), "is in ps"),
    ("xlf1", "twice", FILE1.format(lang="ur", units=UNIT1 * 2), "twice"),
    ("xlf1", "no id", FILE1.format(lang="ur", units=UNIT1.replace(' id="a"', "")), "no id"),
    ("xlf1", "markup", FILE1.format(lang="ur", units=UNIT1.replace("ب", '<g id="1">ب</g>')), "markup"),
    ("xlf1", "control sign", FILE1.format(lang="ur", units=UNIT1.replace("ب", "\x01")), "no XLIFF"),
    ("xlf1", "half", FILE1.format(lang="ur", units=UNIT1)[:-20], "no XLIFF"),
    ("xlf2", "empty", "", "no XLIFF"),
    ("xlf2", "version 1", FILE1.format(lang="ur", units=UNIT1), "no XLIFF"),
    ("xlf2", "bomb", BOMB + XLF2 + UNIT2 + "</xliff>", "DOCTYPE"),
    ("xlf2", "entity in capitals", XLF2 + "<!ENTITY a 'b'></xliff>", "DOCTYPE"),
    ("xlf2", "two segments", XLF2 + UNIT2.replace("</unit>", "<segment/></unit>") + "</xliff>", "2 segments"),
    ("xlf2", "no segment", XLF2 + '<unit id="u" name="a"/></xliff>', "0 segments"),
    ("xlf2", "another language", XLF2.replace('"ur"', '"hi"') + UNIT2 + "</xliff>", "is in hi"),
    ("xlf2", "twice", XLF2 + UNIT2 * 2 + "</xliff>", "twice"),
    ("xlf2", "no name", XLF2 + UNIT2.replace(' name="a"', "") + "</xliff>", "no id"),
    ("xlf2", "markup", XLF2 + UNIT2.replace("ب", '<pc id="1">ب</pc>') + "</xliff>", "markup"),
    ("xlf2", "no units", XLF2 + "</xliff>", "no texts"),
    ("xlf2", "half a letter", XLF2.encode() + b"\xd8\x00", "UTF-8"),
    ("xlf2", "latin-1 said", '<?xml version="1.0" encoding="latin-1"?>' + XLF2, "no XLIFF"),
    ("xlf2", "unknown encoding", '<?xml version="1.0" encoding="klingon"?>' + XLF2 + "</xliff>", "no XLIFF"),
    ("xlf2", "deep", XLF2 + "<a>" * 5_000, "no XLIFF"),
    ("xlf2", "huge", b" " * (LARGEST + 1), "at most"),
    ("po", "of fifty megabytes", b"#" * (50 * 1024 * 1024), "at most"),
    ("po", "utf-32", ("msgid " + ONE).encode("utf-32"), "UTF-8"),
    (
        "po",
        "only obsolete texts",
        PO.format(lang="ur", rest="#~ " + ONE.strip().replace("\n", "\n#~ ") + "\n"),
        "no texts",
    ),
    ("po", "a language with a country", PO.format(lang="sd_PK", rest=ONE), "is in sd_PK"),
    ("po", "text after the quotes", PO.format(lang="ur", rest='msgctxt "a" x\nmsgid "A"\nmsgstr "ب"\n'), "no PO"),
    (
        "po",
        "too many",
        PO.format(lang="ur", rest="".join(ONE.replace('"a"', f'"t{n}"') for n in range(20_001))),
        "at most 20000",
    ),
    ("csv", "of fifty megabytes", b"a" * (50 * 1024 * 1024), "at most"),
    ("csv", "tabs", HEAD.replace(",", "\t"), "first line"),
    ("csv", "a line more before", "hamrah\r\n" + HEAD + "a,A,b,yes\r\n", "first line"),
    ("csv", "utf-16 with a mark", "\ufeff".encode("utf-16-le") + HEAD.encode("utf-16-le"), "UTF-8"),
    ("csv", "a formula for an answer", HEAD + "a,A,b,=1+1\r\n", "row 2"),
    ("xlf1", "an entity from outside", '<!DOCTYPE x [<!ENTITY a SYSTEM "http://x.example/">]>' + XLF1, "DOCTYPE"),
    ("xlf1", "a parameter entity", '<!DOCTYPE x [<!ENTITY % p "y"> %p;]>' + XLF1, "DOCTYPE"),
    ("xlf1", "two roots", FILE1.format(lang="ur", units=UNIT1) * 2, "no XLIFF"),
    ("xlf1", "swapped languages", FILE1.format(lang="en", units=UNIT1), "is in en"),
    ("xlf2", "swapped languages", XLF2.replace('"ur"', '"en"') + UNIT2 + "</xliff>", "is in en"),
    ("xlf2", "a processing instruction for a document type", XLF2 + "<!DOCTYPE y></xliff>", "DOCTYPE"),
    ("xlf2", "an attribute twice", XLF2 + UNIT2.replace(' name="a"', ' name="a" name="b"') + "</xliff>", "no XLIFF"),
]


def test_the_corpus_is_as_large_as_was_promised() -> None:
    assert 60 <= len({(kind, name) for kind, name, *_ in BROKEN})


@pytest.mark.parametrize(
    ("kind", "content", "why"), [(k, c, w) for k, _, c, w in BROKEN], ids=[f"{k}-{n}" for k, n, *_ in BROKEN]
)
def test_a_broken_file_is_refused_with_its_reason(kind: str, content: str | bytes, why: str) -> None:
    with pytest.raises(ContentError, match=why):
        read(kind, "ur", content.encode() if isinstance(content, str) else content)
