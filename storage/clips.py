"""The channel's names for recordings and pictures that a bot has uploaded, by their content."""

from sqlalchemy import Connection, delete, select

from storage.schema import clip_files
from storage.statements import Insertion, Upsert, run


def _newer(statement: Upsert) -> Upsert:
    return statement.on_conflict_do_update(index_elements=["bot", "clip"], set_={"file_id": statement.excluded.file_id})


KEEP = Insertion(clip_files, _newer)


def find(conn: Connection, bot: str, clip: bytes) -> str | None:
    found = select(clip_files.c.file_id).where(clip_files.c.bot == bot, clip_files.c.clip == clip)
    return conn.execute(found).scalar_one_or_none()


def keep(conn: Connection, bot: str, clip: bytes, file_id: str) -> None:
    run(conn, KEEP, {"bot": bot, "clip": clip, "file_id": file_id})


def drop(conn: Connection, bot: str, clip: bytes) -> None:
    """The channel no longer knows it."""
    conn.execute(delete(clip_files).where(clip_files.c.bot == bot, clip_files.c.clip == clip))
