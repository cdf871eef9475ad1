"""Decision stories: a file each, turned into screens, so that every channel can play them with the buttons it has.

A story stands three times among the screens: for a girl, for a boy, for anybody.  Who plays which is in the screen's name
only, and gone with it.
"""

from bot.content.model import Scene, Story
from bot.content.screens import Screens, listed_on, read_choices
from bot.content.tables import Table
from bot.content.text_book import BUTTON_LIMIT, TextBook
from bot.core.choices import Choice
from bot.core.effects import Text
from bot.core.flow import Screen

VERSIONS = ("girl", "boy", "any")
SCENE_LIMIT = 700
"""Characters of a scene: read in half a minute, and spoken in less than one."""


def read_story(table: Table, book: TextBook) -> Story:
    """Read one file of `stories/`; its scenes become screens when all screens are known."""
    id, note = table.text("id"), table.text("note")
    title = book.add(
        f"story.{id}.title", table.text("title"), at=table, note=f"Title of a story. {note}", limit=BUTTON_LIMIT
    )
    readers, checked, sources = table.texts("readers"), table.text("checked"), table.texts("sources")
    on = table.texts("on")
    scenes = tuple(_read_scene(id, entry, book, note) for entry in table.tables("scene"))
    table.close()
    if not scenes:
        raise table.wrong("a story without scenes", "add [[scene]]")
    return Story(id, title, scenes, readers, checked, sources, on)


def story_screens(story: Story, screens: Screens, picture: str = "") -> dict[str, Screen]:
    """The cover, on which a version is chosen, and every scene of every version."""
    cover, back = f"story:{story.id}", listed_on(f"story:{story.id}", screens)
    first = story.scenes[0].id
    versions = tuple(Choice(v, f"button.story-{v}", f"{cover}:{v}:{first}") for v in VERSIONS)
    choices = (*versions, Choice("back", "button.back", back))
    made = Screen(cover, {"": story.title}, choices, more=(Text("story.cover"),), title=story.title, picture=picture)
    played = [_played(story, scene, version, back) for version in VERSIONS for scene in story.scenes]
    return {made.id: made} | {screen.id: screen for screen in played}


def _read_scene(story: str, entry: Table, book: TextBook, note: str) -> Scene:
    id, end = entry.text("id"), entry.flag("end")
    given = entry.table("text")
    texts = {}
    for version in reversed(VERSIONS):
        if version in given:
            place = f"story.{story}.{id}" if version == "any" else f"story.{story}.{id}.{version}"
            told = {"any": "", "girl": "The girl's version. ", "boy": "The boy's version. "}[version]
            full = f"A scene of a story, in the second person. {told}{note}"
            texts[version] = book.add(place, given.text(version), at=entry, note=full, limit=SCENE_LIMIT)
    given.close()
    if "any" not in texts:
        raise entry.wrong("a scene needs a version for anybody", 'add text.any = "..."')
    choices = read_choices(entry, book, f"story.{story}.{id}")
    entry.close()
    if end == bool(choices):
        raise entry.wrong("a scene has choices, or it is an end", "remove one of the two")
    return Scene(id, texts, choices, end)


def _played(story: Story, scene: Scene, version: str, back: str) -> Screen:
    here = f"story:{story.id}:{version}"
    own = {s.id for s in story.scenes}
    choices = [Choice(c.key, c.label, f"{here}:{c.goto}" if c.goto in own else c.goto) for c in scene.choices]
    if scene.end:
        choices += [
            Choice("then-tell", "button.tell", "!tell"),
            Choice("then-again", "button.again", f"story:{story.id}"),
            Choice("then-others", "button.other-stories", back),
        ]
    else:
        before = next((s.id for s in story.scenes if any(c.goto == scene.id for c in s.choices)), "")
        choices += [
            Choice("then-back", "button.back", f"{here}:{before}" if before else f"story:{story.id}"),
            Choice("then-stop", "button.stop-story", back),
        ]
    more = (Text("story.always"),) if scene.end else ()
    texts = {"": scene.texts.get(version) or scene.texts["any"]}
    rated = f"story:{story.id}" if scene.end else ""  # which version was played is nobody's business
    return Screen(f"{here}:{scene.id}", texts, tuple(choices), more=more, rated=rated)
