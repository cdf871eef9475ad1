"""The built bundle as pages use it: its files, and the integrity value of each for the page's tags (S26)."""

import json
from collections.abc import Mapping
from pathlib import Path

from starlette.staticfiles import StaticFiles

from bot.core.errors import ConfigError

DIST = Path(__file__).parent / "dist"


class Bundle:
    """Raises `ConfigError` when the bundle is missing: pages without their scripts would only look alive."""

    def __init__(self, folder: Path = DIST) -> None:
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        except OSError as error:
            raise ConfigError(
                f"the browser bundle is missing ({folder.name}/manifest.json): run `make build-web`"
            ) from error
        self._integrity: Mapping[str, str] = {name: entry["integrity"] for name, entry in manifest["files"].items()}
        self.files = StaticFiles(directory=folder)

    def integrity(self, name: str) -> str:
        return self._integrity[name]
