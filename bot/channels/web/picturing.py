"""Pictures of pages on the web, from our own origin."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from bot.content.picture_rules import LARGEST
from bot.content.pictures import SUFFIX

TYPE = "image/svg+xml"


class Picturing:
    """Nothing that a request names touches the disk: it is looked up among the pictures that were read at the start."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        # One length for all: else somebody who sees only the size of an answer would know which page was opened (S9).
        self._pictures = {id: svg.ljust(LARGEST, b"\n") for id, svg in pictures.items()}

    async def picture(self, request: Request) -> Response:
        """GET /pictures/ID.svg.  Not cached, as nothing on this site is: a browser's cache tells which page was read (S43)."""
        name = request.path_params["name"]
        svg = self._pictures.get(name.removesuffix(SUFFIX)) if name.endswith(SUFFIX) else None
        return Response(status_code=404) if svg is None else Response(svg, media_type=TYPE)
