"""Named places where a test build can be made to die, fail or wait (F1-F26); elsewhere they do nothing.

`arm` is called by whoever starts the process and refuses outside test builds, so no setting can hurt a real deployment.
"""

import errno
import os
import signal
import time
from collections.abc import Mapping

from bot.core.errors import HelplineError

_armed: dict[str, tuple[str, int]] = {}


class Injected(HelplineError):
    """A test asked for this failure."""


def arm(environment: Mapping[str, str]) -> None:
    """Read `HAMRAH_FAILPOINTS`, such as `F7=kill,F8=delay:0.5,F5=raise@3`; `@3` acts at the third visit only.

    Actions: kill (SIGKILL), raise (`Injected`), eio (an `OSError` as of a broken disk), full (a full one), delay:seconds.
    """
    _armed.clear()
    if environment.get("HAMRAH_TEST_BUILD") != "1":
        return
    for entry in filter(None, environment.get("HAMRAH_FAILPOINTS", "").split(",")):
        point, _, rest = entry.partition("=")
        action, _, visit = rest.partition("@")
        _armed[point] = (action, int(visit or 0))


def reach(point: str) -> None:
    """Pass the place called `point`."""
    if _armed:
        _pass(point)


def _pass(point: str) -> None:
    action, visit = _armed.get(point, ("", 0))
    if visit > 1:
        _armed[point] = (action, visit - 1)
    elif action:
        if visit == 1:
            del _armed[point]
        _act(point, action)


def _act(point: str, action: str) -> None:
    name, _, argument = action.partition(":")
    match name:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise Injected(f"failpoint {point}")
        case "eio":
            raise OSError(errno.EIO, f"failpoint {point}")
        case "full":
            raise OSError(errno.ENOSPC, f"failpoint {point}")
        case "delay":
            time.sleep(float(argument))
        case _:
            raise ValueError(f"unknown action at failpoint {point}")
