"""What live words and live content cost: loading many languages, taking a published change over, and the memory they hold."""

import gc
import tracemalloc
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.figures import Figure, at_most, middle
from bot.content.editing import released
from bot.content.entries import HELPLINE
from bot.content.living import Set, Shown, build
from bot.content.loader import load_content
from bot.content.model import TextSource
from bot.wording.catalog import po_file
from bot.wording.exchange import Entry, write
from bot.wording.live import LiveWording
from bot.wording.load import read_catalogs
from bot.wording.registry import Language, Registry, load_registry
from bot.wording.voices import NO_VOICES, Clip, LiveVoices

LANGUAGES = 20
TEXTS = 2_000
CHANGES = 100
_WORDS = "یہ ایک جملہ ہے جو بچے پڑھتے ہیں، نمبر {code} کے ساتھ، اور یہ آسان ہے۔"


@dataclass(frozen=True)
class Row:
    """A published change."""

    lang: str
    text: str
    words: str
    english: str


def measure(rounds: int) -> list[Figure]:
    """Load: PO files of 20 languages of 2,000 texts each, from disk to words that can be said.  Reload: 100 changes more."""
    registry, sources = _many(load_registry()), _sources()
    with TemporaryDirectory() as name:
        folder = Path(name)
        _write(folder, registry, sources)

        def load() -> LiveWording:
            return LiveWording(registry, sources, read_catalogs(registry, sources, folder), {})

        loads, reloads = [], []
        for _ in range(rounds):
            began = perf_counter()
            live = load()
            loads.append(perf_counter() - began)
            changed = [Row("l1", id, f"{_WORDS}!", source.en) for id, source in list(sources.items())[:CHANGES]]
            began = perf_counter()
            assert () == live.take(changed)
            reloads.append(perf_counter() - began)
            assert live.wording.texts["l1"]["text.1"].endswith("!")
        gc.collect()
        tracemalloc.start()
        live = load()
        gc.collect()
        memory = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    return [
        Figure("wording load, 20 languages of 2,000 texts", middle(loads), "s", at_most(5)),
        Figure("wording reload, 100 published changes", middle(reloads) * 1e3, "ms", at_most(500)),
        Figure("wording memory, 20 languages of 2,000 texts", memory / 2**20, "MiB", at_most(64)),
        _recordings(rounds, live),
        _content(rounds),
    ]


def _recordings(rounds: int, live: LiveWording) -> Figure:
    """Every text of every language was read aloud, and one more recording is published."""
    texts = live.wording.texts
    recorded = {
        lang: {id: (words, Clip(id, Path(f"{lang}-{id}.ogg"), trial=False)) for id, words in said.items()}
        for lang, said in texts.items()
    }
    took = []
    for _ in range(rounds):
        voices = LiveVoices(NO_VOICES, texts, dict.fromkeys(texts, ("en",)))
        began = perf_counter()
        voices.take(recorded)
        took.append(perf_counter() - began)
        assert voices.now.find("l1", "text.1") is not None
    return Figure("recordings reload, 20 languages of 2,000 texts", middle(took) * 1e3, "ms", at_most(500))


def _content(rounds: int) -> Figure:
    content = load_content()
    police = {**released(HELPLINE)["pk-police"], "note": "Read again."}
    took = []
    for _ in range(rounds):
        began = perf_counter()
        _, refused = build([Shown("helpline", "pk-police", police)], (), Set(content))
        took.append(perf_counter() - began)
        assert () == refused
    return Figure("content reload, inspected whole", middle(took) * 1e3, "ms", at_most(1_000))


def _many(real: Registry) -> Registry:
    """The real languages' shape, twenty times beside English."""
    pattern: Language = real.languages["ur"]
    languages = {"en": real.languages["en"]}
    languages |= {f"l{n}": replace(pattern, tag=f"l{n}", fallback=("en",)) for n in range(LANGUAGES)}
    return replace(real, languages=languages)


def _sources() -> dict[str, TextSource]:
    english = "This is a sentence that children read, with the number {code}, and it is easy."
    return {f"text.{n}": TextSource(f"{english} {'x' * (n % 7)}", "", None, n % 3 == 0, "bench") for n in range(TEXTS)}


def _write(folder: Path, registry: Registry, sources: dict[str, TextSource]) -> None:
    for tag in registry.languages:
        if tag != "en":
            entries = [Entry(id, one.en, _WORDS + "…" * (n % 40), True) for n, (id, one) in enumerate(sources.items())]
            file = po_file(folder, tag, "chat")
            file.parent.mkdir(parents=True)
            file.write_text(write("po", tag, entries), "utf-8")
