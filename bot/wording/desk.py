"""What a translator's desk and the command line ask of the catalogs: how much is there, what is wrong, bring into step."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polib

from bot.core.errors import ContentError
from bot.wording.catalog import DOMAINS, Catalog, Sources, count, po_file, read_catalog, refuse_wrong
from bot.wording.extract import write_catalog, write_templates
from bot.wording.registry import Language, Registry
from bot.wording.voices import TRIAL_SUFFIX, audio_of, clip_files, id_of

SOURCE_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one language is in one domain, in texts.

    `recorded`: texts that a person reads aloud; `trial`: those that only a computer does, so far.
    """

    lang: str
    domain: str
    total: int
    drafted: int
    reviewed: int
    stale: int
    missing: int
    recorded: int
    trial: int
    offered: bool


def standings(sources: Sources, registry: Registry, folder: Path) -> tuple[Standing, ...]:
    """Return one row for each language and domain.  English is its own source, so complete; its review is the text's."""
    rows = []
    for tag in registry.languages:
        catalog = _whole(sources) if tag == SOURCE_LANGUAGE else read_catalog(folder, tag, sources)
        recorded, trial = _voices(folder, tag)
        for domain in DOMAINS:
            has = count(catalog, sources, domain)
            here = {id for id, source in sources.items() if source.domain == domain}
            rows.append(
                Standing(
                    lang=tag,
                    domain=domain,
                    total=has.total,
                    drafted=has.drafted,
                    reviewed=has.reviewed,
                    stale=has.stale,
                    missing=has.missing,
                    recorded=len(here & recorded),
                    trial=len(here & trial - recorded),
                    offered=tag in registry.offered,
                )
            )
    return tuple(rows)


def faults(sources: Sources, registry: Registry, folder: Path) -> tuple[str, ...]:
    """Return a line for every entry of every catalog that breaks a rule, where loading stops at the first."""
    found = []
    for tag in registry.languages:
        for domain in DOMAINS:
            found += _faults_of(po_file(folder, tag, domain), tag, sources)
    return tuple(found)


def offered_texts(
    sources: Sources, registry: Registry, folder: Path, tags: tuple[str, ...] = ()
) -> dict[str, Mapping[str, str]]:
    """Return language → own texts of the languages offered (or `tags`), for the inspector of the content."""
    wanted = (tag for tag in tags or registry.offered if tag != SOURCE_LANGUAGE)
    return {tag: read_catalog(folder, tag, sources).texts for tag in wanted}


def bring_into_step(sources: Sources, registry: Registry, folder: Path) -> tuple[Path, ...]:
    """Write the templates, and every catalog that exists, anew from the texts; return what was written."""
    written = list(write_templates(sources, folder, DOMAINS))
    for tag, language in registry.languages.items():
        for domain in DOMAINS:
            if po_file(folder, tag, domain).is_file():
                written.append(write_catalog(sources, folder, language, domain))
    return tuple(written)


def import_catalog(file: Path, sources: Sources, language: Language, domain: str, folder: Path) -> Path:
    """Take a translator's PO file in place of ours, after checking every entry of it.

    Raises `ContentError` with all faults, one a line, and then changes nothing.
    """
    found = _faults_of(file, language.tag, sources)
    if found:
        raise ContentError("\n".join(found))
    ours = po_file(folder, language.tag, domain)
    ours.parent.mkdir(parents=True, exist_ok=True)
    ours.write_bytes(file.read_bytes())
    return write_catalog(sources, folder, language, domain)


def _faults_of(file: Path, tag: str, sources: Sources) -> list[str]:
    if not file.is_file():
        return []
    try:
        entries = polib.pofile(str(file), encoding="utf-8")
    except (OSError, UnicodeDecodeError) as broken:
        return [f"{tag}/{file.name}: {broken}; repair or restore the file"]
    found = []
    for entry in entries:
        if entry.obsolete or not entry.msgstr.strip():
            continue
        where, id = f"{tag}/{file.name}:{entry.linenum}", entry.msgctxt or ""
        try:
            refuse_wrong(where, id, entry.msgid, entry.msgstr)
        except ContentError as wrong:
            found.append(str(wrong))
        limit = sources[id].limit if id in sources else None
        if limit and len(entry.msgstr) > limit:
            found.append(f"{where}: {id}: {len(entry.msgstr)} characters; say it in {limit}")
    return found


def _whole(sources: Sources) -> Catalog:
    ids = frozenset(sources)
    return Catalog(SOURCE_LANGUAGE, {id: source.en for id, source in sources.items()}, ids, frozenset(), frozenset())


def _voices(folder: Path, tag: str) -> tuple[set[str], set[str]]:
    """Texts with a person's recording, and texts with a trial one, by the names of the files."""
    recorded: set[str] = set()
    trial: set[str] = set()
    for file in clip_files(audio_of(folder, tag)):
        (trial if file.name.endswith(TRIAL_SUFFIX) else recorded).add(id_of(file))
    return recorded, trial
