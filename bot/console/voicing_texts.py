"""What the page of a text's recording says, in English; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


VOICING_TEXTS: Final[Mapping[str, str]] = {
    "voicing.title": N_("Recording"),
    "voicing.open": N_("Recording of this text"),
    "voicing.back": N_("Back to the text"),
    "voicing.read": N_("Read this aloud"),
    "voicing.how": N_("Calmly, as to a child of seven. A quiet room, the phone a hand away. No name, nothing else."),
    "voicing.public": N_(
        "Everybody can hear a published recording, and its versions are kept. Read only if that is fine for you."
    ),
    "voicing.borrowed": N_("This language has no words here yet; readers see these."),
    "voicing.heard": N_("Children hear"),
    "voicing.heard-none": N_("No recording of these words yet."),
    "voicing.new": N_("New recording"),
    "voicing.record": N_("Record"),
    "voicing.stop": N_("Stop"),
    "voicing.recording": N_("Recording: {count} s"),
    "voicing.choose": N_("Or choose a sound file"),
    "voicing.listen": N_("Listen first, then save"),
    "voicing.level": N_("Level: {count} dB, length: {seconds} s"),
    "voicing.save": N_("Save as draft"),
    "voicing.script": N_("Recording needs a script; listening and approving work without."),
    "voicing.no-microphone": N_("The microphone cannot be used. Allow it for this page, or choose a file."),
    "voicing.no-encoder": N_("This browser cannot make OGG/Opus. Choose a file in that form, or use another browser."),
    "voicing.unheard": N_("This file holds no sound that the browser can play."),
    "voicing.approve": N_("It says these words: approve"),
    "voicing.publish": N_("Publish"),
    "voicing.withdraw": N_("Take back"),
    "voicing.revert": N_("Go back to this recording"),
    "voicing.stale": N_("of other words"),
    "voicing.seconds": N_("{count} s"),
    "voicing.history": N_("Recordings so far"),
    "voicing.state.draft": N_("draft"),
    "voicing.state.reviewed": N_("approved"),
    "voicing.state.published": N_("published"),
    "voicing.state.withdrawn": N_("taken back"),
    "voicing.done.save": N_("Saved as a draft. Somebody approves it next."),
    "voicing.done.approve": N_("Approved. It can be published now."),
    "voicing.done.publish": N_("Published. Children hear it within seconds."),
    "voicing.done.withdraw": N_("Taken back."),
    "voicing.done.revert": N_("The older recording is back."),
    "voicing.no.overtaken": N_("The words or the recording changed meanwhile. Look again."),
    "voicing.no.second": N_("This text is about safety: somebody else than whoever recorded it approves it."),
    "voicing.no.stale": N_("The words changed since it was recorded. Record the new words."),
    "voicing.no.order": N_("That step is not possible now."),
    "voicing.no.same": N_("That is this very recording."),
    "voicing.no.gaps": N_("This text has names or numbers filled in later, so nobody can read it aloud beforehand."),
    "voicing.no.large": N_("The file is too large: 256 KiB at most."),
    "voicing.no.no-voice": N_("This is no OGG/Opus recording from beginning to end."),
    "voicing.no.long": N_("Too long: 90 seconds at most. Twenty are better."),
    "voicing.no.short": N_("Too short for these words. Was it stopped too early?"),
    "voicing.no.silent": N_("Nothing can be heard."),
    "voicing.no.quiet": N_("Too quiet. Come nearer to the microphone."),
    "voicing.no.loud": N_("Too loud, it is distorted. Go further from the microphone."),
}
