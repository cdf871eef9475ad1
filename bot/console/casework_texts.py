"""What the page of an open case says, in English: notes, answers, passing on, story, plan; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


WORK_TEXTS: Final[Mapping[str, str]] = {
    "alarm.note": N_("A note in this case is not signed by an officer. It is not shown."),
    "keys.note": N_("Write an internal note"),
    "reply.to-child": N_("The child reads this"),
    "keys.prepared": N_("Prepared answers"),
    "refused.prepared_first": N_("The first answer can only be made of prepared sentences."),
    "prepared.first": N_("First answer: choose from the prepared sentences. After that you can write freely."),
    "prepared.again": N_("Start again"),
    "prepared.preview": N_("How the child sees it"),
    "prepared.find": N_("Find a sentence"),
    "prepared.count": N_("Sentences: {count}"),
    "prepared.choose-one": N_("Choose a prepared sentence first."),
    "alarm.kept-away": N_("Somebody who is to be kept away from this case can read it."),
    "refused.no_consent": N_("First record that the child agrees, or that a life is in danger."),
    "refused.not_reader": N_("One of the new readers may not read this, or the list of officers has changed."),
    "pass.title": N_("Passed to others"),
    "pass.begin": N_("Pass this case to another team"),
    "pass.what": N_("What is passed"),
    "pass.way.referral": N_("Referral"),
    "pass.way.transfer": N_("Hand-over"),
    "pass.way.complaint": N_("Complaint"),
    "pass.explain.referral": N_("Referral: another team helps as well. The case stays with us."),
    "pass.explain.transfer": N_("Hand-over: the whole case goes to another team once they accept."),
    "pass.explain.complaint": N_(
        "Complaint about this helpline or a helper: another desk decides. Whoever it is about reads no more."
    ),
    "pass.to": N_("To which team"),
    "pass.choose": N_("Choose a team"),
    "pass.abroad": N_("{name} (across a border)"),
    "pass.kept-away": N_("{name} (kept away: the reporter asked for it, or a complaint names them)"),
    "pass.readers": N_("Who will read it"),
    "pass.person": N_(
        "The reporter named a person who must not see this. Read “Keep it away from” before you add anybody."
    ),
    "pass.away": N_("Who is it about? They lose this case now."),
    "pass.consent": N_("May they know?"),
    "pass.consent.given": N_("The child agreed"),
    "pass.consent.danger": N_("A life is in danger, so without asking"),
    "pass.why": N_("What they need to know"),
    "pass.hint": N_(
        "Sealed to the readers of this case, old and new. Only what they need; everything else stays behind."
    ),
    "pass.go": N_("Seal and pass on"),
    "pass.done": N_("Passed on. The reporter can see that."),
    "pass.no-way": N_("Choose what is passed."),
    "pass.no-team": N_("Choose a team."),
    "pass.no-reader": N_("Choose at least one reader."),
    "pass.about": N_("Say who or what the complaint is about."),
    "pass.by": N_("{name}, {day}"),
    "pass.progress.in_progress": N_("waiting for their answer"),
    "pass.progress.accepted": N_("accepted"),
    "pass.progress.rejected": N_("not accepted"),
    "pass.progress.done": N_("done"),
    "pass.progress.revoked": N_("taken back"),
    "pass.step.accept": N_("Accept"),
    "pass.step.reject": N_("Do not accept"),
    "pass.step.done": N_("Our part is done"),
    "pass.step.revoke": N_("Take back"),
    "pass.inbox": N_("Passed to your team"),
    "pass.inbox-row": N_("{way} from {team}: case {handle}"),
    "warn.title": N_("Look again: could this betray somebody?"),
    "warn.phone": N_("A number:"),
    "warn.link": N_("A link:"),
    "warn.time": N_("A time:"),
    "warn.place": N_("A place:"),
    "warn.name": N_("A name:"),
    "warn.again": N_("Whoever holds the phone may read this. Change it, or press again to send all the same."),
    "warn.send": N_("Send all the same"),
    "begin.who-we-are": N_("I am a helper for children. I am a person, not a machine."),
    "begin.read-it": N_("I have read what you wrote."),
    "begin.safe-now": N_("Are you safe enough to write now?"),
    "begin.no-hurry": N_("Take your time. You can write when it is safe for you."),
    "begin.not-alone": N_("You are not alone with this."),
    "begin.stop-any-time": N_("You can stop at any time. Nobody will be angry."),
    "begin.no-pictures": N_("Please do not send pictures of your body. We never need them."),
    "begin.tell-nobody": N_("We do not tell the person who hurt you that you wrote."),
    "begin.delete-this": N_("You can delete these messages when you have read them."),
    "begin.you-decide": N_("You decide what you tell me."),
    "begin.ask-first": N_("We ask you before we tell somebody else, unless your life is in danger."),
    "begin.not-sure": N_("It is fine to say: I do not know."),
    "begin.help-now": N_("If somebody hurts you now, press “I need help now”. There are numbers to call."),
    "begin.next-time": N_("I will write again. Please look here with your code."),
    "note.title": N_("Internal notes"),
    "note.only": N_("Officers only. The child never sees this."),
    "note.label": N_("New note"),
    "note.hint": N_("Sealed to the readers of this case. Notes cannot be changed or deleted."),
    "note.keep": N_("Seal the note"),
    "note.kept": N_("Note sealed. Only officers can read it."),
    "note.from-you": N_("Your note"),
    "note.long": N_("A note holds at most {count} letters. Please make it two."),
}

WORK_NOTES: Final[Mapping[str, str]] = {
    "reply.to-child": "Banner above the box for an answer, so that nobody takes it for the box for notes",
    "note.only": "Banner above the box for notes, so that nobody takes it for the box for answers",
    "note.long": "{count}: a number",
    "prepared.count": "{count}: a number",
    "pass.abroad": "{name}: a team of another country",
    "pass.by": "{name}: a colleague, {day}: a date",
    "pass.inbox-row": "{way}: referral, hand-over or complaint; {team}: a team; {handle}: short name of a case",
    "pass.kept-away": "{name}: a team or a colleague who must not read this case",
    "begin.help-now": "“I need help now” is the button button.help in the chat: use its words",
}
