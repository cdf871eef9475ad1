"""The one page of the console, its scripts and styles, and its words.  Holds no secret and needs no session."""

import json
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.console.catalog import Catalog
from bot.web import player, viewer

_TEMPLATES = Path(__file__).parent / "templates"
_KINDS = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_SERVED = ("console.js", "console.css", "vault.js", "wording.js", "voicing.js", "join.js", "icon.svg")


@dataclass(frozen=True, slots=True)
class Asset:
    """A built file.  `version`: the beginning of its hash, so that an old page never meets a new script."""

    name: str
    body: bytes
    integrity: str
    version: str


@dataclass(frozen=True, slots=True)
class House:
    """What the page says about this service.  `passkeys`: signing in needs one (DESIGN §4.4); `codes`: or a one-time code."""

    name: str
    trial: bool
    passkeys: bool
    codes: bool = False


def load_assets(dist: Path) -> dict[str, Asset]:
    """The built files of the console with the hashes of their manifest (S26)."""
    manifest = json.loads((dist / "manifest.json").read_text("utf-8"))["files"]
    return {
        name: Asset(name, (dist / name).read_bytes(), manifest[name]["integrity"], manifest[name]["sha256"][:12])
        for name in _SERVED
    }


class Pages:
    """Endpoints that anybody may ask for."""

    def __init__(self, house: House, catalog: Catalog, assets: dict[str, Asset]) -> None:
        self._house = house
        self.catalog = catalog
        self._assets = assets
        self._templates = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)

    async def page(self, request: Request) -> Response:
        """The shell; everything private arrives later, sealed."""
        return self.render(
            request,
            "console.html",
            login="passkey" if self._house.passkeys else "phrase",
            codes=self._house.codes,
            script=self.link(request, "console.js"),
            vault=self.link(request, "vault.js")["url"],
            player=request.url_for("player").path,
            viewer=request.url_for("viewer").path,
        )

    def render(self, request: Request, template: str, *, status: int = 200, **more: object) -> Response:
        """A page in the language the address asks for."""
        tag = self.catalog.language(request.query_params.get("lang"))
        shown = self._templates.get_template(template).render(
            t=self.catalog.texts(tag).__getitem__,
            lang=tag,
            direction=self.catalog.direction(tag),
            languages=self.catalog.offered(),
            name=self._house.name,
            trial=self._house.trial,
            base=request.url_for("page").path,
            style=self.link(request, "console.css"),
            icon=self.link(request, "icon.svg")["url"],
            **more,
        )
        return HTMLResponse(shown, status)

    async def asset(self, request: Request) -> Response:
        """One built file."""
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            return JSONResponse({"error": "missing"}, 404)
        return Response(asset.body, media_type=_KINDS[Path(asset.name).suffix])

    async def player(self, request: Request) -> Response:
        """The frame for sounds; the same for everybody, and empty."""
        return HTMLResponse(player.PAGE)

    async def viewer(self, request: Request) -> Response:
        """The frame for pictures; the same for everybody, and empty."""
        return HTMLResponse(viewer.PAGE)

    async def words(self, request: Request) -> Response:
        """Every text the page may need, in one language."""
        tag = self.catalog.language(request.path_params["lang"])
        return JSONResponse({"texts": self.catalog.everything(tag), "beginnings": self.catalog.beginnings()})

    def link(self, request: Request, name: str) -> dict[str, str]:
        asset = self._assets[name]
        path = request.url_for("asset", name=name).path
        return {"url": f"{path}?v={asset.version}", "integrity": asset.integrity}
