"""Scenes of a story as people write them, and as they stand in its file.

    == missed
    It is late, and the last bus has left.
    [girl]
    It is late. A woman sits down beside you.
    > tea: Talk, but stay where people are -> offer

A scene begins with `==` and its id; its words are for anybody, those after `[girl]` or `[boy]` for them.  Each `>` is a
button: key, what stands on it, and the scene it leads to.  A scene without buttons is an end.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from bot.content.stories import VERSIONS

Scenes = Sequence[Mapping[str, Any]]
"""As TOML has them: id, text by version, `end`, and choices of key, label and goto."""

SHAPE: Final = """== begin
What happens first, to you.
> go: Go along with it -> warning
> wait: Wait and ask somebody -> safe

== warning
What you notice then. There is still a way back.
> back: Turn back -> safe
> on: Go on -> late

== late
What it leads to, without any detail of harm. It is not your fault, and help is still there.

== safe
What was wise, and who can help next time.
"""
"""What a new story begins with: a danger sign, two ways on, and ends that leave hope."""

_HEAD = re.compile(r"==\s*([a-z0-9][a-z0-9-]*)\s*")
_VERSION = re.compile(r"\[(girl|boy)\]\s*")
_CHOICE = re.compile(r">\s*([a-z0-9][a-z0-9-]*)\s*:\s*(.+?)\s*->\s*([a-z0-9!][a-z0-9:-]*)\s*")


def scenes_text(scenes: Scenes) -> str:
    """As people write them."""
    return "\n\n".join("\n".join(_scene_lines(scene)) for scene in scenes) + "\n" if scenes else ""


def scenes_of(text: str) -> list[dict[str, Any]]:
    """What people wrote.  Raises `ValueError` in one line that names the scene."""
    found: list[dict[str, Any]] = []
    for head, lines in _split(text):
        scene = _scene(head, lines)
        if any(scene["id"] == other["id"] for other in found):
            raise ValueError(f"== {scene['id']}: stands twice; call one otherwise")
        found.append(scene)
    return found


def scenes_toml(scenes: Scenes, quoted: Callable[[str], str], long: Callable[[str], str]) -> Iterator[str]:
    """The lines of `[[scene]]` tables."""
    for scene in scenes:
        yield from ("", "[[scene]]", f"id = {quoted(scene['id'])}")
        if scene.get("end"):
            yield "end = true"
        yield from (f"text.{v} = {long(scene['text'][v])}" for v in _ORDER if scene["text"].get(v))
        for choice in scene.get("choice", ()):
            yield from ("", "[[scene.choice]]")
            yield from (f"{key} = {quoted(choice[key])}" for key in ("key", "label", "goto"))


_ORDER: Final = tuple(sorted(VERSIONS, key=lambda version: version != "any"))


def _scene_lines(scene: Mapping[str, Any]) -> Iterator[str]:
    yield f"== {scene['id']}"
    for version in _ORDER:
        if words := scene["text"].get(version):
            yield from ([] if version == "any" else [f"[{version}]"])
            yield str(words).strip()
    yield from (f"> {one['key']}: {one['label']} -> {one['goto']}" for one in scene.get("choice", ()))


def _split(text: str) -> Iterator[tuple[str, list[str]]]:
    head, lines = "", list[str]()
    for line in text.splitlines():
        if line.startswith("=="):
            if head:
                yield head, lines
            found = _HEAD.fullmatch(line)
            if found is None:
                raise ValueError(f'"{line}": a scene begins with == and a name of small letters, digits and hyphens')
            head, lines = found[1], []
        elif head:
            lines.append(line.rstrip())
        elif line.strip():
            raise ValueError(f'"{line[:40]}" stands before the first scene; begin with: == name')
    if head:
        yield head, lines


def _scene(id: str, lines: Sequence[str]) -> dict[str, Any]:
    words: dict[str, list[str]] = {"any": []}
    choices, version = [], "any"
    for line in lines:
        if found := _VERSION.fullmatch(line):
            version = found[1]
            words[version] = []
        elif line.startswith(">"):
            choice = _CHOICE.fullmatch(line)
            if choice is None:
                raise ValueError(f'== {id}: "{line[:60]}" must read like: > key: What stands on the button -> scene')
            choices.append(dict(zip(("key", "label", "goto"), choice.groups(), strict=True)))
        elif choices and line.strip():
            raise ValueError(f'== {id}: "{line[:40]}" stands after the buttons; words come before them')
        else:
            words[version].append(line)
    text = {version: "\n".join(told).strip() for version, told in words.items()}
    return {
        "id": id,
        "text": {v: t for v, t in text.items() if t},
        **({"choice": choices} if choices else {"end": True}),
    }
