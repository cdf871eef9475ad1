"""Alerts to staff through our own bot: "telegram:<chat id>" of a colleague who has written to it, or of a group."""

from bot.channels.telegram.api import Api
from bot.core.errors import Refused

SCHEME = "telegram"


def chat_of(address: str) -> int:
    """Raises `ValueError`: after "telegram:" stands a whole number, negative for a group."""
    scheme, _, chat = address.partition(":")
    if scheme != SCHEME:
        raise ValueError("not a telegram address")
    return int(chat)


class TelegramAlerts:
    def __init__(self, api: Api) -> None:
        self._api = api

    async def tell(self, address: str, title: str, body: str) -> None:
        try:
            chat = chat_of(address)
        except ValueError:
            raise Refused("a telegram address is telegram:<number>") from None
        await self._api.send(chat, f"{title}\n\n{body}")
