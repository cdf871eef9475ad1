"""Alerts to staff by e-mail, SMS gateways, ntfy, Matrix and a hundred others: whatever `apprise` has a scheme for.

Loaded when the first such address is used: a service without one needs none of it.  https://github.com/caronc/apprise/wiki
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.core.errors import ChannelError


class Notifier(Protocol):
    """What we use of `apprise.Apprise`."""

    def add(self, servers: str) -> bool: ...

    def async_notify(self, body: str, title: str) -> Awaitable[object]: ...


def new_notifier() -> Notifier:
    from apprise import Apprise

    return Apprise()


class AppriseAlerts:
    """`make`: a fresh notifier for each message, so that addresses and passwords are not kept by a library."""

    def __init__(self, make: Callable[[], Notifier] = new_notifier) -> None:
        self._make = make

    async def tell(self, address: str, title: str, body: str) -> None:
        notifier = self._make()
        if not notifier.add(address):
            raise ChannelError("apprise does not know this kind of address")
        if not await notifier.async_notify(body=body, title=title):
            raise ChannelError("not delivered")  # apprise says no more


def understood(address: str, make: Callable[[], Notifier] = new_notifier) -> bool:
    """Whether `apprise` knows what to do with an address; nothing is sent."""
    return bool(make().add(address))
