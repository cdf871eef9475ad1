"""Nothing urgent is forgotten: what nobody opens climbs, says why, survives a restart, and tells nothing of the report."""

import asyncio
from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy import text

from bot import clock
from bot.core.case import Deed, Standing, do
from bot.core.duty import Absence, DutyRoster, Level, Person
from bot.core.effects import Text
from bot.core.errors import ChannelError
from bot.core.hours import Hours
from bot.core.writes import Write
from bot.duty_file import read_duty
from bot.services.alerting import LEASE_S, Alerting, World
from bot.services.climbing import PACE_S, Climbing
from storage import Database, alerts, cases, open_database, queue
from tests.helpline import Helpline
from tests.people import DAY_S

pytestmark = pytest.mark.slow

ZONE = "Asia/Karachi"
DANGER = {"place-to": "PK-PB", "danger": "now", "age": "12-14", "concern": "work", "words-what": "they lock me in"}
MINUTE = 60
DUTY = """
digest_hour = 9
[[person]]
id = "amna"
reach = ["fake:amna"]
hours = "wed 09:00-17:00, thu 09:00-17:00"
[[person]]
id = "bilal"
reach = ["fake:bilal"]
hours = "wed 09:00-17:00"
[[person]]
id = "sana"
reach = ["fake:sana"]
stands = ["supervisor"]
teams = ["lahore"]
hours = "wed 09:00-17:00"
[[person]]
id = "second"
reach = ["fake:second"]
stands = ["second"]
[[person]]
id = "esha"
reach = ["fake:esha", "other:esha"]
"""


@dataclass
class Phones:
    """Where alerts arrive; `dead`: addresses that take nothing."""

    dead: set[str] = field(default_factory=set)
    got: list[tuple[str, str, str]] = field(default_factory=list)

    async def tell(self, address: str, title: str, body: str) -> None:
        await asyncio.sleep(0)
        if address in self.dead:
            raise ChannelError("not delivered")
        self.got.append((address, title, body))

    def take(self) -> list[str]:
        """Who was told since the last look, sorted."""
        who, self.got = sorted(address for address, _, _ in self.got), []
        return who


def alerting(helpline: Helpline, phones: Phones, duty: DutyRoster, database: Database | None = None) -> Alerting:
    def say(lang: str, told: Text) -> str:
        return f"{told.id} {sorted(told.params)} {told.params.get('team', '')}"

    limits = {"U0": 10 * MINUTE, "U1": 60 * MINUTE}
    return Alerting(
        database or helpline.database,
        Climbing(alerts, limits, helpline.roster.last),
        rows=alerts,
        queues=queue,
        channels={"fake": phones, "other": phones},
        duty=lambda: duty,
        world=World(helpline.roster.last, say, limits),
        now=lambda: helpline.now,
    )


@pytest.fixture
def phones() -> Phones:
    return Phones()


async def opens(helpline: Helpline) -> None:
    (id,) = await helpline.case_ids()
    case = await helpline.database.read(lambda c: cases.find(c, id))
    assert case is not None
    after = do(case.standing, Deed.OPEN, by="amna", version=case.standing.version)
    assert isinstance(after, Standing)
    await helpline.database.write(lambda c: cases.move(c, id, case.standing, after, now=helpline.now))


@pytest.mark.promise("R28")
async def test_what_nobody_opens_climbs_level_by_level_and_says_why(helpline: Helpline, phones: Phones) -> None:
    desk = alerting(helpline, phones, read_duty(DUTY, ZONE))
    await helpline.tells(DANGER)
    said = []
    for wait, who in (
        (0, ["fake:amna", "fake:bilal"]),
        (11 * MINUTE, ["fake:sana", "fake:second"]),  # one supervisor alone is not enough where danger is now
        (11 * MINUTE, ["fake:esha", "fake:second"]),
        (11 * MINUTE, ["fake:esha"]),
        (20 * MINUTE, []),
        (11 * MINUTE, ["fake:esha"]),
    ):
        helpline.now += wait
        await desk.step()
        said.append({line for _, _, body in phones.got for line in body.split() if ".reason." in line})
        assert phones.take() == who
    new, unopened, still = (f"console.alert.reason.{why}" for why in ("new", "unopened", "still"))
    assert said == [{new}, {unopened}, {unopened}, {unopened}, set(), {still}]

    await opens(helpline)
    helpline.now += 3_600
    assert await desk.step() == 0
    assert (await desk.state()).waiting == 0


