"""Every text of the console exists once, is used, and is Urdu where Urdu is read."""

import re
from functools import cache
from pathlib import Path

import pytest

from bot.console.catalog import Catalog
from bot.console.entry_forms import label_of
from bot.console.people_texts import PEOPLE_TEXTS
from bot.console.texts import SOURCES, TEXTS
from bot.console.wording_views import FILTERS
from bot.content.entries import KINDS as KINDS_OF_CONTENT
from bot.content.loader import load_content
from bot.core.case import Deed, Refusal, Status
from bot.core.duty import Reason
from bot.services import content_desk
from bot.services.figures import KINDS
from bot.services.officers.queue import VIEWS
from bot.services.officers.saved import No as NotKept
from bot.services.ruling import CHANGEABLE
from bot.services.wording_desk import No
from bot.wording.load import load_wording
from bot.wording.render import Wording
from tests.console.work_ids import BUILT_WORK, PREFIXES

ROOT = Path(__file__).parents[2]
SCRIPTS = [
    *(ROOT / "bot/web/src/console").glob("*.ts"),
    *(ROOT / "bot/web/src/entry" / name for name in ("console.ts", "join.ts")),
]
TEMPLATES = list((ROOT / "bot/console/templates").glob("*.html"))
ALERTS = [ROOT / "bot/services/alerting.py", ROOT / "bot/commands_duty.py"]
FAULTS = (
    *("empty", "lost", "strange", "brace", "number", "long"),
    *("direction", "unsaid", "gives-away", "script", "punctuation", "question", "unknown", "english"),
)
NOT_HEARD = (
    *("overtaken", "second", "stale", "order", "same", "gaps"),
    *("large", "no-voice", "long", "short", "silent", "quiet", "loud"),
)
BUILT = (
    [f"status.{status.value}" for status in Status]
    + [f"refused.{refusal.value}" for refusal in Refusal]
    + [f"deed.{deed.value}" for deed in Deed if deed is not Deed.OPEN]
    + [f"deed.done.{deed.value}" for deed in Deed if deed is not Deed.OPEN]
    + [f"urgency.U{n}" for n in range(5)]
    + [f"queue.view.{view}" for view in VIEWS]
    + [f"case.channel.{channel}" for channel in ("telegram", "web", "terminal", "page")]
    + [f"alarm.{alarm}" for alarm in ("extra-slot", "chain", "record", "roster", "reply", "slot")]
    + ["deed.ask.close", "deed.ask.take_over", "deed.ask.take_over-since", "deed.ask.pass_on", "deed.ask.go_on"]
    + [f"{where}.{wish}" for where in ("queue", "case") for wish in ("stop", "overruled")]
    + ["case.wish.stop", "case.wish.none", "case.check-question", "case.check-answer"]
    + [f"status.feedback.{status}" for status in ("new", "opened", "passed_on", "closed")]
    + [f"ask.{id}" for id in ("concern.feedback", "concern.proposal", "feedback.title", "proposal.title")]
    + [f"ask.about.{id}" for id in ("title", "answered", "proposal")]
    + [f"ask.said.{id}" for id in ("title", "hard", "wrong", "missing", "helped")]
    + [f"figures.{kind}" for kind in (*KINDS, "words")]
    + [f"alert.reason.{reason.value}" for reason in Reason if reason is not Reason.DIGEST]
    + [f"wording.show.{one}" for one in FILTERS]
    + [f"voicing.state.{one}" for one in ("draft", "reviewed", "published", "withdrawn")]
    + [f"voicing.done.{one}" for one in ("save", "approve", "publish", "withdraw", "revert")]
    + [f"voicing.no.{one}" for one in NOT_HEARD]
    + [
        f"voicing.{one}"
        for one in ("approve", "publish", "withdraw", "recording", "level", "no-microphone", "no-encoder", "unheard")
    ]
    + [f"wording.state.{one}" for one in ("missing", "draft", "reviewed", "published", "withdrawn")]
    + [
        f"wording.done.{one}"
        for one in (
            "save",
            "save-next",
            "approve",
            "publish",
            "withdraw",
            "revert",
            "take",
            "accept",
            "term",
            "no-term",
        )
    ]
    + ["wording.preview.terminal"]
    + [
        f"teams.kind.{one}"
        for one in ("reads", "reads-no-more", "team-new", "team-gone", "place", "place-gone", "other")
    ]
    + [f"teams.fault.{one}" for one in ("duty", "id", "empty", "place", "reader", "concern", "pair")]
    + [f"wording.no.{no.value}" for no in No]
    + [f"wording.fault.{one}" for one in FAULTS]
    + [label_of(field) for kind in KINDS_OF_CONTENT.values() for field in kind.fields]
    + [f"content.kind.{kind}" for kind in KINDS_OF_CONTENT]
    + [f"content.state.{one}" for one in ("released", "draft", "reviewed", "published", "withdrawn")]
    + [f"content.done.{one}" for one in ("save", "remove", "approve", "publish", "withdraw", "revert", "called")]
    + [f"room.{part}.{name}" for part in ("setting", "how") for name in CHANGEABLE]
    + [f"room.no.{one}" for one in ("procedure", "overtaken", "order")]
    + [f"content.no.{no.value}" for no in content_desk.No]
    + [f"figures.head.{head}" for head in ("item", "answer", "language", "audience", "month", "count")]
    + list(BUILT_WORK)
    + ["people.left", "people.device", "audit.act.picture", "story.event.picture"]
    + [id for id in PEOPLE_TEXTS if id.startswith(("people.no.", "people.role."))]
    + [id for id in TEXTS if id.startswith(("audit.act.", "audit.wrong.", "audit.no-key"))]
    + [f"refused.{no.value}" for no in NotKept]
    + ["codes.removed"]
    + [f"quiet.{long}" for long in ("hour", "four", "twelve", "day")]
    + [f"snooze.{when}" for when in ("tomorrow", "days", "week", "fortnight")]
)
"""Ids that are put together from a code and a prefix."""


