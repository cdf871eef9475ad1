"""Eight o'clock: forty reports in six languages, three of them urgent, two officers, and everything that a day asks of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import pytest
import pytest_asyncio

from storage import mailboxes, rosters
from tests.browser.console_page import Floor, Visitor, floor
from tests.browser.test_sharing import passes_on
from tests.console.officer import Officer
from tests.console.test_casework import answers_in
from tests.console.test_people import leaving
from tests.console.test_sharing import steps
from tests.console.world import SeededCase

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

WORDS = {
    "en": "They keep my passport.",
    "ur": "وہ میرا پاسپورٹ رکھ لیتے ہیں۔",
    "sd": "اهي منهنجو پاسپورٽ رکي ٿا ڇڏين.",
    "ps": "هغوی زما پاسپورټ ساتي.",
    "bn": "তারা আমার পাসপোর্ট রেখে দেয়।",
    "hi": "वे मेरा पासपोर्ट रख लेते हैं।",
}
URGENT = {7: "U0", 19: "U0", 31: "U1"}


@dataclass(frozen=True)
class Morning:
    house: Floor
    reports: tuple[SeededCase, ...]
    urgent: tuple[SeededCase, ...]
    calm: tuple[SeededCase, ...]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def morning(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Morning]:
    """The night's reports, one every few minutes, urgent ones anywhere among them."""
    async with floor(tmp_path_factory.mktemp("morning"), chromium_path) as house:
        world, told = house.world, []
        for n in range(40):
            language = list(WORDS)[n % len(WORDS)]
            urgency = URGENT.get(n, "U3")
            reasons = ("reason.danger-now",) if n in URGENT else ()
            told.append(
                await world.case(
                    (("words-what", f"{WORDS[language]} {n}"),), urgency=urgency, reasons=reasons, language=language
                )
            )
            world.clock.now += 600
        urgent = tuple(told[n] for n in URGENT)
        yield Morning(house, tuple(told), urgent, tuple(one for one in told if one not in urgent))


async def goes_to(officer: Visitor, case: SeededCase) -> None:
    """Straight to a case, wherever its row is."""
    await officer.page.evaluate(f"location.hash = '#/{case.id.hex()}'")
    await officer.page.wait_for_selector(f"a.row[data-case='{case.id.hex()}'][aria-current]")
    await officer.page.wait_for_selector("[data-deed=claim]")


async def claims(officer: Visitor) -> None:
    await officer.page.click("[data-deed=claim]")
    await officer.page.wait_for_selector("[data-deed=release]")


async def leaves_the_case(officer: Visitor) -> None:
    await officer.page.evaluate("location.hash = ''")
    await officer.until("location.hash === '' && document.querySelector('#case [data-part=open]').hidden")


async def writes(officer: Visitor, words: str) -> None:
    await officer.page.fill("#answer", words)
    await officer.page.click("form.reply button[type=submit]")


