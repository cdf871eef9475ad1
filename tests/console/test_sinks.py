"""Text reaches a page as text: the ways around that do not stand in the source (S29)."""

import re
from pathlib import Path

import pytest

from tests.console.hostile import corpus

SOURCES = Path(__file__).parents[2] / "bot" / "web" / "src"
TEMPLATES = Path(__file__).parents[2] / "bot" / "console" / "templates"
SINKS = re.compile(
    r"\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\bsrcdoc\b|setHTML"
    r"|\beval\(|new Function|setTimeout\(\s*[\"'`]|setAttribute\(\s*[\"'](?:on|style)|javascript:|createHTML|createScript\b"
)


@pytest.mark.promise("S29")
@pytest.mark.parametrize("path", sorted(SOURCES.rglob("*.ts")), ids=lambda path: path.name)
def test_no_script_writes_html(path: Path) -> None:
    assert [] == SINKS.findall(path.read_text("utf-8"))


@pytest.mark.promise("S24")
@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_page_of_the_console_holds_script_or_style_of_its_own(path: Path) -> None:
    page = path.read_text("utf-8")

    assert [] == re.findall(r"\son\w+=|\sstyle=|<style|<script(?! src)|\|\s*safe", page)


@pytest.mark.promise("S29")
def test_the_corpus_is_large_enough() -> None:
    assert len(corpus()) >= 500
