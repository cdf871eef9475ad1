"""What the translators' desk says, in English; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


WORDING_TEXTS: Final[Mapping[str, str]] = {
    "wording.title": N_("Wording"),
    "wording.lead": N_("Correct a sentence and have it approved. Children read it within seconds."),
    "wording.of": N_("Language to work on"),
    "wording.which": N_("Texts"),
    "wording.find": N_("Search"),
    "wording.go": N_("Show"),
    "wording.count": N_("Texts: {count}"),
    "wording.show.all": N_("All"),
    "wording.show.missing": N_("Not translated yet"),
    "wording.show.unreviewed": N_("Not approved yet"),
    "wording.show.approved": N_("Approved, not published"),
    "wording.show.stale": N_("The English changed"),
    "wording.show.critical": N_("About safety"),
    "wording.show.silent": N_("Without a recording"),
    "wording.show.failing": N_("With a mistake"),
    "wording.state.missing": N_("missing"),
    "wording.state.draft": N_("draft"),
    "wording.state.reviewed": N_("approved"),
    "wording.state.published": N_("published"),
    "wording.state.withdrawn": N_("taken back"),
    "wording.stale": N_("out of date"),
    "wording.critical": N_("safety"),
    "wording.earlier": N_("Earlier texts"),
    "wording.more": N_("More texts"),
    "wording.list": N_("Back to the list"),
    "wording.previous": N_("Previous text"),
    "wording.next": N_("Next text"),
    "wording.english": N_("English"),
    "wording.changed": N_("What changed in the English"),
    "wording.note": N_("Note for translators"),
    "wording.yours": N_("Translation"),
    "wording.fits": N_("{count} of {most} characters"),
    "wording.chips": N_("Keep these names exactly as they are. Press one to put it in."),
    "wording.save": N_("Save draft"),
    "wording.save-next": N_("Save, then next"),
    "wording.approve": N_("Approve"),
    "wording.publish": N_("Publish"),
    "wording.withdraw": N_("Take back"),
    "wording.revert": N_("Go back to these words"),
    "wording.preview": N_("How it looks"),
    "wording.preview.telegram": N_("In Telegram"),
    "wording.preview.web": N_("On the web page"),
    "wording.preview.notice": N_("As a notification"),
    "wording.suggest": N_("Suggestions"),
    "wording.use": N_("Use these words"),
    "wording.alike": N_("{score} % alike"),
    "wording.history": N_("History"),
    "wording.keys": N_(
        "Keys: Ctrl+Enter saves and goes on. Alt+Page Up and Alt+Page Down go to the text before and after. "
        "Alt+Shift+C copies the English."
    ),
    "wording.files": N_("Files"),
    "wording.files-lead": N_(
        "For other programs. A file is taken over whole or not at all, and its words become drafts."
    ),
    "wording.get": N_("Download"),
    "wording.kind": N_("Kind of file"),
    "wording.file": N_("File"),
    "wording.content": N_("Content of the file"),
    "wording.look": N_("Show what it would change"),
    "wording.take": N_("Take it over"),
    "wording.changes": N_("Texts it changes: {count}"),
    "wording.refused": N_("Refused: {count}. Nothing is taken over until these are right."),
    "wording.unread": N_("The file could not be read:"),
    "wording.fault.unknown": N_("There is no such text."),
    "wording.fault.english": N_("It was made from other English."),
    "wording.done.take": N_("Taken over as drafts."),
    "wording.done.save": N_("Saved."),
    "wording.done.save-next": N_("Saved. This is the next text."),
    "wording.done.approve": N_("Approved. Now it can be published."),
    "wording.done.publish": N_("Published. Everybody reads it within seconds."),
    "wording.done.withdraw": N_("Taken back. The words of the release count again."),
    "wording.done.revert": N_("The older words are back."),
    "wording.no.overtaken": N_(
        "Somebody else changed this text meanwhile. See the history below; your words are still here."
    ),
    "wording.no.second": N_("These words keep children safe, and you wrote them. Somebody else must approve them."),
    "wording.no.stale": N_("The English changed. Save words for the new English first."),
    "wording.no.order": N_("This step is not possible now. Load the page again."),
    "wording.no.faulty": N_("Not done. Please correct what is marked below."),
    "wording.no.same": N_("Nothing was changed."),
    "wording.fault.empty": N_("There are no words yet."),
    "wording.fault.lost": N_("These names are missing:"),
    "wording.fault.strange": N_("Nobody fills these names in:"),
    "wording.fault.brace": N_("A brace stands alone."),
    "wording.fault.number": N_("The numbers differ from the English:"),
    "wording.fault.long": N_("Too long for its place:"),
    "wording.fault.direction": N_("It holds marks of direction that turn other words around. Remove them."),
    "wording.fault.unsaid": N_("We never say this:"),
    "wording.fault.gives-away": N_("Others may see this text. This word gives the child away:"),
    "wording.fault.script": N_("No letter is of this language's script. Is it the right language?"),
    "wording.fault.punctuation": N_("This language has signs of its own for:"),
    "wording.fault.question": N_("Only one of the two is a question."),
}

WORDING_NOTES: Final[Mapping[str, str]] = {
    "wording.title": "Heading of the page where translators correct what the helpline says",
    "wording.count": "{count}: a number",
    "wording.changes": "{count}: a number",
    "wording.refused": "{count}: a number",
    "wording.fits": "{count}, {most}: numbers; how long the text is and may be",
    "wording.alike": "{score}: a number; how much another English sentence is like this one",
    "wording.state.reviewed": "A second person agreed with the words; readers do not see them yet",
    "wording.no.second": "Shown to a translator who tries to approve words of their own",
    "wording.fault.number": "The numbers that should be there follow",
}
