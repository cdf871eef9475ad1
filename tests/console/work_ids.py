"""Ids of texts of the open case that a page puts together from a code and a prefix; the list of the codes is the page's own."""

from bot.core.referral import Consent, Progress, Step, Way

BUILT_WORK = (
    "alarm.note",
    "alarm.kept-away",
    *(f"warn.{kind}" for kind in ("phone", "link", "time", "place", "name")),
    *(f"pass.{what}.{way.value}" for way in Way for what in ("way", "explain")),
    *(f"pass.consent.{consent.value}" for consent in Consent),
    *(f"pass.progress.{progress.value}" for progress in Progress),
    *(
        f"story.{name}"
        for name in (
            *("who", "what", "origin", "transit", "destination", "when", "danger", "wants", "avoid"),
            *("names", "phones", "vehicles"),
        )
    ),
    *(f"story.status.{state}" for state in ("unsaid", "told", "suspected", "identified", "excluded")),
    *(f"story.event.{kind}" for kind in ("cover", "answers", "words", "voice", "message", "reply")),
    *(f"story.event.{what}" for what in ("note", "story", "plan", "referral", "link", "export")),
    *("plan.goal", "plan.by", "plan.when", "plan.justice", "plan.compensation", "plan.guardian"),
    *(f"plan.service.{one}" for one in ("shelter", "health", "psychologist", "social", "legal")),
    *(f"plan.service.{one}" for one in ("school", "tracing", "cash", "return")),
    *(f"plan.state.{one}" for one in ("unsaid", "asked", "given", "none")),
    *(f"plan.guardian.{one}" for one in ("unsaid", "needed", "asked", "appointed", "unneeded")),
    *(f"plan.justice.{one}" for one in ("unsaid", "reported", "investigated", "prosecuted", "judged", "stopped")),
    *(f"plan.compensation.{one}" for one in ("unsaid", "sought", "granted", "refused")),
    *(f"pass.step.{step.value}" for step in Step),
)

PREFIXES = (
    "audit",
    "join",
    "admit",
    "key",
    "people",
    "note",
    "prepared",
    "teams",
    "voicing",
    "warn",
    "pass",
    "story",
    "plan",
    "same",
    "export",
)
