"""If sealing fails nothing happened: no row, no answer, nothing clear; repeated later, it goes through (S6, S11)."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.core.errors import RosterExpired, RosterForged, SealingError
from bot.core.events import Event, Wrote
from bot.core.private import Private
from bot.core.roster import Roster, Team
from bot.sealing.roster import LivingRoster
from bot.sealing.today import DailyKeys
from bot.services.receive import Receive
from bot.services.report import LivingRoster as RosterPort
from bot.services.report import Sealer
from bot.services.talk import Talk
from bot.services.unparsed import Unparsed
from tests.helpline import Helpline, Reporter, open_helpline
from tests.leak_scan import Marks
from tests.people import DAY_S, People
from tests.services.rows import all_rows
from tests.talking import NOON, content

pytestmark = pytest.mark.slow

WORDS = "Zqkelpie7Qx they lock the door"


@dataclass(slots=True)
class Fault:
    """Fails at the n-th call from now on; 0 never."""

    left: int = 0

    def pass_by(self) -> None:
        if self.left:
            self.left -= 1
            if not self.left:
                raise SealingError("injected")


class FaultyKeys(DailyKeys):
    """The real daily keys, which can fail before any use."""

    def __init__(self, folder: Path, fault: Fault) -> None:
        super().__init__(folder)
        self.fault = fault

    def seal_for_today(self, purpose: str, plain: bytes, aad: bytes = b"", *, now: int) -> bytes:
        self.fault.pass_by()
        return super().seal_for_today(purpose, plain, aad, now=now)

    def open_today(self, purpose: str, sealed: bytes, aad: bytes = b"", *, now: int) -> bytes:
        if purpose == "case-key":
            self.fault.pass_by()
        return super().open_today(purpose, sealed, aad, now=now)


@dataclass(slots=True)
class FaultyRoster:
    """The real roster, which can fail before any seal: it is asked before each one."""

    real: RosterPort
    fault: Fault

    def current(self, *, now: int) -> Roster:
        self.fault.pass_by()
        return self.real.current(now=now)


@dataclass(slots=True)
class Fragile:
    """The helpline with services whose every seal can fail."""

    helpline: Helpline
    fault: Fault = field(default_factory=Fault)

    def __post_init__(self) -> None:
        h = self.helpline
        keys = FaultyKeys(h.folder, self.fault)
        sealer = Sealer(keys, FaultyRoster(h.roster, self.fault), content().routing.climb_after_s)
        h.receive = Receive(h.database, keys, sealer, lambda: h.flow)
        h.talk = Talk(h.receive, h.errands)
        h.unparsed = Unparsed(h.database, keys, sealer)

    async def hears_in_the_end(self, reporter: Reporter, event: Event) -> int:
        """Fail at the first seal, then at the second …; each time nothing happened.  Returns how often it failed."""
        number = self.helpline.next_number()
        before, failed = await all_rows(self.helpline.database), 0
        while True:
            self.fault.left = failed + 1
            try:
                answered = await reporter.hears(event, number=number)
            except SealingError:
                failed += 1
                assert reporter.latest == []
                assert before == await all_rows(self.helpline.database)
                continue
            self.fault.left = 0
            assert answered
            return failed


@pytest.fixture
def fragile(helpline: Helpline) -> Fragile:
    return Fragile(helpline)


@pytest.mark.promise("S6")
async def test_words_that_cannot_be_sealed_are_not_acknowledged(fragile: Fragile) -> None:
    sara = fragile.helpline.reporter()
    await sara.opens()

    assert await fragile.hears_in_the_end(sara, Wrote(0, Private(WORDS))) >= 3
    sara.sees("draft.opened")


@pytest.mark.promise("S6")
async def test_readers_that_cannot_be_given_their_key_are_not_fixed(fragile: Fragile) -> None:
    sara = fragile.helpline.reporter()
    await sara.opens()
    await sara.writes(WORDS)
    await sara.presses("!tell")
    await sara.chooses("resume", "a:yes", "skip", "a:ok")
    while sara.asked() != "wish":
        await sara.chooses("skip")

    assert await fragile.hears_in_the_end(sara, sara.press("skip")) >= 3
    sara.sees_question("words-what")


@pytest.mark.promise("S6")
async def test_a_report_that_cannot_be_sealed_is_not_sent(fragile: Fragile) -> None:
    helpline, sara = fragile.helpline, fragile.helpline.reporter()
    await sara.opens()
    await sara.tells({"place-to": "PK-PB", "words-what": WORDS})
    await sara.chooses("send")

    assert await fragile.hears_in_the_end(sara, sara.press("code-saved")) >= 3
    sara.sees("sent.thanks")
    (report,) = await helpline.officer_reads("amna")
    assert report.words == (("words-what", WORDS),)


@pytest.mark.promise("S6")
async def test_words_written_back_that_cannot_be_sealed_are_not_acknowledged(fragile: Fragile) -> None:
    helpline = fragile.helpline
    code = await helpline.tells({"place-to": "PK-PB"})
    sara = helpline.reporter()
    await sara.enters(code)

    assert await fragile.hears_in_the_end(sara, Wrote(0, Private(WORDS))) >= 2
    (report,) = await helpline.officer_reads("amna")
    assert report.messages == (WORDS,)


@pytest.mark.promise("S6")
async def test_what_cannot_be_parsed_and_not_be_sealed_is_not_kept_clear(fragile: Fragile) -> None:
    helpline = fragile.helpline
    before, failed = await all_rows(helpline.database), 0
    while True:
        fragile.fault.left = failed + 1
        try:
            await helpline.unparsed.keep(WORDS.encode(), source="test", number=77, now=helpline.now)
        except SealingError:
            failed += 1
            assert before == await all_rows(helpline.database)
            continue
        break

    assert failed >= 4
    (report,) = await helpline.officer_reads("esha")
    assert report.words == (("unreadable", WORDS),)


@pytest.mark.promise("S6")
async def test_a_case_code_is_kept_only_when_it_was_shown(fragile: Fragile) -> None:
    """The turn after the errand fails: no code was shown, and none counts."""
    sara = fragile.helpline.reporter()
    await sara.opens()
    await sara.tells({})
    fragile.fault.left = 3  # session and ticket of the first turn pass, the turn after the errand does not
    with pytest.raises(SealingError):
        await sara.hears(sara.press("send"))
    fragile.fault.left = 0

    await sara.looks()
    sara.sees_no_button("code-saved")
    await sara.chooses("code-again", "code-saved")
    sara.sees("sent.thanks")


# --- the roster ---


def _without_roster(helpline: Helpline, error: type[SealingError]) -> None:
    """Time passes its end, or none was ever accepted."""
    if error is RosterExpired:
        helpline.now += 400 * DAY_S
        return
    sealer = Sealer(helpline.keys, LivingRoster(helpline.people.root), content().routing.climb_after_s)
    helpline.receive = Receive(helpline.database, helpline.keys, sealer, lambda: helpline.flow)
    helpline.talk = Talk(helpline.receive, helpline.errands)
    helpline.unparsed = Unparsed(helpline.database, helpline.keys, sealer)


@pytest.mark.promise("S11")
@pytest.mark.parametrize("error", [RosterExpired, RosterForged], ids=["expired", "none accepted"])
async def test_without_a_valid_roster_no_word_is_sealed(helpline: Helpline, error: type[SealingError]) -> None:
    _without_roster(helpline, error)
    sara = helpline.reporter()
    await sara.opens()
    before = await all_rows(helpline.database)
    with pytest.raises(error):
        await sara.writes(WORDS)

    assert before == await all_rows(helpline.database)
    assert Marks([WORDS]).leaks(repr(before).encode(), "rows") == []


@pytest.mark.promise("S11")
@pytest.mark.parametrize("error", [RosterExpired, RosterForged], ids=["expired", "none accepted"])
async def test_without_a_valid_roster_nobody_gets_a_key(helpline: Helpline, error: type[SealingError]) -> None:
    _without_roster(helpline, error)
    sara = helpline.reporter()
    await sara.opens()
    with pytest.raises(error):
        await sara.tells({})

    sara.sees_question("wish")


@pytest.mark.promise("S11")
async def test_a_roster_that_ends_while_a_report_is_told_stops_the_sending(helpline: Helpline) -> None:
    sara = helpline.reporter()
    await sara.opens()
    await sara.tells({"place-to": "PK-PB"})
    await sara.chooses("send")
    helpline.roster.load(helpline.people.document(2, expires=helpline.now + 60), now=helpline.now)
    helpline.now += 61
    with pytest.raises(RosterExpired):
        await sara.chooses("code-saved")

    assert await helpline.case_ids() == []


@pytest.mark.promise("S11")
async def test_without_a_valid_roster_help_and_pages_stay_open(helpline: Helpline) -> None:
    _without_roster(helpline, RosterForged)
    sara = helpline.reporter()
    await sara.opens()
    await sara.chooses("!help")

    sara.sees_number("1121")


async def test_when_nobody_is_left_to_read_the_child_hears_it_and_is_not_stuck(tmp_path: Path) -> None:
    """Everybody but one works in the office that is to be left out: fewer than two keys, so no report (D6)."""
    teams = (
        Team("lahore", "Lahore office", ("PK-PB",), ("amna", "bilal")),
        Team("duty", "Duty office", ("PK",), ("amna", "bilal", "esha"), duty=True),
    )
    async with open_helpline(tmp_path, people=People(teams, now=NOON, recovery=False)) as helpline:
        sara = helpline.reporter()
        await sara.opens()
        await sara.presses("!tell")
        await sara.chooses("a:yes", "skip", "a:ok", "skip", "p:PK-PB", "here", "skip", "o:lahore", "done")
        while sara.asked() != "wish":
            await sara.chooses("skip")
        await sara.chooses("skip")
        sara.sees("help.calm", "say.failed")
        sara.sees_question("wish")

        await sara.chooses(*["!back"] * 5)
        sara.sees_question("avoid")
        await sara.chooses("o:lahore", "done")
        await sara.presses("skip")
        sara.sees_question("words-what")


async def test_a_suspended_officer_gets_no_slot_from_the_next_report_on(helpline: Helpline) -> None:
    await helpline.tells({"place-to": "PK-PB"}, name="sara")
    helpline.roster.load(helpline.people.document(2, suspended=["bilal"]), now=helpline.now)
    await helpline.tells({"place-to": "PK-PB"}, name="omar")

    assert 1 == len(await helpline.officer_reads("bilal"))
    assert 2 == len(await helpline.officer_reads("amna"))
