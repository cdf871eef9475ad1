"""The console against whoever writes, and against a server that cheats: nothing runs, nothing is hidden, all shows."""

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio
from sqlalchemy import Connection, delete, insert, select, update

from bot.core.writes import KeepRecord
from bot.sealing.context import Context, new_id
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.padding import REPLY
from bot.sealing.record import record_hash, seal_record
from bot.sealing.reply import sign_reply, write_reply
from bot.sealing.signing import new_signing_seed
from bot.sealing.slot import SLOT_BYTES
from storage import cases, mailboxes
from storage.schema import accounts, case_heads, mailbox_messages, records, slots
from tests.browser.console_page import Floor, Visitor, floor
from tests.console.hostile import LOADS, corpus
from tests.console.officer import Officer
from tests.console.test_casework import answers_in
from tests.console.world import SeededCase

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

AT_ONCE = 25
HIDING = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufff9-\ufffb]")
NAMES = {0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO"} | {
    0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI"
}  # fmt: skip

UNHARMED = [
    "می\u200cخواهم به خانه بروم",
    "क्\u200dष और क्\u200cष",
    "👨\u200d👩\u200d👧\u200d👦 👩🏽\u200d🚒 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f 🇵🇰 1\ufe0f\u20e3",
    "السلام عليكم\u200f! 12/3\u200e",
    "ڈاکٹر نے کہا: «ٹھیک ہے»",
    "සිංහල தமிழ் ދިވެހި རྫོང་ཁ",
    "two\tcolumns\nand a line",
    "e\u0301 is e with an accent",
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path_factory.mktemp("console"), chromium_path) as made:
        yield made


def shown(words: str) -> str:
    """What a person sees of `words`."""
    clean = HIDING.sub("", unicodedata.normalize("NFC", words).replace("\r\n", "\n").replace("\r", "\n"))
    return clean.translate(NAMES)


async def told(visitor: Visitor, within: str = "#case") -> list[str]:
    found = await visitor.page.locator(f"{within} .told").all_text_contents()
    return list(found)


@pytest.mark.promise("S29")
@pytest.mark.promise("S30")
async def test_five_hundred_hostile_strings_in_every_field_are_only_text(house: Floor) -> None:
    strings = corpus()
    parts = [strings[n : n + AT_ONCE] for n in range(0, len(strings), AT_ONCE)]
    made = [(part, await _hostile_case(house, part)) for part in parts]
    await house.world.database.write(
        lambda conn: conn.execute(update(accounts).where(accounts.c.id == "kp").values(name=strings[20]))
    )
    async with house.visitor() as officer:
        await officer.at_the_queue("kp")
        assert shown(strings[20]) == await officer.page.text_content("#me [data-part=name]")
        while await officer.page.locator("#queue [data-part=more]").is_visible():
            await officer.page.click("#queue [data-part=more]")
        for part, case in made:
            await officer.page.evaluate("location.hash = ''")
            await officer.opens(case.id)
            assert [*map(shown, part), shown(part[0])] == await told(officer)
            reasons = await officer.page.locator("#case .reasons li").all_text_contents()
            assert list(map(shown, part)) == reasons
            assert [] == await officer.texts(".alarm")
        assert (
            0
            == await officer.page.locator(
                "main :is(script, img, iframe, object, embed, link, style, form form, base)"
            ).count()
        )
        await officer.page.wait_for_timeout(300)
        await officer.calm()


async def _hostile_case(house: Floor, part: Sequence[str]) -> SeededCase:
    words = [("words-what", one) for one in part]
    case = await house.world.case(
        words,
        place="PK-KP",
        answers={"danger": tuple(part), **dict.fromkeys(part, ("x",))},
        reasons=tuple(part),
        language=part[0][:60],
        age=part[1],
        concern=part[2],
    )
    await house.world.writes_back(case, part[0])
    return case


