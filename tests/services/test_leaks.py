"""Words typed anywhere are found nowhere: database, journals, temporary files, logs; nor is who typed them (S1, S44).

The short form runs every flow once in each script; the long one ten thousand times.
"""

import logging
import secrets
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.core.errors import SealingError
from bot.core.events import Wrote
from bot.core.private import Private
from bot.sealing.roster import LivingRoster
from bot.services.outgoing import Contact
from bot.services.receive import Receive
from bot.services.report import Sealer
from bot.services.talk import Talk
from storage.schema import cases
from tests.helpline import Helpline, Reporter, open_helpline
from tests.leak_scan import Marks
from tests.services.rows import rows_of
from tests.services.test_notices import Post, with_notices
from tests.talking import seeker

STEMS = {
    "Latin": "Zqkelpie7Qx",
    "Urdu": "زقکیلپی گواہ",
    "Gurmukhi": "ਜ਼ਕੇਲਪੀ ਗਵਾਹ",
    "Bengali": "জকেলপি সাক্ষ্য",
    "Hindi": "ज़केल्पी गवाह",
    "Sinhala": "කෙල්පි සාක්ෂි",
    "Tamil": "கெல்பி சாட்சி",
    "Tibetan": "ཀེལ་པི་དཔང་པོ",
    "Thaana": "ކެލްޕީ ހެކި",
    "emoji": "🧜‍♀️🪸🧿🫎",
}
CANARY = "Kelpie Zqsurname +92 300 0000000 @zqkelpie_handle 203.0.113.77 Mozilla/9.9 (Zqphone)"
"""What a channel might know of somebody: it never passes the door (S44)."""


ANSWERED = 3
"""Reports of one typist that are answered: to find them, the officer opens every case."""


class Typist:
    """Types marked words in every flow, each time other ones around the same stems."""

    def __init__(self, helpline: Helpline, *stems: str) -> None:
        self.helpline = helpline
        self.stems = stems
        self.codes: list[str] = []

    def words(self) -> str:
        return " ".join((secrets.token_hex(3), *self.stems, secrets.token_hex(3)))

    async def goes_through_everything(self, name: str) -> None:
        sara = self.helpline.reporter(name)
        sara.contact = Contact("telegram", f"{CANARY} {name}".encode(), f"{CANARY} {name}".encode())
        await self._before_and_beside_the_questions(sara)
        await self._a_report(sara)
        await self._hearing_back(sara)
        await self._what_they_think_of_us(sara)
        await self._a_draft_left_behind(sara)
        await self._broken_things(sara)

    async def _before_and_beside_the_questions(self, sara: Reporter) -> None:
        await sara.writes(self.words())
        await sara.chooses("lang:ur", "c:teen")
        await sara.writes(self.words(), edited=True)
        await sara.sends("picture", self.words())
        await sara.presses(f"a:{self.stems[0]}")
        await sara.presses("!mail")
        await sara.writes(self.words())

    async def _a_report(self, sara: Reporter) -> None:
        await sara.presses("!tell")
        await sara.chooses("resume", "a:yes", "skip", "a:ok")
        for _ in range(60):
            if not sara.asked():
                break
            if sara.asked() == "avoid" and "name-person" in sara.keys:
                await sara.chooses("name-person")
            elif sara.asked() in ("danger", "age"):
                await sara.writes(self.words())
                await sara.chooses("skip")
                continue
            if sara.asked() in ("avoid", "words-what", "words-more"):
                await sara.writes(self.words())
            else:
                await sara.chooses("skip")
        await sara.writes(self.words())
        await sara.chooses("change", "e:age", "a:12-14", "send")
        self.codes.append(sara.code())
        await sara.writes(self.words())
        await sara.chooses("code-saved")

    async def _hearing_back(self, sara: Reporter) -> None:
        if len(self.codes) <= ANSWERED:
            for report in await self.helpline.officer_reads("esha"):
                await self.helpline.officer_answers(report.case, self.words(), "esha")
        await sara.enters(self.codes[-1])
        await sara.writes(self.words())
        await sara.writes(self.codes[-1][:-1])
        await sara.enters(self.codes[-1])
        await sara.chooses("notice", "yes")
        await Post(self.helpline).replica().round()
        await sara.presses("!leave")

    async def _what_they_think_of_us(self, sara: Reporter) -> None:
        await sara.presses("!home")
        await sara.presses("!learn")
        await sara.chooses("c:rights", "c:propose")
        await sara.writes(self.words())
        await sara.writes(self.words(), edited=True)
        await sara.sends("picture", self.words())
        await sara.presses("!learn")
        await sara.chooses("c:rights", "c:my-rights", "f:no", "say")
        await sara.presses(f"m:{self.stems[0]}")
        await sara.chooses("m:wrong")
        await sara.writes(self.words())
        await sara.presses("!leave")

    async def _a_draft_left_behind(self, sara: Reporter) -> None:
        await sara.writes(self.words())
        await sara.presses("!tell")
        await sara.chooses("resume")
        await sara.writes(self.words())
        await sara.presses("!leave")
        raw = f'{{"update_id": 1, "message": "{self.words()}"}}'.encode()
        await self.helpline.unparsed.keep(raw, source="test", number=self.helpline.next_number(), now=self.helpline.now)

    async def _broken_things(self, sara: Reporter) -> None:
        """What fails half-way must not leave its words in an error or a log."""
        helpline = self.helpline
        unsigned = Sealer(helpline.keys, LivingRoster(helpline.people.root), {})
        broken = Talk(
            Receive(helpline.database, helpline.keys, unsigned, lambda: helpline.flow, seeker().seek), helpline.errands
        )
        with pytest.raises(SealingError) as refused:
            async for _ in broken.talk(
                sara.contact, Wrote(helpline.now, Private(self.words())), source="test", number=helpline.next_number()
            ):
                pass
        logging.getLogger("test").error("a turn failed", exc_info=refused.value)


