"""The channel's names for uploaded recordings: one for each bot and content, on both databases."""

from storage import Database, clips

ONE, OTHER = b"1" * 32, b"2" * 32


async def test_a_name_is_kept_for_one_bot_and_one_content(database: Database) -> None:
    await database.write(lambda c: clips.keep(c, "tg:1", ONE, "first"))

    assert "first" == await database.read(lambda c: clips.find(c, "tg:1", ONE))
    assert await database.read(lambda c: clips.find(c, "tg:1", OTHER)) is None
    assert await database.read(lambda c: clips.find(c, "tg:2", ONE)) is None


async def test_a_newer_name_replaces_the_older_and_can_be_dropped(database: Database) -> None:
    for name in ("first", "second"):
        await database.write(lambda c, name=name: clips.keep(c, "tg:1", ONE, name))  # type: ignore[misc]
    assert "second" == await database.read(lambda c: clips.find(c, "tg:1", ONE))

    await database.write(lambda c: clips.drop(c, "tg:1", ONE))
    assert await database.read(lambda c: clips.find(c, "tg:1", ONE)) is None