@pytest.mark.promise("S24")
async def test_a_script_that_got_in_finds_every_way_closed(house: Floor) -> None:
    """As if untrusted words had become code: no evaluation, no markup, no script, no request to elsewhere."""
    tries = {
        "eval": "eval('1')",
        "function": "new Function('return 1')()",
        "inner": "document.body.innerHTML = '<img src=x onerror=alert(1)>'",
        "write": "document.write('<script>alert(1)</script>')",
        "script": "(() => { const s = document.createElement('script'); s.textContent = 'alert(1)'; document.body.append(s) })()",
        "script address": "(() => { const s = document.createElement('script'); s.src = '/console/static/console.js'; })()",
        "frame": "(() => { const f = document.createElement('iframe'); f.srcdoc = '<script>alert(1)</script>'; })()",
        "worker": "new window.Worker('data:text/javascript,1')",
        "policy": "trustedTypes.createPolicy('other', {createHTML: (s) => s})",
        "again": "trustedTypes.createPolicy('hamrah', {createScriptURL: (s) => s})",
        "send": "fetch('https://canary.invalid/?x=1')",
    }
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        refused = {}
        for name, code in tries.items():
            later = (
                "await new Promise((done) => setTimeout(done, 20))"  # as the page itself, no longer as the test tool
            )
            attempt = f"(async () => {{ {later}; try {{ await ({code}); return false; }} catch {{ return true; }} }})()"
            refused[name] = await officer.page.evaluate(attempt)

        assert dict.fromkeys(tries, True) == refused
        assert [] == await officer.page.evaluate("window.executed")


@pytest.mark.promise("S31")
async def test_scripts_and_emoji_come_through_unharmed(house: Floor) -> None:
    case = await house.world.case([("words-what", words) for words in UNHARMED])
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)

        assert [unicodedata.normalize("NFC", words) for words in UNHARMED] == await told(officer)


@pytest.mark.promise("S31")
async def test_hidden_controls_reorder_nothing_around_them(house: Floor) -> None:
    """Pixel by pixel: what stands before and after a spoof looks as it does beside harmless words."""
    spoofs = ["\u202eabc", "\u2067abc\u2068", "x\u202e\u202e\u2066", "\u200f\u202babc", "abc"]
    around = ("words-what", "before 12 (a)"), ("words-what", "after 12 (a)")
    made = [await house.world.case((around[0], ("words-more", spoof), around[1])) for spoof in spoofs]
    seen = set()
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        for case in made:
            await officer.page.evaluate("location.hash = ''")
            await officer.opens(case.id)
            await officer.page.evaluate(
                "document.querySelectorAll('[data-part=words] > .hint').forEach((one) => one.remove())"
            )
            cards = officer.page.locator("#case article.words")
            assert 3 == await cards.count()
            seen.add((await cards.nth(0).screenshot(), await cards.nth(2).locator(".told").screenshot()))

    assert 1 == len(seen)


@pytest.mark.promise("S31")
async def test_a_word_of_look_alike_letters_is_warned_of(house: Floor) -> None:
    case = await house.world.case((("words-what", "write to p\u0430ypal.example"),))
    plain = await house.world.case((("words-what", "Это просто текст, and this is English"),))
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        assert "look alike" in await officer.text("#case")
        await officer.page.evaluate("location.hash = ''")
        await officer.opens(plain.id)
        await officer.page.wait_for_selector("text=просто")

        assert "look alike" not in await officer.text("#case")


async def alarms_of(house: Floor, case: SeededCase) -> tuple[list[str], list[str]]:
    """Alarms, and whatever is shown as told."""
    async with house.visitor() as officer:
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        return await officer.texts(".alarm p"), await told(officer)


@pytest.mark.promise("S12")
async def test_a_reader_who_was_added_shows_as_soon_as_the_case_is_opened(house: Floor) -> None:
    case = await house.world.case()
    roster = house.world.living.current(now=house.world.clock())
    stranger = next(o for o in roster.officers if o.id == "punjab").keys[0].id
    for key in (stranger, key_id(public_key(new_seed()))):
        await house.world.database.write(lambda conn, key=key: _add_slot(conn, case.id, key))  # type: ignore[misc]
        alarms, _ = await alarms_of(house, case)
        assert ["Somebody who is not on the list of officers can read this case."] == alarms
        await house.world.database.write(lambda conn, key=key: cases.drop_slots(conn, case.id, [key]))  # type: ignore[misc]

    assert [] == (await alarms_of(house, case))[0]


def _add_slot(conn: Connection, case: bytes, key: bytes) -> None:
    conn.execute(insert(slots).values(case_id=case, key_id=key, slot=bytes(SLOT_BYTES), roster=1))


