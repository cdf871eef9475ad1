"""Where `hamrah` begins.

Reading some 1,400 modules makes many objects and almost no waste: a fifth of the time went into looking for it.
So the collector waits until everything is read, and then leaves what was read alone for good.
"""

import gc
import sys


def main() -> None:
    gc.disable()
    if sys.argv[1:] == ["notifier"]:
        from bot.cli_notifier import alone as hamrah
    else:
        from bot.cli import main as hamrah

    gc.freeze()
    gc.enable()
    hamrah()


if __name__ == "__main__":
    main()
