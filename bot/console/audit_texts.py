"""Texts of the page on which supervisors and auditors see who did what; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


AUDIT_TEXTS: Final[Mapping[str, str]] = {
    "audit.title": N_("Who did what"),
    "audit.lead": N_("Each entry stands as it was written. It names no child, and no words of a report."),
    "audit.head": N_("{size} entries are fixed by a signed head of {when}."),
    "audit.no-head": N_("No head was signed yet. One is signed each hour."),
    "audit.check": N_("Check the whole log"),
    "audit.sound": N_("Checked: {size} entries, nothing taken out, changed, moved or cut."),
    "audit.ended": N_("The first {ended} of them have ended after two years, as the log itself signed."),
    "audit.wrong": N_("The log is not as it was signed. Tell the people who hold the root key now."),
    "audit.wrong.gap": N_("An entry is missing at place {at}."),
    "audit.wrong.changed": N_("The entries before place {at} are not those that were signed."),
    "audit.wrong.cut": N_("{at} entries were signed, but the log is shorter."),
    "audit.wrong.unsigned": N_("A head was not signed by this log (length {at})."),
    "audit.wrong.fork": N_("Two signed heads of length {at} differ."),
    "audit.wrong.late": N_("No head was signed for more than two hours (length {at})."),
    "audit.place": N_("Place"),
    "audit.when": N_("Hour (UTC)"),
    "audit.who": N_("Who"),
    "audit.act": N_("What was done"),
    "audit.case": N_("Case"),
    "audit.no-key": N_("somebody without a reader's key"),
    "audit.older": N_("Older entries"),
    "audit.newest": N_("Newest entries"),
    "audit.act.sign_in": N_("signed in"),
    "audit.act.sign_out": N_("signed out"),
    "audit.act.unlock": N_("unlocked the key"),
    "audit.act.covers": N_("read a list of reports"),
    "audit.act.open": N_("opened a case"),
    "audit.act.claim": N_("took a case"),
    "audit.act.take_over": N_("took a case over from a colleague"),
    "audit.act.release": N_("gave a case back to the list"),
    "audit.act.reply": N_("answered the reporter"),
    "audit.act.pass_on": N_("marked a case as given to another service"),
    "audit.act.close": N_("closed a case"),
    "audit.act.reopen": N_("opened a closed case again"),
    "audit.act.go_on": N_("went on although the report was taken back"),
    "audit.act.note": N_("wrote a note"),
    "audit.act.match": N_("looked for the same matter"),
    "audit.act.audit": N_("read this page"),
    "audit.act.invited": N_("invited somebody"),
    "audit.act.joined": N_("became an officer"),
    "audit.act.recovery_asked": N_("a case was taken out to be recovered"),
    "audit.act.recovered": N_("a case was opened again with the recovery key"),
    "audit.act.admission_asked": N_("asked that a colleague may read older cases"),
    "audit.act.admission_read": N_("read a case to decide whether a colleague may"),
    "audit.act.admitted": N_("let a colleague read an older case"),
    "audit.act.device_lost": N_("ended the passkeys of a lost device"),
    "audit.act.left": N_("left; keys and access were destroyed"),
    "audit.act.key_renewed": N_("made a new key"),
    "audit.act.rewrap": N_("sealed a case to the own new key"),
    "audit.act.key_destroyed": N_("destroyed the old keys"),
}

AUDIT_NOTES: Final[Mapping[str, str]] = {
    "audit.head": "{size}: a number; {when}: a day and an hour",
    "audit.sound": "{size}: a number",
    **{f"audit.wrong.{what}": "{at}: a number" for what in ("gap", "changed", "cut", "unsigned", "fork", "late")},
}