@pytest.mark.promise("S52")
async def test_a_record_that_was_taken_out_or_swapped_shows(house: Floor) -> None:
    words = (("words-what", "one"), ("words-what", "two"), ("words-more", "three"))
    gone, swapped = await house.world.case(words), await house.world.case(words)

    def tamper(conn: Connection) -> None:
        conn.execute(delete(records).where(records.c.case_id == gone.id, records.c.seq == 1))
        first, second = (
            conn.execute(select(records).where(records.c.case_id == swapped.id, records.c.seq == n)).one()
            for n in (0, 1)
        )
        for seq, row in ((0, second), (1, first)):
            conn.execute(
                update(records)
                .where(records.c.case_id == swapped.id, records.c.seq == seq)
                .values(id=row.id, envelope=row.envelope, digest=row.digest)
            )

    await house.world.database.write(tamper)
    missing = "Parts of this case are missing, repeated or changed."
    assert missing in (await alarms_of(house, gone))[0]
    alarms, seen = await alarms_of(house, swapped)
    assert (["A part of this case cannot be opened."], []) == (alarms, seen)


@pytest.mark.promise("S52")
async def test_an_answer_that_no_officer_signed_is_not_shown(house: Floor) -> None:
    """The server knows the case's public key, so it can seal; it cannot sign."""
    case = await house.world.case()
    roster = house.world.living.current(now=house.world.clock())
    found = await house.world.database.read(lambda conn: cases.find(conn, case.id))
    assert found is not None
    common = {"deployment": roster.deployment, "roster_version": roster.version, "case_id": case.id, "kind": "reply"}
    place = Context(**common, record_id=new_id(), seq=0, recipient=key_id(case.mailbox.kem_public))  # type: ignore[arg-type]
    forged = sign_reply(new_signing_seed(), write_reply(place, "sindh", 20_000, "Come to the bus station."))
    inside = Context(
        **common,  # type: ignore[arg-type]
        record_id=new_id(),
        seq=found.count,
        recipient=key_id(found.public),
        previous=found.head,
    )
    envelope = seal_record(found.public, inside, bytes(32) + forged, REPLY)
    record = KeepRecord(
        inside.record_id, case.id, inside.seq, "reply", envelope, record_hash(envelope), roster.version, 20_000
    )
    await house.world.database.write(lambda conn: cases.append(conn, record))
    alarms, seen = await alarms_of(house, case)

    assert ["An answer in this case is not signed by an officer. It is not shown."] == alarms
    assert ["They keep my passport."] == seen


@pytest.mark.promise("S52")
async def test_an_answer_put_into_the_mailbox_past_the_case_shows(house: Floor) -> None:
    case = await house.world.case()
    message = KeepRecord(new_id(), case.id, 0, "reply", bytes(9400), bytes(32), 1, 20_000)
    await house.world.database.write(
        lambda conn: mailboxes.add_message(
            conn,
            case.mailbox.id,
            mailboxes.Message(message.id, 0, 1, message.envelope, message.digest, message.day),
        )
    )

    assert ["An answer in this case is not signed by an officer. It is not shown."] == (await alarms_of(house, case))[0]


@pytest.mark.promise("S52")
async def test_taking_the_last_answer_away_shows_to_whoever_saw_it(house: Floor) -> None:
    case = await house.world.case()
    async with house.visitor() as officer:
        page = officer.page
        await officer.at_the_queue("sindh")
        await officer.opens(case.id)
        before = await house.world.database.read(lambda conn: cases.find(conn, case.id))
        assert before is not None
        await page.click("[data-deed=claim]")
        await page.wait_for_selector("[data-deed=release]")
        await page.fill("#answer", "I am here.")
        await page.click("form.reply button[type=submit]")
        await page.wait_for_selector(".message.ours")
        assert ["I am here."] == await answers_in(house.world, case)

        def take_away(conn: Connection) -> None:
            conn.execute(delete(records).where(records.c.case_id == case.id, records.c.seq == before.count))
            conn.execute(delete(mailbox_messages).where(mailbox_messages.c.mailbox_id == case.mailbox.id))
            conn.execute(
                update(case_heads).where(case_heads.c.case_id == case.id).values(seq=before.count, head=before.head)
            )

        await house.world.database.write(take_away)
        await page.evaluate("location.hash = ''")
        await officer.opens(case.id)

        assert ["Parts of this case are missing, repeated or changed."] == await officer.texts(".alarm p")


