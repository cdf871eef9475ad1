"""Words of a reporter on their way to be sealed: they can be carried, not printed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Private:
    """Text that must never show in a log, an error or a traceback (D11, S44).

    The only way to the words is `reveal()`, so that every reader can be found by searching for it.
    """

    _words: str

    def reveal(self) -> str:
        """Return the words; call it only to seal them, to show them to whoever wrote or addressed them, or to
        find what answers them (never kept, D18)."""
        return self._words

    def __repr__(self) -> str:
        return "Private()"

    def __str__(self) -> str:
        return ""

    def __bool__(self) -> bool:
        return bool(self._words.strip())