async def test_at_night_a_report_climbs_at_once_to_whoever_is_on_duty(helpline: Helpline, phones: Phones) -> None:
    helpline.now += 9 * 3_600
    await helpline.tells(DANGER)
    desk = alerting(helpline, phones, read_duty(DUTY, ZONE))
    await desk.step()
    assert "reason.off-duty" in phones.got[0][2]
    assert phones.take() == ["fake:esha", "fake:second"]


async def test_where_nobody_is_on_duty_somebody_is_told_all_the_same(helpline: Helpline, phones: Phones) -> None:
    helpline.now += 9 * 3_600
    await helpline.tells(DANGER)
    people = "\n".join(part for part in DUTY.split("[[person]]")[1:3] for part in ("[[person]]", part))
    desk = alerting(helpline, phones, read_duty(people, ZONE))
    await desk.step()
    assert phones.take() == ["fake:amna", "fake:bilal"]


async def test_a_report_that_nobody_can_be_told_of_is_an_alarm(helpline: Helpline, phones: Phones) -> None:
    await helpline.tells(DANGER)
    desk = alerting(helpline, phones, DutyRoster())
    await desk.step()
    state = await desk.state()
    assert (True, False) == (state.nobody, state.well)


async def test_holidays_absences_and_languages_choose_who_is_told(helpline: Helpline, phones: Phones) -> None:
    always = Hours(read_duty("", ZONE).clock.zone, {})
    speaks = Person("bilal", ("fake:bilal",), languages=("en",))
    other = Person("amna", ("fake:amna",), languages=("ps",))
    more = Person("second", ("fake:second",), frozenset({Level.SECOND}))
    await helpline.tells(DANGER | {"danger": "soon"})
    await alerting(helpline, phones, DutyRoster((speaks, other, more), always)).step()
    assert phones.take() in (["fake:bilal"], ["fake:bilal", "fake:second"])

    today = date(2026, 3, 4)
    gone = Person("bilal", ("fake:bilal",), languages=("en",), away=(Absence(today, today),))
    assert not gone.on_duty(helpline.now, always)
    assert gone.on_duty(helpline.now + DAY_S, always)
    feast = read_duty(f'holidays = ["2026-03-04"]\n{DUTY}', ZONE)
    amna = feast.person("amna")
    assert amna is not None
    assert not amna.on_duty(helpline.now, feast.clock)
    assert amna.on_duty(helpline.now + DAY_S, feast.clock)


@pytest.mark.promise("S40")
async def test_no_alert_reaches_somebody_the_report_was_kept_away_from(helpline: Helpline, phones: Phones) -> None:
    """A report that names a person goes to the pair of the duty team; the third officer hears nothing of it."""
    duty = read_duty(
        "\n".join(f'[[person]]\nid = "{id}"\nreach = ["fake:{id}"]' for id in helpline.people.officers), ZONE
    )
    sara = helpline.reporter()
    await sara.opens()
    await sara.tells(DANGER)
    await sara.chooses("change", "e:avoid", "name-person")
    await sara.writes("the uncle who works there")
    await sara.chooses("skip")
    await sara.sends_report()
    (id,) = await helpline.case_ids()
    readers = await helpline.readers_of(id) - {"recovery"}
    assert readers == {"esha", "faisal"}
    desk = alerting(helpline, phones, duty)
    for _ in range(6):
        await desk.step()
        helpline.now += 3_600
    assert set(phones.take()) == {f"fake:{one}" for one in readers}


@pytest.mark.promise("R13")
async def test_alerts_survive_a_restart_and_a_dead_channel_is_tried_again(helpline: Helpline, phones: Phones) -> None:
    duty = read_duty(DUTY, ZONE)
    phones.dead = {"fake:amna", "fake:bilal"}
    await helpline.tells(DANGER)
    first = alerting(helpline, phones, duty)
    await first.step()
    state = await first.state()
    assert (("fake",), 2, False) == (state.failing, state.waiting, state.well)
    assert phones.take() == []

    phones.dead = set()
    helpline.now += 15
    again = alerting(helpline, phones, duty)  # another process: it has only the database
    await again.step()
    assert phones.take() == ["fake:amna", "fake:bilal"]
    assert (await again.state()).well


async def test_the_second_address_is_used_when_the_first_fails(helpline: Helpline, phones: Phones) -> None:
    phones.dead = {"fake:esha"}
    helpline.now += 9 * 3_600
    await helpline.tells(DANGER)
    desk = alerting(helpline, phones, read_duty(DUTY, ZONE))
    await desk.step()
    assert "other:esha" in phones.take()
    assert (await desk.state()).failing == ("fake",)


