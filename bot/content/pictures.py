"""Pictures for the youngest: a file each, `pictures/<page id>.svg`, drawn for this program.

Shape only: what may stand in a picture, and which page lacks one, is the inspector's question (`picture_rules`).
"""

from collections.abc import Collection
from importlib.resources.abc import Traversable

from bot.content.model import Page
from bot.core.screens import YOUNGEST

SUFFIX = ".svg"

COVER = "stories"
"""The one picture on the cover of every story."""


def read_pictures(home: Traversable) -> dict[str, bytes]:
    """Return id → SVG; none where the folder is missing, for the words are enough."""
    folder = home.joinpath("pictures")
    if not folder.is_dir():
        return {}
    files = sorted((file for file in folder.iterdir() if file.name.endswith(SUFFIX)), key=lambda file: file.name)
    return {file.name.removesuffix(SUFFIX): file.read_bytes() for file in files}


def shown_on(page: Page, pictures: Collection[str]) -> str:
    """The picture of a page; "" where there is none, or no words for those who would see it."""
    return page.id if page.id in pictures and YOUNGEST in page.texts else ""
