"""How long a text may be on Telegram, and how it counts."""

LONGEST = 4_096
"""Characters of one message (Bot API, sendMessage)."""

CAPTION = 1_024
"""Characters below a voice message or a photo (Bot API, sendVoice and sendPhoto)."""


def units(text: str) -> int:
    """UTF-16 units, which is what Telegram counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
