"""The built bundle as pages use it: its files, and the integrity value of each for the page's tags (S26)."""

import gzip
import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.core.errors import ConfigError

DIST = Path(__file__).parent / "dist"
_PACKED = (".js", ".css")


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
        self.files = _PackedFiles(folder, [name for name in self._integrity if name.endswith(_PACKED)])

    def integrity(self, name: str) -> str:
        return self._integrity[name]


class _PackedFiles(StaticFiles):
    """Scripts and styles travel compressed, a third of their size; they are public, so their size tells nothing."""

    def __init__(self, folder: Path, names: list[str]) -> None:
        super().__init__(directory=folder)
        self._folder = folder
        self._packed: dict[str, bytes | None] = dict.fromkeys(names)

    async def get_response(self, path: str, scope: Scope) -> Response:
        wanted = path in self._packed and scope["method"] == "GET"
        if not wanted or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return await super().get_response(path, scope)
        packed = self._packed[path]
        if packed is None:
            packed = self._packed[path] = gzip.compress((self._folder / path).read_bytes(), mtime=0)
        headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
        return Response(packed, media_type=mimetypes.guess_type(path)[0], headers=headers)
