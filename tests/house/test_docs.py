"""The manual leads somewhere: every relative link of a page has its target."""

import re

from tests.house.tree import ROOT, project_texts

LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def test_every_link_inside_the_project_has_its_target() -> None:
    dead = [
        f"{page}: {link}"
        for page, text in project_texts()
        if page.suffix == ".md"
        for link in LINK.findall(text)
        if "://" not in link and not (ROOT / page.parent / link).exists()
    ]
    assert dead == []
