"""Our pictures are small, drawn, and nothing else; whatever could run, be fetched or need translating is found."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.content.inspector import inspect
from bot.content.loader import load_content
from bot.content.model import Content
from bot.content.picture_rules import LARGEST
from tests.content.conftest import Spoil

pytestmark = pytest.mark.slow

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200">{}</svg>'


def kinds(content: Content, svg: str) -> set[str]:
    spoilt = replace(content, pictures={**content.pictures, "boys-too": svg.encode()})
    found = [f for f in inspect(spoilt) if f.where == "pictures/boys-too.svg"]
    assert all(f.remedy for f in found)
    return {f.kind for f in found}


def test_every_page_for_the_youngest_has_one_and_it_is_small(content: Content) -> None:
    young = {id for id, page in content.pages.items() if "u12" in page.texts}
    assert young | {"stories"} == content.pictures.keys()
    assert [] == [id for id, svg in content.pictures.items() if len(svg) > LARGEST]
    assert [] == [str(f) for f in inspect(content) if f.kind.startswith("picture")]


def test_no_two_pages_show_the_same(content: Content) -> None:
    assert len(content.pictures) == len(set(content.pictures.values()))


@pytest.mark.parametrize(
    "inside",
    [
        "<text>help</text>",
        "<g>help</g>",
        "<title>help</title>",
        "<script>1</script>",
        '<path d="M0 0" onload="x()"/>',
        '<image width="9" height="9" href="data:image/png;base64,x"/>',
        '<use href="#a"/>',
        '<a href="https://example.org"><path d="M0 0"/></a>',
        "<style>@import 'x';</style>",
        '<path d="M0 0" style="fill:url(x)"/>',
        '<path d="M0 0" fill="url(x.svg#a)"/>',
        '<path d="M0 0" fill="url(https://example.org/a)"/>',
        '<g transform="matrix(1 0 0 1 url(x))"/>',
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        '<animate attributeName="x"/>',
        "<svg/>",
        "<?x y?>",
    ],
)
def test_what_is_more_than_a_drawing_is_found(content: Content, inside: str) -> None:
    assert {"picture-shape"} == kinds(content, SVG.format(inside))


def test_another_size_and_a_doctype_are_found(content: Content) -> None:
    shape = '<path d="M0 0h1"/>'
    assert set() == kinds(content, SVG.format(shape))
    assert {"picture-shape"} == kinds(content, SVG.format(shape).replace("320 200", "200 200"))
    assert {"picture-shape"} == kinds(content, "<!DOCTYPE svg>" + SVG.format(shape))
    assert {"picture-shape"} == kinds(content, "<g/>")


def test_a_folder_without_pictures_loads(spoil: Spoil) -> None:
    """The words are enough to talk with; the inspector says what is missing."""
    folder = spoil("say.toml", "[", "[")
    for file in (folder / "pictures").iterdir():
        file.unlink()
    (folder / "pictures").rmdir()
    bare = load_content(Path(folder))
    assert {} == bare.pictures
    assert {""} == {screen.picture for screen in bare.screens.values()}
