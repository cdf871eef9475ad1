"""What Telegram's answer means, sorted by what we do next (reliability R7, R8).

Its description is compared, never repeated: it may quote what was sent.
https://core.telegram.org/bots/api#making-requests
"""

import json
from collections.abc import Mapping
from typing import Any

from bot.core.errors import ChannelError, Gone, Refused, RetryAfter, Unclear


class TokenRejected(ChannelError):
    """Telegram does not know the bot token (401, 404): the operator must act."""


class PollingConflict(ChannelError):
    """Somebody else already collects the updates: polling stops and says so (R25)."""


class Stale(Refused):
    """Nothing left to do: the query is too old, or the message is already as wanted, or is already gone."""


class Undeletable(Refused):
    """Telegram keeps this message: it is older than 48 h or not ours to delete."""


class FileTooBig(Refused):
    """A bot may not fetch this file: it has more than 20 MB."""


_GONE = (
    "chat not found",
    "user is deactivated",
    "bot was blocked",
    "bot was kicked",
    "peer_id_invalid",
    "input_user_deactivated",
    "group chat was upgraded",
    "user not found",
)
_STALE = (
    "query is too old",
    "query id is invalid",
    "message is not modified",
    "message to delete not found",
    "message to edit not found",
    "message identifier is not specified",
)
_KEPT = ("message can't be deleted", "message can't be edited")
_LONGEST_WAIT_S = 3600


def result_of(status: int, body: bytes) -> Any:
    """Return `result` of a good answer; raise the error of `bot.core.errors` that tells what to do."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise _without_words(status)
    if status == 200 and answer.get("ok") is True and "result" in answer:
        return answer["result"]
    raise _refusal(status, answer)


def _refusal(status: int, answer: Mapping[str, Any]) -> ChannelError:
    description = str(answer.get("description", "")).lower()
    parameters = answer.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    if "migrate_to_chat_id" in parameters:
        return Gone("the chat moved")
    match status:
        case 429:
            return RetryAfter(_wait_s(parameters.get("retry_after")))
        case 403:
            return Gone("blocked, kicked or deactivated")
        case 401 | 404:
            return TokenRejected(
                f"Telegram does not know this bot token (status {status}): was it revoked? "
                "Get a new one from BotFather, set HAMRAH_TELEGRAM_TOKEN, start again"
            )
        case 409:
            return PollingConflict(_who_collects(description))
        case 400:
            return _bad_request(description)
    return _without_words(status)


def _bad_request(description: str) -> ChannelError:
    if any(words in description for words in _GONE):
        return Gone("no such chat")
    if any(words in description for words in _STALE):
        return Stale("too late, or done already")
    if any(words in description for words in _KEPT):
        return Undeletable("out of reach")
    if "file is too big" in description:
        return FileTooBig("too big to fetch")
    return Refused("status 400")


def _without_words(status: int) -> ChannelError:
    if 300 <= status < 500 and status not in (408, 429):
        return Refused(f"status {status}")
    if status == 429:
        return RetryAfter(_wait_s(None))
    return Unclear(f"status {status}")


def _wait_s(asked: object) -> float:
    """Seconds to wait: as asked, in bounds; 1 when nothing sensible was asked."""
    if isinstance(asked, int | float) and not isinstance(asked, bool) and asked > 0:
        return float(min(asked, _LONGEST_WAIT_S))
    return 1.0


def _who_collects(description: str) -> str:
    if "webhook" in description:
        return "a webhook is set for this bot: remove it, or set TELEGRAM_MODE=webhook"
    return "another process polls with this bot token: stop it first"
