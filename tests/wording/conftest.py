"""A small set of texts with a locales folder of its own, and the real wording, loaded once."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.content.loader import load_content
from bot.content.model import Content
from bot.wording.load import load_wording
from bot.wording.registry import locales_folder
from bot.wording.render import Wording


@dataclass(frozen=True)
class Words:
    """A text source of this suite; the content has its own, of the same shape."""

    en: str
    critical: bool = False
    limit: int | None = None
    note: str = ""
    where: str = "say.toml:1"
    domain: str = "chat"


Write = Callable[[str, str], Path]


@pytest.fixture
def sources() -> dict[str, Words]:
    return {
        "greet": Words("Hello"),
        "call": Words("Call {phone} in {place}", critical=True),
        "age": Words("Over 18", critical=True),
        "press": Words("Press", limit=10),
        "reason": Words("Danger now", domain="console"),
    }


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    """A folder with our registry and no catalog yet."""
    registry = (locales_folder() / "languages.toml").read_text(encoding="utf-8")
    (tmp_path / "languages.toml").write_text(registry, encoding="utf-8")
    return tmp_path


@pytest.fixture
def write(locales: Path) -> Write:
    """Write entries of a catalog as they would stand in the file."""

    def written(lang: str, entries: str, domain: str = "chat") -> Path:
        file = locales / lang / "LC_MESSAGES" / f"{domain}.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        file.write_text(header + entries, encoding="utf-8")
        return file

    return written


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content()


@pytest.fixture(scope="session")
def wording(content: Content) -> Wording:
    return load_wording(content.texts, content.place_names)
