"""The one place that reads the wall clock; everybody else is told the time."""

import time


def now() -> int:
    """Epoch seconds UTC."""
    return int(time.time())
