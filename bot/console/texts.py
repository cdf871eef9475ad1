"""Every text the console itself owns: id → English.  The words of questions and reasons come from the content.

A text is one literal, with parameters in braces; translations stand in `locales/<lang>/LC_MESSAGES/console.po`
under `console.` and the same id.  `NOTES` tells translators what an English text alone does not.
"""

from collections.abc import Mapping
from typing import Final

from bot.console.abuse_texts import ABUSE_NOTES, ABUSE_TEXTS
from bot.console.alert_texts import ALERT_NOTES, ALERT_TEXTS
from bot.console.audit_texts import AUDIT_NOTES, AUDIT_TEXTS
from bot.console.casework_texts import WORK_NOTES, WORK_TEXTS
from bot.console.live_texts import LIVE_NOTES, LIVE_TEXTS
from bot.console.narrow_texts import NARROW_NOTES, NARROW_TEXTS
from bot.console.one_time_texts import ONE_TIME_NOTES, ONE_TIME_TEXTS
from bot.console.people_texts import PEOPLE_NOTES, PEOPLE_TEXTS
from bot.console.picture_texts import PICTURE_NOTES, PICTURE_TEXTS
from bot.console.room_texts import ROOM_NOTES, ROOM_TEXTS
from bot.console.snooze_texts import SNOOZE_NOTES, SNOOZE_TEXTS
from bot.console.teams_texts import TEAMS_TEXTS
from bot.console.voicing_texts import VOICING_TEXTS
from bot.console.wording_texts import WORDING_NOTES, WORDING_TEXTS
from bot.content.model import CONSOLE, TextSource

PREFIX: Final = "console."


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


