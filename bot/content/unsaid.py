"""What no text may say: promises nobody can keep, words that blame or betray (threat model S42, S56; house style)."""

from collections.abc import Iterator, Mapping

NEVER_SAID: Mapping[str, tuple[str, ...]] = {
    "en": (
        # claims about secrecy that are not true of every path
        "end-to-end", "anonymous", "nobody will ever", "nobody can ", "no one can ", "completely safe", "100 %", "100%",
        "untraceable", "guarantee", "we promise", "secure chat",
        # promises about other people
        "we will save", "will be punished", "police will come", "you will not be sent home", "never happen again",
        # orders that raise danger
        "run away now", "confront him", "confront them", "go to the police alone", "tell your parents", "send us the picture",
        # blame, and the old words
        "why did you", "you should have", "runaway", "bad company", "spoiled", "honour", "shame", "prostitut", "pornograph",
        "illegal child", "rescued girl", "victim",
    ),
    "ur": (
        "مکمل محفوظ", "سو فیصد", "کوئی نہیں جان سکتا", "گمنام", "ضمانت", "ہم وعدہ کرتے", "پولیس آ جائے گی", "بھاگ جائیں",
        "شرم", "عزت", "بدنام", "طوائف", "فحش", "غیر قانونی بچ", "آوارہ",
    ),
}  # fmt: skip

NEUTRAL_TEXTS = frozenset(
    {
        "left.neutral", "say.group", "web.title", "profile.short", "profile.about",
        "command.start", "command.help", "command.leave", "command.language", "command.mail",
    }
)  # fmt: skip
"""Texts that somebody else may see: lists of chats, notices, browser history, what stays after leaving."""

_GIVES_AWAY: Mapping[str, tuple[str, ...]] = {
    "en": (
        "help",
        "report",
        "police",
        "officer",
        "case",
        "child",
        "danger",
        "traffick",
        "abuse",
        "secret",
        "safe",
        "protect",
    ),
    "ur": ("مدد", "رپورٹ", "پولیس", "افسر", "بچ", "خطر", "ٹریفک", "ظلم", "خفیہ", "محفوظ", "حفاظت", "شکایت"),
}


def gives_away(lang: str, text: str) -> Iterator[str]:
    """The words in `text` that would betray what this service is."""
    plain = text.casefold()
    return (word for word in _GIVES_AWAY.get(lang, ()) if word in plain)