@pytest.mark.promise("S28")
async def test_the_vault_never_gives_the_key_away_and_shuts_for_who_opens_everything(house: Floor) -> None:
    """A hostile script in the page holds the vault's own port, and asks for everything; the pass phrase it does not have."""
    async with house.visitor() as officer, Officer(house.world) as same:
        case = await house.world.case(place="PK-BA")
        await officer.at_the_queue("balochistan")
        used = len(await officer.texts("a.row"))
        await same.signs_in("balochistan")
        assert same.secrets is not None
        answers = await officer.page.evaluate(HOSTILE)

        kinds = [one.get("refused") for one in answers if one is not None and "tell" not in one]
        told = str(answers)
        for secret in (same.secrets.seed, same.secrets.signing_seed):
            assert secret.hex() not in told
            assert str(list(secret))[1:-1] not in told
        assert {"ask"} == set(kinds[:6])
        assert 120 - used == kinds[6:].count("wrong")
        assert {"wrong", "pace"} >= set(kinds[6:]), "nothing was opened"
        assert answers[-1] is None, "there is no vault any more to ask"
        await officer.page.wait_for_selector("#sign-in:not([hidden])")
        assert "more than anybody reads" in await officer.text("#trouble")
        assert await officer.page.locator("#desk").is_hidden()
        await officer.page.fill("#phrase", house.world.phrase("balochistan"))
        await officer.page.click("#sign-in [data-part=go]")
        await officer.page.wait_for_selector("#desk:not([hidden])")
        await officer.opens(case.id)


@pytest.mark.promise("S28")
async def test_an_officer_who_reads_fast_waits_a_moment_and_is_never_shut_out(house: Floor) -> None:
    """The page keeps below the pace of the vault by itself."""
    for _ in range(25):
        await house.world.case(place="PK-IS")
    async with house.visitor() as officer:
        page = officer.page
        await officer.at_the_queue("punjab")
        await page.evaluate(
            "window.asked = 0; window.workers.at(-1).addEventListener('message', () => { window.asked += 1; })"
        )
        for n in range(4):
            await page.click("#queue [data-part=refresh]")
            if n < 3:
                await officer.until(f"window.asked >= {25 * (n + 1)}")
                await page.wait_for_selector("#queue [data-part=rows]:not([aria-busy])", state="attached")
        await officer.until("document.querySelector('#status').textContent.includes('by itself')")
        assert 110 >= 25 + await page.evaluate("window.asked")
        assert await page.locator("#sign-in").is_hidden()
        await officer.calm()


@pytest.mark.promise("S30")
async def test_addresses_in_a_report_are_never_asked_for_not_even_a_connection_is_made(house: Floor) -> None:
    """A real listener, in case something asks past what the browser reports."""
    heard: list[str] = []

    async def listens(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(str(writer.get_extra_info("peername")))
        writer.close()

    server = await asyncio.start_server(listens, "127.0.0.1", 0)
    host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    strings = [load.replace("{host}", host) for load in LOADS]
    case = await _hostile_case(house, [*strings[:AT_ONCE], host, f"http://{host}/x"])
    async with house.visitor() as officer:
        await officer.at_the_queue("kp")
        await officer.opens(case.id)
        await officer.page.hover("#case .told >> nth=0")
        await officer.page.wait_for_timeout(500)
        assert [] == heard
        await officer.calm()
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await asyncio.sleep(0.1)
    assert heard, "it would have been heard"
    writer.close()
    server.close()


HOSTILE = """
(async () => {
  const vault = window.workers.at(-1);
  const answers = [];
  const ask = (message) => new Promise((resolve) => {
    const late = setTimeout(() => { answers.push(null); resolve(); }, 5000);
    vault.addEventListener("message", (event) => { clearTimeout(late); answers.push(event.data); resolve(); }, { once: true });
    vault.postMessage(message);
  });
  const open = { n: 1, ask: "open", deployment: "00".repeat(16), roster: 1, case: "00".repeat(16), key: "00".repeat(16),
    caseKey: "00".repeat(16), slot: "AAAA" };
  for (const odd of [{ n: 1, ask: "export" }, { n: 1, ask: "__proto__" }, { ...open, extra: 1 }, "open", null,
                     { n: 1, ask: "sign", payload: "AAAA" }]) await ask(odd);
  for (let n = 0; n < 130 && answers.at(-1) !== null; n += 1) await ask(open);
  return answers;
})()
"""
