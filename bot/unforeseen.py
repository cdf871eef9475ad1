"""What a command says of a fault that nobody foresaw: a random number and its kind, never its message (S58, S7).

The message of such a fault may hold what a statement was given, and a traceback its lines.
"""

import secrets
import sys
from typing import Any

import click
import structlog

from bot.core.errors import HelplineError

_log = structlog.get_logger()
_FORESEEN = (HelplineError, OSError, click.ClickException, click.exceptions.Exit, click.Abort)
"""They have words of their own."""


class Guarded(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except _FORESEEN:
            raise
        except Exception as error:
            number = secrets.token_hex(4)
            _log.error("unforeseen", id=number, kind=type(error).__name__)
            click.echo(f"something went wrong that should not: number {number}", err=True)
            sys.exit(1)