TEXTS: Final[Mapping[str, str]] = {
    # the page around everything
    "page.title": N_("Console"),
    "page.skip": N_("Skip to the content"),
    "page.trial": N_("This is a trial. Nothing here is real, and nobody is on duty."),
    "page.noscript": N_("This page opens sealed reports in your browser. It needs JavaScript."),
    "page.language": N_("Language"),
    "page.broken": N_("The connection failed. What you wrote is still here. Try again."),
    "page.offline": N_("No connection. The list may be out of date."),
    "page.unforeseen": N_(
        "Something went wrong on our side. If it stays so, tell your administrator this number: {id}"
    ),
    "page.slow": N_("Please wait a moment and try again."),
    "page.too-old": N_("This browser cannot open sealed reports. Please use a newer one."),
    # signing in
    "in.title": N_("Sign in"),
    "in.lead": N_("Reports are opened on this device only. The server cannot read them."),
    "in.name": N_("Sign-in name"),
    "in.words": N_("Pass phrase"),
    "in.words-hint": N_("The words you were given, with spaces between them."),
    "in.show": N_("Show the words"),
    "in.go": N_("Sign in"),
    "in.passkey": N_("Sign in with a passkey"),
    "in.register": N_("Register a passkey"),
    "in.first": N_("First time here"),
    "in.first-hint": N_("Enter name and pass phrase below; the browser then makes a passkey for this device."),
    "in.working": N_("Unlocking. This takes a few seconds."),
    "in.wrong": N_("The name or the pass phrase is not right."),
    "in.passkey-failed": N_("The passkey was not accepted."),
    "in.over": N_("You were signed out. Please sign in again."),
    "in.cookie": N_("The browser did not keep the session. On a plain http address, use Chromium or Firefox."),
    # the vault: the part of the page that holds the officer's key
    "lock.title": N_("Locked"),
    "lock.lead": N_("Your key was removed from memory. Enter your pass phrase to go on."),
    "lock.go": N_("Unlock"),
    "lock.now": N_("Lock"),
    "lock.out": N_("Sign out"),
    "lock.in": N_("Locks in {minutes} min"),
    "lock.opened": N_("Opened this minute: {count} of {most}"),
    "lock.slow": N_("Many were opened in one minute. It goes on in a moment by itself."),
    "lock.pace": N_(
        "Your key was asked for more than anybody reads in a minute, so it was locked. "
        "If that was not you, tell your administrator now."
    ),
    # the queue
    "queue.title": N_("Queue"),
    "queue.views": N_("Lists"),
    "queue.view.todo": N_("To do"),
    "queue.view.urgent": N_("Urgent"),
    "queue.view.overdue": N_("Late"),
    "queue.view.mine": N_("Mine"),
    "queue.view.unassigned": N_("Nobody yet"),
    "queue.view.closed": N_("Closed"),
    "queue.view.feedback": N_("Feedback"),
    "queue.view.sheet": N_("Yearly sheet"),
    "queue.empty": N_("Nothing here."),
    "queue.more": N_("Show more"),
    "queue.refresh": N_("Refresh"),
    "queue.shown": N_("Reports shown: {count}"),
    "queue.sealed": N_("Sealed to other readers"),
    "queue.damaged": N_("The cover could not be opened"),
    "queue.no-key": N_("This role does not read reports."),
    "queue.wrote": N_("wrote again"),
    "queue.stop": N_("taken back by the reporter"),
    "queue.overruled": N_("taken back, a life is in danger"),
    "queue.held": N_("with {name}"),
    "queue.mine": N_("with you"),
    "queue.nobody": N_("nobody yet"),
    "queue.age": N_("age {band}"),
    "queue.age-unknown": N_("age not told"),
    "queue.place-unknown": N_("place not told"),
    "queue.no-reason": N_("no urgent sign was told"),
    "queue.late": N_("late by {time}"),
    "queue.left": N_("answer in {time}"),
    "queue.more-than": N_("more than {count}"),
    "queue.about": N_("about {hour}"),
    # urgency: the word beside the shape
    "urgency.U0": N_("Now"),
    "urgency.U1": N_("Today"),
    "urgency.U2": N_("Soon"),
    "urgency.U3": N_("Normal"),
    "urgency.U4": N_("Info"),
    # status
    "status.new": N_("New"),
    "status.opened": N_("Opened"),
    "status.in_work": N_("In work"),
    "status.passed_on": N_("Passed on"),
    "status.answered": N_("Answered"),
    "status.closed": N_("Closed"),
    # words about the service: neither urgent nor a report
    "status.feedback.new": N_("New"),
    "status.feedback.opened": N_("Opened"),
    "status.feedback.passed_on": N_("For the yearly sheet"),
    "status.feedback.closed": N_("Not for the yearly sheet"),
    "ask.concern.feedback": N_("Feedback about this helpline"),
    "ask.concern.proposal": N_("What grown-ups should change"),
    "ask.feedback.title": N_("Feedback about this helpline"),
    "ask.proposal.title": N_("What grown-ups should change"),
    "ask.about.title": N_("About"),
    "ask.about.answered": N_("An answer that came back"),
    "ask.about.proposal": N_("What grown-ups should change"),
    "ask.said.title": N_("What was pressed"),
    "ask.said.hard": N_("Hard to understand"),
    "ask.said.wrong": N_("Something is wrong"),
    "ask.said.missing": N_("Something is missing"),
    "ask.said.helped": N_("It helped"),
    # figures
    "figures.title": N_("Figures"),
    "figures.lead": N_(
        "The last twelve months. Numbers below {fewest} are not shown, so that nobody can be recognised."
    ),
    "figures.helped": N_("Did it help?"),
    "figures.said": N_("Wrong or missing"),
    "figures.answered": N_("Did you feel heard?"),
    "figures.call": N_("How calls went"),
    "figures.start": N_("Talks opened through campaigns"),
    "figures.sheet": N_("Proposals of children"),
    "figures.words": N_("wrote in their own words"),
    "figures.head.item": N_("About"),
    "figures.head.answer": N_("Answer"),
    "figures.head.language": N_("Language"),
    "figures.head.audience": N_("Who"),
    "figures.head.month": N_("Month"),
    "figures.head.count": N_("How often"),
    "figures.console": N_("To the console"),
    # a case
    "case.none": N_("Choose a report from the list."),
    "case.title": N_("Case {handle}"),
    "case.back": N_("Back to the list"),
    "case.opening": N_("Opening the case"),
    "case.recorded": N_("Opening this case was recorded."),
    "case.why": N_("Why it is urgent"),
    "case.facts": N_("What was chosen"),
    "case.words": N_("In the reporter’s own words"),
    "case.no-words": N_("Nothing was written."),
    "case.talk": N_("Messages"),
    "case.no-talk": N_("No messages yet."),
    "case.from-reporter": N_("Reporter"),
    "case.voice": N_("Voice message"),
    "case.listen": N_("▶ Listen ({time})"),
    "case.unheard": N_("This sound cannot be played. It may be damaged."),
    "case.from-officer": N_("Answer by {name}"),
    "case.from-you": N_("Your answer"),
    "case.status": N_("Status"),
    "case.holder": N_("Works on it"),
    "case.language": N_("Language"),
    "case.place": N_("Place"),
    "case.channel": N_("Came by"),
    "case.channel.telegram": N_("Telegram"),
    "case.channel.web": N_("Web chat"),
    "case.channel.terminal": N_("Terminal"),
    "case.channel.page": N_("Private page"),
    "case.received": N_("Received"),
    "case.missing": N_("There is no such case."),
    "case.stop": N_(
        "The reporter took this report back. Stop acting on it and give it to nobody else. "
        "Only if you believe that a life is in danger, go on, and say so with the button."
    ),
    "case.overruled": N_(
        "The reporter took this report back. A colleague goes on because a life is in danger. The reporter was told."
    ),
    "case.wish.stop": N_("Takes the report back: please stop."),
    "case.wish.none": N_("Lets you go on after all."),
    "case.check": N_("Is it the reporter? Ask this before you write details"),
    "case.check-question": N_("Question"),
    "case.check-answer": N_("Right answer"),
    "case.check-first": N_(
        "The first pair was set first. A later one may come from somebody who has the code. "
        "Never write the right answer to anybody."
    ),
    "case.actions": N_("Actions"),
    "case.control": N_("Marks in grey boxes stand for hidden characters that would change the order of the text."),
    "case.forged": N_("Some words mix letters of different scripts that look alike. Links and names may be false."),
    # alarms: short, and what to do
    "alarm.title": N_("Stop and tell your supervisor"),
    "alarm.extra-slot": N_("Somebody who is not on the list of officers can read this case."),
    "alarm.chain": N_("Parts of this case are missing, repeated or changed."),
    "alarm.record": N_("A part of this case cannot be opened."),
    "alarm.roster": N_("The list of officers is not signed as it should be. Nothing is sealed to it."),
    "alarm.reply": N_("An answer in this case is not signed by an officer. It is not shown."),
    "alarm.slot": N_("The key to this case does not fit."),
    # deeds
    "deed.claim": N_("I work on this"),
    "deed.take_over": N_("Take over"),
    "deed.release": N_("Let go"),
    "deed.pass_on": N_("Mark as passed on"),
    "deed.close": N_("Close"),
    "deed.reopen": N_("Open again"),
    "deed.go_on": N_("A life is in danger: go on"),
    "deed.reply": N_("Seal and send"),
    "deed.sheet": N_("For the yearly sheet"),
    "deed.no_sheet": N_("Not for the yearly sheet"),
    "deed.done.claim": N_("You work on this case now."),
    "deed.done.take_over": N_("You work on this case now."),
    "deed.done.release": N_("Nobody works on this case now."),
    "deed.done.pass_on": N_("Marked as passed on. The reporter can see that."),
    "deed.done.close": N_("Closed."),
    "deed.done.reopen": N_("Open again."),
    "deed.done.go_on": N_("Noted. The reporter will see that you go on."),
    "deed.done.reply": N_("Sealed and sent."),
    "deed.done.sheet": N_("Marked for the yearly sheet."),
    "deed.done.no_sheet": N_("Marked: not for the yearly sheet."),
    "deed.ask.close": N_("Close this case? The reporter will see that it is closed."),
    "deed.ask.take_over": N_("{name} works on this case. Take it over?"),
    "deed.ask.pass_on": N_("Was this case given to another service? The reporter will see that."),
    "deed.ask.go_on": N_(
        "The reporter wants you to stop. Do you believe that a life is in danger? "
        "Your decision is recorded, and the reporter will see it."
    ),
    "deed.cancel": N_("Cancel"),
    "refused.changed": N_(
        "A colleague changed this case first. What you wrote is kept below; look again, then decide."
    ),
    "refused.held": N_("A colleague works on this case. Take it over first, if you agreed on that."),
    "refused.not_held": N_("First say that you work on this case."),
    "refused.unread": N_("Open the case first."),
    "refused.closed": N_("This case is closed."),
    "refused.already": N_("This was already done."),
    "refused.taken_back": N_("The reporter took this report back: it is given to nobody else."),
    # writing an answer
    "reply.title": N_("Answer"),
    "reply.label": N_("Your answer"),
    "reply.hint": N_("Short words, one question at a time. No names, places or times that could betray the child."),
    "reply.who": N_("Only the holder of the case code can read this. It is signed with your key."),
    "reply.left": N_("{count} characters left"),
    "reply.long": N_("Too long by {count} characters"),
    "reply.prepared": N_("Prepared answers"),
    "reply.no-mailbox": N_("The reporter has closed the mailbox. No answer can be sent."),
    "reply.theirs": N_("Their newer answer"),
    "reply.empty": N_("Write something first."),
    "reply.claim-first": N_("To answer, first say that you work on this case."),
    # the yearly sheet
    "sheet.make": N_("Make the sheet to print"),
    "sheet.title": N_("What children say should change"),
    "sheet.lead": N_(
        "Children wrote this, and gave no names. Read each one before you print. Leave out what could point at a child."
    ),
    "sheet.opening": N_("Opening {number} of {count}"),
    "sheet.ready": N_("On the sheet: {count}"),
    "sheet.closed": N_("Could not be opened: {count}"),
    "sheet.drop": N_("Leave out"),
    "sheet.print": N_("Print"),
    # the key map
    "keys.title": N_("Keys"),
    "keys.open": N_("Keyboard"),
    "keys.next": N_("Next report"),
    "keys.previous": N_("Previous report"),
    "keys.enter": N_("Open the report"),
    "keys.back": N_("Back to the list"),
    "keys.claim": N_("I work on this"),
    "keys.reply": N_("Write an answer"),
    "keys.refresh": N_("Refresh the list"),
    "keys.map": N_("This key map"),
    "keys.single": N_("Use single keys"),
    "keys.single-hint": N_("Single keys are off while you type."),
    "keys.close": N_("Close"),
    **WORDING_TEXTS,
    **VOICING_TEXTS,
    **TEAMS_TEXTS,
    **ONE_TIME_TEXTS,
    **ROOM_TEXTS,
    **WORK_TEXTS,
    **ABUSE_TEXTS,
    **SNOOZE_TEXTS,
    **LIVE_TEXTS,
    **NARROW_TEXTS,
    **ALERT_TEXTS,
    **AUDIT_TEXTS,
    **PEOPLE_TEXTS,
    **PICTURE_TEXTS,
}