@cache
def _wording() -> Wording:
    content = load_content()
    return load_wording({**content.texts, **SOURCES}, content.place_names)


def used() -> set[str]:
    source = "".join(path.read_text("utf-8") for path in [*SCRIPTS, *TEMPLATES])
    literal = set(
        re.findall(
            rf'"((?:page|in|lock|queue|case|alarm|deed|refused|reply|sheet|keys|figures|wording|content|room|codes|quiet|snooze|company|narrow|saved|{"|".join(PREFIXES)})\.[a-z_.-]*[a-z])"',
            source,
        )
    )
    literal |= set(re.findall(r'"console\.(alert\.[a-z.-]*[a-z])"', "".join(p.read_text("utf-8") for p in ALERTS)))
    return literal


def test_every_text_that_is_shown_exists() -> None:
    assert set() == {id for id in used() | set(BUILT) if id not in TEXTS}


def test_no_text_is_left_over() -> None:
    assert set() == set(TEXTS) - used() - set(BUILT)


@pytest.mark.parametrize("tag", ["en", "ur"])
def test_a_page_gets_every_text_and_the_name_of_every_code(tag: str) -> None:
    content = load_content()
    catalog = Catalog(_wording)
    words = catalog.everything(tag)

    asked = {f"ask.{ask.id}.title" for ask in content.asks}
    reasons = {rule.reason for rule in content.rules}
    assert set() == {*TEXTS, *asked, *reasons, "place.PK-SD", "language.ur"} - set(words)
    assert all(words.values())


def test_urdu_readers_read_urdu() -> None:
    texts = Catalog(_wording).texts("ur")

    assert [] == [id for id, english in TEXTS.items() if texts[id] == english]


def test_a_child_is_answered_in_its_own_language_where_there_is_one() -> None:
    beginnings = Catalog(_wording).beginnings()

    assert {"en", "ur"} <= set(beginnings)
    assert beginnings["ur"]["begin.believe"] != beginnings["en"]["begin.believe"]
    assert list(load_content().answers) == [f"console.{id}" for id in beginnings["en"]]
