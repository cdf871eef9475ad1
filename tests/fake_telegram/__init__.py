"""Our own strict Bot API server for tests, with scripted children; see server.py and child.py."""

from tests.fake_telegram.child import Child
from tests.fake_telegram.server import FakeTelegram
from tests.fake_telegram.trouble import AcceptThenDrop, Flood, HalfAnswer, Late, Redirect, Reset, Status
from tests.fake_telegram.world import TOKEN, Clock

__all__ = [
    "TOKEN",
    "AcceptThenDrop",
    "Child",
    "Clock",
    "FakeTelegram",
    "Flood",
    "HalfAnswer",
    "Late",
    "Redirect",
    "Reset",
    "Status",
]
