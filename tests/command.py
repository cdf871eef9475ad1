"""`hamrah` as a host types it, in this process: everything but the start of Python, which costs a second each time."""

import asyncio
from collections.abc import Mapping

from click.testing import CliRunner, Result

from bot.cli import main


async def hamrah(*words: str, env: Mapping[str, str] | None = None) -> Result:
    """In a thread of its own: a command has its own event loop."""
    return await asyncio.to_thread(CliRunner().invoke, main, words, env=env)
