"""What may be told of a count: small numbers can point at somebody, so they are told as "fewer than" (RD4C).

Totals are not told beside their parts, for the difference would be a small number again.
"""

FEWEST = 5
"""The smallest count that is told as it is."""


def told(n: int) -> int | str:
    """Return `n`, or that it is below `FEWEST`."""
    return n if n >= FEWEST else f"<{FEWEST}"
