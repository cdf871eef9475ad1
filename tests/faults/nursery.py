"""Starts servers quickly: loads the program once, then forks; each child is `hamrah serve` with settings of its own.

Run as `python -m tests.faults.nursery`: a line of JSON in (environment, log), a line "born PID" out, and "ended PID STATUS"
when that child has ended.  The child runs the command line from its beginning, so nothing of the start is left out but
reading the code and parsing the words that ship with it.
"""

import gc
import json
import os
import signal
import sys
from typing import Any


def main() -> None:
    from bot import cli  # everything the server needs is read now, once for all children
    from tests.plugins.once import warm

    warm()
    gc.freeze()
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(-1)
    while True:
        line = _line()
        _tell_the_ended()
        if line is None:
            continue
        if not line:
            return
        wanted = json.loads(line)
        child = os.fork()
        if child == 0:
            _serve(cli.main, wanted)
        print("born", child, flush=True)


def _line() -> str | None:
    """The next request, empty at the end, or none when a second went by without any."""
    import select

    ready, _, _ = select.select([sys.stdin], [], [], 0.02)
    return sys.stdin.readline() if ready else None


def _tell_the_ended() -> None:
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if child == 0:
            return
        print("ended", child, os.waitstatus_to_exitcode(status), flush=True)


def _serve(command: Any, wanted: dict[str, Any]) -> None:
    """Become the server: its environment, its log, its arguments; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for name in [name for name in os.environ if name.startswith("HAMRAH_")]:
        del os.environ[name]
    os.environ.update(wanted["env"])
    try:
        command(["serve"], standalone_mode=True)
    except SystemExit as end:
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)
    finally:
        os._exit(70)


if __name__ == "__main__":
    main()