NOTES: Final[Mapping[str, str]] = {
    "page.unforeseen": "{id}: a random number that a colleague finds in the log",
    "lock.in": "{minutes}: a number",
    "lock.opened": "{count}: how many cases were opened with the key in the last minute, of {most}",
    "queue.held": "{name}: a colleague who works on the case",
    "queue.about": "{hour}: an hour of the day, or a weekday or date; times are kept to the hour only",
    "urgency.U0": "One word beside a shape: somebody is in danger now",
    "queue.stop": "Beside the status of a case, short: the reporter wants us to stop",
    "queue.overruled": "Beside the status of a case, short: the reporter wants us to stop, an officer goes on all the same",
    "case.wish.stop": "A message of the reporter, made by pressing a button",
    "case.wish.none": "A message of the reporter, made by pressing a button",
    "case.check": "Title above a question and an answer that the reporter has set, so that officers know who is writing",
    "status.passed_on": "The case was given to another service",
    "queue.view.feedback": "List of what children say about this helpline; no reports",
    "queue.view.sheet": "List of children's proposals that will stand on a yearly sheet",
    "deed.sheet": "Button: these words shall stand, without a name, on the yearly sheet of children's proposals",
    "figures.lead": "{fewest}: a number",
    "sheet.title": "Heading of a printed sheet of children's proposals; adults read it",
    "sheet.opening": "{number}, {count}: numbers",
    "sheet.ready": "{count}: a number of proposals",
    "sheet.closed": "{count}: a number of proposals",
    "sheet.drop": "Button beside one proposal: it will not be printed",
    **WORDING_NOTES,
    **ROOM_NOTES,
    **WORK_NOTES,
    **SNOOZE_NOTES,
    **LIVE_NOTES,
    **NARROW_NOTES,
    **ABUSE_NOTES,
    **ALERT_NOTES,
    **AUDIT_NOTES,
    **PEOPLE_NOTES,
    **ONE_TIME_NOTES,
    **PICTURE_NOTES,
}

SOURCES: Final[Mapping[str, TextSource]] = {
    PREFIX + id: TextSource(
        en=english,
        note=NOTES.get(id, ""),
        limit=None,
        critical=False,
        where="bot/console/texts.py",
        domain=CONSOLE,
    )
    for id, english in TEXTS.items()
}
"""The same as the wording takes them, beside the sources of the content."""
