"""Ids of the texts the engine itself says; the words are in `content/say.toml`, each with a note for translators.

The inspector refuses content in which one of these is missing.
"""

ENGINE_TEXTS = (
    # buttons every screen shares
    "button.help", "button.tell", "button.home", "button.back", "button.leave", "button.skip", "button.more",
    "button.previous", "button.resume", "button.erase", "button.send", "button.change", "button.code-saved",
    "button.code-again", "button.write-back", "button.check-again", "button.province", "button.country",
    "button.same-place", "button.other-country", "button.here", "button.mail", "button.language", "button.learn",
    "button.done", "button.name-person", "button.nobody", "button.listen",
    "button.add", "button.empty", "button.close", "button.stop", "button.go-on", "button.check", "button.yes-empty",
    "button.yes-close", "button.yes-stop", "button.lost-code", "button.wrote-before",
    # help now
    "help.calm", "help.country", "help.region", "help.line", "help.line-then", "help.web", "help.unchecked", "help.choose-region",
    # the directory
    "button.directory", "button.worked", "button.call-worked", "button.call-no-answer", "button.call-wrong",
    "button.call-not-kind", "directory.which", "directory.how", "directory.thanks", "directory.free", "directory.detail",
    # what children say of this service
    "button.face-yes", "button.face-some", "button.face-no", "button.voice-say", "button.voice-words",
    "button.matter-hard", "button.matter-wrong", "button.matter-missing", "button.matter-helped",
    "voice.did-it-help", "voice.heard", "voice.thanks", "voice.matter", "voice.counted", "voice.words", "voice.kept",
    "voice.propose", "voice.propose-sheet", "voice.lapsed",
    # tools
    "button.tell-this", "button.again", "tool.ticked", "tool.open",
    # surprises
    "say.stale", "say.puzzled", "say.attachment", "say.edited", "say.failed", "say.group", "say.code-like",
    "say.unheard", "voice.computer",
    # voice notes
    "note.heard", "note.kept", "note.sent", "note.again", "note.not-voice", "note.too-long", "note.too-many", "say.picture",
    # a draft
    "draft.opened", "draft.kept", "draft.gone", "draft.waiting", "draft.erased", "draft.restart-words",
    # pages found by words
    "seek.found", "seek.none", "seek.now", "seek.tell",
    # the report
    "ask.progress", "ask.write", "ask.name-person", "ask.place-within", "ask.several",
    "ask.avoid-last",
    "review.intro", "review.answered", "review.skipped", "review.written", "review.choose",
    "code.why", "code.making", "code.show", "code.again",
    "sent.thanks", "sent.now", "sent.later", "sent.unknown-time", "sent.next", "sent.urgent",
    # the mailbox
    "mail.ask", "mail.mistyped", "mail.looking", "mail.missing", "mail.lapsed", "mail.empty", "mail.reply",
    "mail.status.received", "mail.status.opened", "mail.status.passed_on", "mail.status.answered", "mail.status.closed",
    "mail.write", "mail.written", "mail.unread-yet", "mail.empty-since", "mail.until", "mail.gone", "mail.ask-add",
    "mail.ask-empty", "mail.emptied", "mail.ask-close", "mail.shut", "mail.ask-stop", "mail.stopped", "mail.goes-on",
    "mail.is-stopped", "mail.is-overruled",
    # a word that there is an answer
    "button.notice", "button.no-notice", "button.yes-notice", "notice.ask", "notice.kept", "notice.ended", "notice.news",
    # who is writing
    "check.ask-question", "check.question-kept", "check.ask-answer", "check.kept",
    # leaving
    "left.neutral", "left.before",
    # time
    "time.today", "time.on", "day.0", "day.1", "day.2", "day.3", "day.4", "day.5", "day.6",
)  # fmt: skip
