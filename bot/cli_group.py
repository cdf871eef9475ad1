"""How every command says what went wrong: one readable line, and an exit status."""

import errno
import sys
from typing import Any

import click

from bot.core.errors import ConfigError, HelplineError
from bot.unforeseen import Guarded


class Group(Guarded):
    """Turns our errors into one readable message: 2 for a wrong setting, 1 for everything else."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HelplineError as error:
            click.echo(str(error) or type(error).__doc__ or type(error).__name__, err=True)
            sys.exit(2 if isinstance(error, ConfigError) else 1)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            click.echo(
                f"{where}{error.strerror or type(error).__name__}{_REMEDIES.get(error.errno or 0, '')}", err=True
            )
            sys.exit(1)


_REMEDIES = {
    errno.ENOSPC: ": free some room, then run this again; nothing was left half done",
    errno.EDQUOT: ": free some room, then run this again; nothing was left half done",
    errno.EROFS: ": the disk is mounted read-only; mount it anew, or choose another folder",
    errno.EACCES: ": run this as the user that the service runs as, or give that user the file",
    errno.EPERM: ": run this as the user that the service runs as, or give that user the file",
}