@pytest.fixture
async def on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Helpline]:
    """A helpline on a file, whose temporary files we would see."""
    (tmp_path / "temp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    async with open_helpline(tmp_path, f"sqlite:///{tmp_path / 'hamrah.db'}") as opened:
        yield with_notices(opened)


def logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> bytes:
    """Everything that was logged or printed, arguments of the records included."""
    out, err = capfd.readouterr()
    args = " ".join(repr(record.args) for record in caplog.records)
    return "\n".join((caplog.text, args, out, err)).encode()


def in_every_form(code: str) -> list[str]:
    """The secret part of the code, with and without separators."""
    return [code.replace(" ", "")[5:19], code[6:], code[6:].replace(" ", "-")]


async def scan(helpline: Helpline, folder: Path, typists: list[Typist], printed: bytes) -> None:
    """The journal and what lies beside the database while both are open, then everything after a checkpoint."""
    codes = [form for t in typists[:2] for code in t.codes[-5:] for form in in_every_form(code)]
    marks = Marks([*STEMS.values(), CANARY, "Zqsurname", "zqkelpie_handle", "203.0.113.77", *codes])
    assert marks.leaks_in(*(f for f in folder.rglob("*") if f.suffix != ".db")) == []
    await helpline.database.checkpoint()
    assert marks.leaks_in(folder) == []
    assert marks.leaks(printed, "logs") == []


@pytest.mark.slow
@pytest.mark.promise("S1", "S18", "S44")
async def test_no_word_typed_in_any_flow_is_found_anywhere(
    on_disk: Helpline, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    stems = list(STEMS.values())
    typists = [Typist(on_disk, *stems[at : at + 3]) for at in range(0, len(stems), 3)]
    for n, typist in enumerate(typists):
        await typist.goes_through_everything(f"{n}")

    assert await rows_of(on_disk.database, "notice_ends"), "the last leaving waits for the notifier"
    await scan(on_disk, tmp_path, typists, logged(caplog, capfd))
    read = [words for report in await on_disk.officer_reads("esha") for _, words in report.words]
    for stem in STEMS.values():
        assert any(stem in words for words in read), "what was typed did reach the officers"


@pytest.mark.slow
@pytest.mark.promise("S1")
async def test_the_scan_would_have_found_it(on_disk: Helpline, tmp_path: Path) -> None:
    """The same search, with one word stored in clear."""
    typist = Typist(on_disk, STEMS["Urdu"])
    await typist.goes_through_everything("0")
    await on_disk.database.write(lambda c: c.execute(update(cases).values(concern=typist.words())))

    with pytest.raises(AssertionError):
        await scan(on_disk, tmp_path, [typist], b"")


@pytest.mark.long
@pytest.mark.promise("S1", "S18", "S44")
@pytest.mark.parametrize("thousand", range(10))
async def test_no_word_of_ten_thousand_talks_is_found_anywhere(
    thousand: int,
    on_disk: Helpline,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    typists = [Typist(on_disk, stem) for stem in STEMS.values()]
    for n in range(1_000):
        await typists[n % len(typists)].goes_through_everything(f"{thousand}-{n}")
        on_disk.now += 10
        on_disk.hang_up()

    await scan(on_disk, tmp_path, typists, logged(caplog, capfd))
