"""The one command that is a program of its own: it holds a key that nobody else may, so it loads nothing that it does not need.

`bot.__main__` comes here at once for `hamrah notifier`; with other options the whole command line does the same.
"""

import click

from bot import logs
from bot.cli_group import Group
from bot.clock import now
from bot.notifier_end import notify
from bot.private_memory import keep_memory_private
from bot.running import run
from bot.settings import load_settings


@click.group(cls=Group)
def alone() -> None:
    """A helpline that children and their communities talk to in a chat, in their own language."""


@alone.command()
def notifier() -> None:
    """Tell chats that asked for it that there is an answer: a process of its own, which alone can find them again."""
    settings = load_settings()
    logs.set_up(settings.log_level)
    keep_memory_private()
    run(notify(settings, now))
