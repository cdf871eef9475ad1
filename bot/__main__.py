"""Where `hamrah` begins.

Reading some 1,400 modules makes many objects and almost no waste: a fifth of the time went into looking for it.
So the collector waits until everything is read, and then leaves what was read alone for good.
"""

import gc


def main() -> None:
    gc.disable()
    from bot.cli import main as hamrah

    gc.freeze()
    gc.enable()
    hamrah()


if __name__ == "__main__":
    main()
