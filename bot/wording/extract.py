"""From the texts of the content to PO files, and back into step when the English has changed.

polib writes every file (Babel's writer invents headers and can drop flags); nothing of the machine or the day gets in,
so that the same content gives the same bytes.
"""

from pathlib import Path

import polib

from bot.core.words import placeholders
from bot.wording.catalog import Sources, po_file
from bot.wording.registry import Language

_UNWRAPPED = 100_000
"""Files are not wrapped: a changed word shows as one changed line."""


def template(sources: Sources, domain: str) -> polib.POFile:
    """Return the template of a domain: msgctxt = id, msgid = English, a translator's note above each entry."""
    po = polib.POFile(wrapwidth=_UNWRAPPED, check_for_duplicates=True)
    po.metadata = _header("")
    for id, source in sources.items():
        if source.domain != domain:
            continue
        po.append(
            polib.POEntry(
                msgctxt=id,
                msgid=source.en,
                comment=_comment(source.note, source.limit, source.critical),
                occurrences=[(source.where.split(":")[0], "")],
                flags=["python-brace-format"] if placeholders(source.en) else [],
            )
        )
    return po


def merged(old: polib.POFile, fresh: polib.POFile, language: Language) -> polib.POFile:
    """Return `fresh` with the translations of `old`.

    A text whose English changed keeps its translation, is fuzzy, and shows the English it was made from.  Entries that
    other hands keep in the same file (no id of ours) stay, at the end; texts that are gone become obsolete.
    """
    known = {entry.msgctxt: entry for entry in old if not entry.obsolete}
    po = polib.POFile(wrapwidth=_UNWRAPPED)
    po.metadata = _header(language.tag) | {"Plural-Forms": language.plural}
    for entry in fresh:
        before = known.pop(entry.msgctxt, None)
        if before is not None and before.msgstr:
            _carry(before, entry)
        po.append(entry)
    for entry in old:
        if entry.obsolete or entry.msgctxt in known:
            entry.obsolete = entry.obsolete or bool(entry.msgctxt)
            po.append(entry)
    return po


def write_templates(sources: Sources, folder: Path, domains: tuple[str, ...] = ("chat",)) -> tuple[Path, ...]:
    """Write `hamrah-<domain>.pot` for each domain and return the files."""
    files = []
    for domain in domains:
        file = folder / f"hamrah-{domain}.pot"
        template(sources, domain).save(str(file))
        files.append(file)
    return tuple(files)


def write_catalog(sources: Sources, folder: Path, language: Language, domain: str) -> Path:
    """Bring one language's PO file into step with the texts and return it."""
    file = po_file(folder, language.tag, domain)
    old = polib.pofile(str(file), encoding="utf-8") if file.is_file() else polib.POFile()
    file.parent.mkdir(parents=True, exist_ok=True)
    merged(old, template(sources, domain), language).save(str(file))
    return file


def _carry(before: polib.POEntry, entry: polib.POEntry) -> None:
    entry.msgstr, entry.tcomment = before.msgstr, before.tcomment
    if before.msgid != entry.msgid:
        entry.previous_msgid = before.previous_msgid or before.msgid
    elif before.previous_msgid:
        entry.previous_msgid = before.previous_msgid
    if before.fuzzy or before.msgid != entry.msgid:
        entry.flags = ["fuzzy", *entry.flags]


def _header(language: str) -> dict[str, str]:
    return {
        "Project-Id-Version": "hamrah",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }


def _comment(note: str, limit: int | None, critical: bool) -> str:
    rules = [f"max-length:{limit}"] if limit else []
    rules += ["Critical: a second person reviews it."] if critical else []
    return "\n".join(filter(None, [note, *rules]))
