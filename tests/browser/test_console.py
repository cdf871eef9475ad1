"""The console in a real Chromium: signing in, the queue, a case, an answer; for everybody, and against whoever writes."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.sealing.passphrase import new_passphrase
from bot.services.officers.sign_in import IDLE_S
from storage import cases
from tests.browser.console_page import Floor, floor
from tests.console.officer import Officer
from tests.console.test_casework import answers_in

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    """One house for all: each test brings its own case, and finds it among the others."""
    async with floor(tmp_path_factory.mktemp("console"), chromium_path) as made:
        yield made


@pytest.mark.promise("S24")
@pytest.mark.parametrize(
    ("width", "lang", "scheme"),
    [(1280, "en", "light"), (1280, "ur", "dark"), (360, "ur", "light"), (360, "en", "dark")],
)
async def test_an_officer_signs_in_reads_and_answers(house: Floor, width: int, lang: str, scheme: str) -> None:
    """The whole way, usable by everybody on the way: axe finds nothing, nothing is cut off, the policy holds."""
    case = await house.world.case((("words-what", "وہ میرا پاسپورٹ نہیں دیتے۔"),), language="ur")
    async with house.visitor(width=width, lang=lang, color_scheme=scheme) as officer:
        page = officer.page
        assert [] == await officer.faults_of_access()
        await officer.at_the_queue("sindh")
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await officer.opens(case.id)
        assert "وہ میرا پاسپورٹ نہیں دیتے۔" in await officer.text("#case .told")
        await page.click("[data-deed=claim]")
        await page.wait_for_selector("[data-deed=release]")
        await page.fill("#answer", "شکریہ۔ کیا آپ محفوظ ہیں؟")
        assert [] == await officer.faults_of_access()
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours")
        assert [] == await officer.faults_of_access()
        assert await officer.overflow() <= 0
        await officer.calm()

    assert ["شکریہ۔ کیا آپ محفوظ ہیں؟"] == await answers_in(house.world, case)


async def test_twice_the_text_size_loses_nothing(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor(width=1280) as officer:
        await officer.page.add_init_script(
            "addEventListener('DOMContentLoaded', () => document.documentElement.style.setProperty('font-size', '200%'))"
        )
        await officer.page.reload()
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)

        assert await officer.overflow() <= 0
        assert [] == await officer.faults_of_access()


async def test_a_wrong_pass_phrase_is_told_kindly_and_nothing_is_shown(house: Floor) -> None:
    await house.world.case()
    async with house.visitor() as stranger:
        stranger.expected.add(401)
        await stranger.signs_in("sindh", new_passphrase())
        await stranger.page.wait_for_selector("#sign-in .error:not(:empty)")

        assert "not right" in await stranger.text("#sign-in .error")
        assert await stranger.page.locator("#desk").is_hidden()
        assert [] == await stranger.faults_of_access()
        await stranger.calm()


@pytest.mark.promise("S20")
async def test_a_pass_phrase_of_ones_own_never_leaves_the_page(house: Floor) -> None:
    async with house.visitor() as stranger:
        asked: list[str] = []
        stranger.page.on("request", lambda request: asked.append(f"{request.url} {request.post_data}"))
        await stranger.signs_in("sindh", "my own secret words are these")
        await stranger.page.wait_for_selector("#sign-in .error:not(:empty)")

        assert not [one for one in asked if one.endswith("/sign-in") or "proof" in one or "secret" in one]


async def test_the_queue_is_worked_with_keys_and_they_can_be_switched_off(house: Floor) -> None:
    first = await house.world.case(place="PK-KP", urgency="U0")
    second = await house.world.case(place="PK-KP", urgency="U1")
    async with house.visitor() as officer:
        page, key = officer.page, officer.page.keyboard
        await officer.at_the_queue("kp")
        await key.press("j")
        assert first.id.hex() == await page.evaluate("document.activeElement.dataset.case")
        await key.press("ArrowDown")
        assert second.id.hex() == await page.evaluate("document.activeElement.dataset.case")
        await key.press("k")
        await key.press("Enter")
        await page.wait_for_selector("#case [data-part=open]:not([hidden])")
        await key.press("c")
        await page.wait_for_selector("[data-deed=release]")
        await key.press("r")
        await key.type("jjk?")
        assert "jjk?" == await page.input_value("#answer")
        await page.focus("#case-title")
        await key.press("?")
        assert await page.locator("#keys").is_visible()
        assert [] == await officer.faults_of_access()
        await page.uncheck("#keys [data-part=single]")
        await key.press("Escape")
        await key.press("?")
        assert await page.locator("#keys").is_hidden()
        await officer.calm()


@pytest.mark.parametrize(("width", "lang"), [(360, "ur"), (1280, "en")])
async def test_what_is_late_is_said_and_has_a_list(house: Floor, width: int, lang: str) -> None:
    case = await house.world.case(place="PK-KP", urgency="U1")
    house.world.clock.now += 5 * 3600
    async with house.visitor(width=width, lang=lang) as officer:
        await officer.at_the_queue("kp")
        row = f"a.row.late[data-case='{case.id.hex()}'] .clock"
        assert {"en": "late by 4 hours", "ur": "4 گھنٹے کی دیر"}[lang] == await officer.text(row)
        await officer.page.click("#queue [data-view=overdue]")
        await officer.page.wait_for_selector("#queue [data-view=overdue][aria-pressed=true]")
        await officer.page.wait_for_selector(f"a.row[data-case='{case.id.hex()}']")
        assert [] == await officer.faults_of_access()
        assert 0 == await officer.overflow()
        await officer.calm()


async def test_the_back_button_of_the_browser_goes_back_to_the_list(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor(width=360) as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        assert await officer.page.locator("#queue").is_hidden()
        await officer.page.go_back()
        await officer.page.wait_for_selector("#queue h1:visible")

        assert await officer.page.locator("#case").is_hidden()
        assert case.id.hex() == await officer.page.evaluate("document.activeElement.dataset.case")


@pytest.mark.promise("S22")
async def test_an_idle_desk_is_cleared_and_opens_with_the_pass_phrase(house: Floor) -> None:
    case = await house.world.case((("words-what", "a secret of a child"),))
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        officer.expected.add(401)
        house.world.clock.now += IDLE_S + 1
        await officer.page.click("#queue [data-part=refresh]")
        await officer.page.wait_for_selector("#sign-in:not([hidden])")
        assert "a secret of a child" not in await officer.page.content()
        assert await officer.page.locator("#login").is_hidden()
        await officer.page.fill("#phrase", house.world.phrase("sindh"))
        await officer.page.click("#sign-in [data-part=go]")
        await officer.page.wait_for_selector("#desk:not([hidden])")


async def test_locking_takes_everything_opened_off_the_page(house: Floor) -> None:
    case = await house.world.case((("words-what", "a secret of a child"),))
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        assert "a secret of a child" in await officer.page.content()
        await officer.page.click("[data-part=shut]")
        await officer.page.wait_for_selector("#sign-in:not([hidden])")

        assert "a secret of a child" not in await officer.page.content()
        assert [] == await officer.faults_of_access()


@pytest.mark.promise("S22")
async def test_a_vault_left_alone_empties_itself(house: Floor) -> None:
    """Its own clock does it, whatever page and server say."""
    case = await house.world.case((("words-what", "a secret of a child"),))
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await officer.page.workers[0].evaluate(
            f"(() => {{ const at = Date.now() + {IDLE_S}000; Date.now = () => at; }})()"
        )
        await officer.page.wait_for_selector("#sign-in:not([hidden])")

        assert "a secret of a child" not in await officer.page.content()
        assert [] == officer.page.workers


@pytest.mark.promise("R26")
async def test_an_answer_whose_receipt_was_lost_is_sent_once(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer:
        page = officer.page
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await page.click("[data-deed=claim]")
        await page.wait_for_selector("[data-deed=release]")
        await page.fill("#answer", "I am here.")

        async def lose(route: object) -> None:
            await route.fetch()  # type: ignore[attr-defined]
            await route.abort()  # type: ignore[attr-defined]

        await page.route("**/reply", lose, times=1)
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector("#trouble:not(:empty)")
        assert "I am here." == await page.input_value("#answer")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours")
        await page.fill("#answer", "And again.")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours >> nth=1")

    assert ["I am here.", "And again."] == await answers_in(house.world, case)


@pytest.mark.promise("R26")
async def test_a_colleague_was_faster_and_both_texts_are_there(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer, Officer(house.world) as supervisor:
        page = officer.page
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await page.click("[data-deed=claim]")
        await page.wait_for_selector("[data-deed=release]")
        await page.fill("#answer", "Mine.")
        await _answers(supervisor, house, case.id, "Theirs.")
        officer.expected.add(409)
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".theirs-newer")

        assert "Theirs." in await officer.text(".theirs-newer")
        assert "Mine." == await page.input_value("#answer")
        assert [] == await officer.faults_of_access()
    assert ["Theirs."] == await answers_in(house.world, case)


@pytest.mark.promise("S11")
async def test_a_roster_that_changed_meanwhile_is_checked_and_taken_over(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer:
        page = officer.page
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await page.click("[data-deed=claim]")
        await page.wait_for_selector("[data-deed=release]")
        await house.world.new_roster()
        officer.expected.add(409)
        await page.fill("#answer", "I am here.")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector("#trouble:not(:empty)")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours")

    assert ["I am here."] == await answers_in(house.world, case)


async def test_a_long_list_is_shown_page_by_page(house: Floor) -> None:
    made = {(await house.world.case(place="PK-PB")).id.hex() for _ in range(27)}
    async with house.visitor() as officer:
        await officer.at_the_queue("punjab")
        assert 25 == await officer.page.locator("a.row").count()
        await officer.page.click("#queue [data-part=more]")
        await officer.page.wait_for_selector("a.row >> nth=26")
        rows = await officer.page.evaluate("[...document.querySelectorAll('a.row')].map((row) => row.dataset.case)")

        assert made == set(rows)
        assert rows[25] == await officer.page.evaluate("document.activeElement.dataset.case")
        assert await officer.page.locator("#queue [data-part=more]").is_hidden()
        assert "27" in await officer.text("[data-view=todo]")


async def test_what_the_child_writes_back_is_read_in_its_place(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer:
        page = officer.page
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        await page.click("[data-deed=claim]")
        await page.wait_for_selector("[data-deed=release]")
        await page.fill("#answer", "Are you safe?")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours")
        await house.world.writes_back(case, "Not yet.")
        await page.evaluate("location.hash = ''")
        await officer.opens(case.id)

        assert ["Are you safe?", "Not yet."] == await officer.texts("#case .talk .told")
        assert [] == await officer.texts(".alarm")


async def _answers(officer: Officer, house: Floor, case: bytes, words: str) -> None:
    """A colleague takes the case over and answers."""
    found = await house.world.database.read(lambda conn: cases.find(conn, case))
    assert found is not None
    await officer.signs_in("supervisor")
    opened = await officer.opens(case)
    opened |= (await officer.does("take_over", opened)).json()
    await officer.does("reply", opened, **officer.answer(opened, words))