@pytest.mark.promise("R12")
@pytest.mark.slow
async def test_three_replicas_send_each_alert_once(helpline: Helpline, phones: Phones, postgres_tables: str) -> None:
    """PostgreSQL's own clock counts there, so the shifts are left out."""
    duty = read_duty("".join(f"{line}\n" for line in DUTY.splitlines() if "hour" not in line), ZONE)
    replicas = [await open_database(postgres_tables) for _ in range(3)]
    try:
        await copy_reports(helpline, replicas[0])
        desks = [alerting(helpline, phones, duty, replica) for replica in replicas]
        for _ in range(3):
            await asyncio.gather(*(desk.step() for desk in desks))
        assert phones.take() == ["fake:amna", "fake:bilal"]
    finally:
        for replica in replicas:
            await replica.close()


async def copy_reports(helpline: Helpline, database: Database) -> None:
    """The same urgent report in a database that replicas share."""
    from tests.storage.making import keeping, knock, new_id, nobody, record, slot
    from tests.storage.making import opening as opened

    case = new_id()
    roster = helpline.roster.current(now=helpline.now)
    keys = [o.keys[0].id for id in ("amna", "bilal") if (o := roster.officer(id))]
    writes: tuple[Write, ...] = (
        record(case, 0, "cover"),
        *(slot(case, key) for key in keys),
        opened(case, 1, teams=("lahore",), urgency="U0", climb_at=clock.now() + 600),
    )
    await database.take(knock(None), nobody, keeping(b"s", *writes))


@pytest.mark.promise("R13")
async def test_what_a_dead_sender_had_claimed_is_sent_after_its_lease(helpline: Helpline, phones: Phones) -> None:
    desk = alerting(helpline, phones, read_duty(DUTY, ZONE))
    await helpline.tells(DANGER)
    now = helpline.now
    await helpline.database.write(lambda c: desk._climbing.look(c, desk._duty(), now))
    claimed = await helpline.database.write(lambda c: alerts.claim(c, now, LEASE_S))
    assert len(claimed) == 2
    await desk.step()
    assert phones.take() == []
    helpline.now += LEASE_S
    await desk.step()
    assert phones.take() == ["fake:amna", "fake:bilal"]


async def test_a_flood_of_reports_is_one_message_in_five_minutes(helpline: Helpline, phones: Phones) -> None:
    desk = alerting(helpline, phones, read_duty(DUTY, ZONE))
    for n in range(3):
        await helpline.tells(DANGER, name=f"child {n}")
        await desk.step()
    assert phones.take() == ["fake:amna", "fake:bilal"]
    helpline.now += PACE_S
    await desk.step()
    assert phones.take() == ["fake:amna", "fake:bilal"]


async def test_what_somebody_opened_meanwhile_is_not_said_any_more(helpline: Helpline, phones: Phones) -> None:
    phones.dead = {"fake:amna", "fake:bilal"}
    desk = alerting(helpline, phones, read_duty(DUTY, ZONE))
    await helpline.tells(DANGER)
    await desk.step()
    await opens(helpline)
    phones.dead = set()
    helpline.now += 60
    assert await desk.step() == 0
    assert await helpline.database.read(lambda c: c.execute(text("SELECT count(*) FROM alerts")).scalar_one()) == 0


async def test_the_daily_digest_comes_once_and_counts_only(helpline: Helpline, phones: Phones) -> None:
    desk = alerting(helpline, phones, read_duty(DUTY, ZONE))
    await helpline.tells(DANGER)
    await opens(helpline)
    helpline.now += 21 * 3_600 + 5 * MINUTE  # Thursday, five past nine
    for _ in range(3):
        await desk.step()
        helpline.now += MINUTE
    bodies = {body for _, _, body in phones.got}
    assert bodies == {"console.alert.digest ['late', 'new', 'work'] "}
    assert phones.take() == ["fake:amna", "fake:esha", "fake:second"]  # the others do not work on Thursdays


@pytest.mark.promise("S1")
async def test_nothing_of_a_report_stands_in_an_alert_or_in_what_is_kept_of_it(
    helpline: Helpline, phones: Phones
) -> None:
    code = await helpline.tells(DANGER)
    desk = alerting(helpline, phones, read_duty(DUTY, ZONE))
    phones.dead = {"fake:bilal"}
    await desk.step()
    (id,) = await helpline.case_ids()
    case = await helpline.database.read(lambda c: cases.find(c, id))
    assert case is not None
    kept = await helpline.database.read(
        lambda c: [str(tuple(row)) for row in c.execute(text("SELECT person, team, urgency, reason FROM alerts"))]
    )
    assert kept == [str(("bilal", "lahore", "U0", "new"))]
    for words in (DANGER["words-what"], code, case.handle, id.hex(), "PK-PB", "telegram", " ur"):
        assert all(words not in f"{title} {body}" for _, title, body in phones.got)