@pytest.mark.promise("S12", "S36", "S37", "R26")
async def test_a_morning(morning: Morning) -> None:
    house, world = morning.house, morning.house.world
    now, soon, today = morning.urgent
    handed, put_off, closed, passed = morning.calm[:4]
    async with house.visitor() as amna, house.visitor(width=360, lang="ur") as bilal:
        await amna.at_the_queue("sindh")
        await bilal.at_the_queue("supervisor")

        # 08:00: the three urgent ones stand first, by their urgency and then by who waits longest; all forty are there.
        first = await amna.page.locator("a.row").evaluate_all("rows => rows.slice(0, 3).map(row => row.dataset.case)")
        assert [one.id.hex() for one in (now, soon, today)] == first
        assert "40" == await amna.text("#queue [data-view=todo] [data-part=count]")
        assert "3" == await amna.text("#queue [data-view=urgent] [data-part=count]")

        # Both open the most urgent one; one of them is on it, and the other is told so instead of doing it again.
        await amna.opens(now.id)
        await bilal.opens(now.id)
        await claims(amna)
        bilal.expected.add(409)
        await bilal.page.click("[data-deed=claim]")
        await bilal.page.wait_for_selector("[data-deed=take_over]")

        # Both write an answer.  Whoever took the case over in between sends, the other keeps the words in the box.
        await amna.page.fill("#answer", "I am here. Are you safe now?")
        await bilal.page.click("[data-deed=take_over]")
        await bilal.page.click("#sure [data-part=yes]")
        await bilal.page.wait_for_selector("[data-deed=release]")
        await writes(bilal, "We read you. Go where people are.")
        await bilal.page.wait_for_selector(".message.ours")
        amna.expected.add(409)
        await amna.page.click("form.reply button[type=submit]")
        await amna.page.wait_for_selector(".message.ours")
        assert "I am here. Are you safe now?" == await amna.page.input_value("#answer")
        assert ["We read you. Go where people are."] == await answers_in(world, now)
        await amna.page.fill("#answer", "")

        # 08:05: the other two are in work: one goes over the border with the child's consent, one gets a note.
        await goes_to(amna, soon)
        await claims(amna)
        await passes_on(amna, "border")
        await amna.page.click("#pass-card button[type=submit]")
        await amna.page.wait_for_selector(".referral [data-step=revoke]")
        await leaves_the_case(bilal)
        await bilal.opens(today.id)
        await claims(bilal)
        await bilal.page.fill("#note-text", "Call the shelter at ten.")
        await bilal.page.click("#notes-card button[type=submit]")
        await bilal.page.wait_for_selector(".note-entry")
        async with house.visitor() as zoya:
            await zoya.at_the_queue("border")
            await zoya.page.click(f".inbox-row[data-case='{soon.id.hex()}']")
            await zoya.page.wait_for_selector(".referral [data-step=accept]")
            assert WORDS[list(WORDS)[morning.reports.index(soon) % 6]] in (await zoya.text("#case"))
            await zoya.page.click("[data-step=accept]")
            await zoya.page.wait_for_selector(".referral [data-step=done]")
            await zoya.calm()

        # The quiet ones: handed over, put off, closed, answered.
        await goes_to(amna, handed)
        await claims(amna)
        await passes_on(amna, "punjab", way="transfer", why="The family lives there.")
        await amna.page.click("#pass-card button[type=submit]")
        await amna.page.wait_for_selector(".referral")
        async with Officer(world) as punjab:
            await punjab.signs_in("punjab")
            assert "punjab" == (await steps(punjab, handed, "accept")).json()["holder"]
        await goes_to(amna, put_off)
        await claims(amna)
        await amna.page.click("[data-deed=snooze]")
        await amna.page.click("#snooze [data-wait='1']")
        await amna.page.wait_for_selector("[data-deed=wake]")
        await goes_to(amna, closed)
        await claims(amna)
        await writes(amna, "Thank you. We could help.")
        await amna.page.wait_for_selector(".message.ours")
        await amna.page.click("[data-deed=close]")
        await amna.page.click("#sure [data-part=yes]")
        await amna.page.wait_for_selector("[data-deed=reopen]")
        await goes_to(amna, passed)
        await claims(amna)
        await writes(amna, "I read this, and I look for help near you.")
        await amna.page.wait_for_selector(".message.ours")
        await leaves_the_case(amna)
        await amna.page.click("#queue [data-part=refresh]")
        await amna.page.wait_for_selector("#queue [data-part=rows]:not([aria-busy])", state="attached")
        counts = {
            view: await amna.text(f"#queue [data-view={view}] [data-part=count]")
            for view in ("asleep", "closed", "mine")
        }
        assert {"asleep": "1", "closed": "1", "mine": "2"} == counts
        assert [] == await amna.faults_of_access()
        assert [] == await bilal.faults_of_access()
        await amna.calm()
        await bilal.calm()

        # One of the two leaves.  Nobody is locked out of anything, and what was theirs to do is anybody's again.
        left = await leaving(world).leave("sindh", now=world.clock())
        assert left is not None
        assert (True, 0) == (left.done, left.lost)
        world.living.load(await world.database.read(rosters.newest), now=world.clock())
        await leaves_the_case(bilal)
        await bilal.page.click("#queue [data-view=passed_on]")
        await bilal.page.wait_for_selector("#queue [data-view=passed_on][aria-pressed=true]")
        await bilal.opens(soon.id)
        assert WORDS[list(WORDS)[morning.reports.index(soon) % 6]] in await bilal.text("#case")

    async with Officer(world) as supervisor, Officer(world) as punjab:
        await supervisor.signs_in("supervisor")
        await punjab.signs_in("punjab")
        for case in morning.reports:
            reader = punjab if case is handed else supervisor
            assert reader.seed(await reader.opens(case.id)), "still readable"

    # Nothing was answered twice, and the log of it all is whole.
    said: dict[int, int] = {}
    for n, one in enumerate(morning.reports):
        said[n] = len(await world.database.read(partial(mailboxes.messages, mailbox=one.mailbox.id)))
    answered = {morning.reports.index(one) for one in (now, closed, passed)}
    assert said == {n: int(n in answered) for n in range(40)}
    await world.trail()
    await world.auditing.head(now=world.clock())
    verdict = await world.auditing.verify(now=world.clock())
    assert () == verdict.faults
    acts = {entry["act"] for entry in await world.trail()}
    assert {"open", "claim", "take_over", "reply", "note", "snooze", "close", "left"} <= acts
