"""The recording of a text through its public door: what is fit to be heard, who approves it, when it is heard and when not."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path

import httpx
import pytest

from bot.revoicing import Revoicing
from bot.services.spoken import LARGEST, Sound, sound_fault
from bot.wording.voices import NO_VOICES, Clip, LiveVoices
from storage import recordings
from storage.recordings import Version
from tests.console.officer import ORIGIN
from tests.console.test_wording import Translator, amna, bilal, plain, said, urdu
from tests.console.world import World
from tests.opus import clip, spoken

__all__ = ["amna", "bilal"]

VOICE = spoken(4)
WORDS = "یہ نیا جملہ ہے۔"


async def sees(who: Translator, id: str, **more: str) -> str:
    answer = await who.http.get("wording/recording", params={"of": "ur", "text": id, **more})
    assert 200 == answer.status_code
    return unescape(answer.text)


async def sends(who: Translator, do: str, id: str, *, based: int = 0, **more: str | int) -> httpx.Response:
    of = str(more.get("of", "ur"))
    mark = re.search(r'name="mark" value="(\w*)"', await sees(who, id, of=of))
    told = {"mark": mark[1] if mark else "", "sound": b64encode(VOICE).decode(), "level": "-20"}
    body = {"token": who.session["token"], "of": of, "text": id, "do": do, "based": based, **told, **more}
    headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
    return await who.http.post("wording/recording", data=body, headers=headers)


async def does(who: Translator, do: str, id: str, *, based: int = 0, **more: str | int) -> None:
    answer = await sends(who, do, id, based=based, **more)
    assert (303, "") == (answer.status_code, said(answer))


def heard(world: World, id: str, lang: str = "ur") -> bytes | None:
    clip = world.voices.now.find(lang, id)
    return clip.content() if clip else None


async def test_a_recording_is_approved_published_heard_and_taken_back(
    world: World, amna: Translator, bilal: Translator
) -> None:
    id = plain(world, critical=True)
    await does(amna, "save", id)
    assert id in await amna.sees(show="spoken")
    await does(bilal, "approve", id, based=1)
    await world.revoicing.look()
    assert heard(world, id) is None

    await does(bilal, "publish", id, based=2)
    await world.revoicing.look()
    assert VOICE == heard(world, id)
    assert f"text={id}" not in await amna.sees(show="silent", q=id)
    sound = await amna.http.get("wording/sound", params={"of": "ur", "text": id})
    assert (VOICE, "audio/ogg; codecs=opus") == (sound.content, sound.headers["content-type"])

    await does(amna, "withdraw", id, based=3)
    await world.revoicing.look()
    assert heard(world, id) is None
    assert {"voice_draft", "voice_reviewed", "voice_published", "voice_withdrawn"} == {
        one["act"] for one in await world.trail() if one["act"].startswith("voice_")
    }


async def test_nobody_approves_a_safety_critical_recording_of_their_own(world: World, amna: Translator) -> None:
    id = plain(world, critical=True)
    await does(amna, "save", id)

    assert "somebody else" in said(await sends(amna, "approve", id, based=1))


async def test_a_recording_is_heard_of_its_own_words_alone(world: World, amna: Translator) -> None:
    """When the words change it falls silent; when they come back, it is heard again."""
    id = plain(world)
    await does(amna, "save", id)
    await does(amna, "approve", id, based=1)
    await does(amna, "publish", id, based=2)
    await world.revoicing.look()
    assert VOICE == heard(world, id)

    await amna.does("save", id, words=WORDS)
    assert "of other words" in await sees(amna, id)
    await amna.does("approve", id, based=1)
    await amna.does("publish", id, based=2)
    await world.rewording.look()
    assert heard(world, id) is None

    await amna.does("withdraw", id, based=3)
    await world.rewording.look()
    assert VOICE == heard(world, id)


async def test_words_that_changed_while_somebody_read_them_aloud_are_not_confused(
    world: World, amna: Translator
) -> None:
    id = plain(world)
    assert "changed meanwhile" in said(await sends(amna, "save", id, mark="0" * 16))
    await does(amna, "save", id)
    assert "changed meanwhile" in said(await sends(amna, "save", id, sound=b64encode(spoken(4, b"b")).decode()))
    await amna.does("save", id, words=WORDS)
    assert "words changed" in said(await sends(amna, "approve", id, based=1))


async def test_an_older_recording_comes_back_with_one_press(world: World, amna: Translator) -> None:
    id, other = plain(world), spoken(4, b"b")
    for based, voice in ((0, VOICE), (3, other)):
        await does(amna, "save", id, based=based, sound=b64encode(voice).decode())
        await does(amna, "approve", id, based=based + 1)
        await does(amna, "publish", id, based=based + 2)
    await does(amna, "revert", id, to=1, based=6)
    await world.revoicing.look()
    assert VOICE == heard(world, id)

    await does(amna, "revert", id, to=4, based=7)  # a revert of the revert
    await world.revoicing.look()
    assert other == heard(world, id)


async def test_a_translator_hears_and_records_no_language_but_their_own(world: World, amna: Translator) -> None:
    id = plain(world)
    async with Translator(world) as admin:
        await admin.signs_in("administrator")
        body = {"token": admin.session["token"], "do": "languages", "name": "translator", "value": "sd", "based": 0}
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
        assert 303 == (await admin.http.post("room", data=body, headers=headers)).status_code
    for path in ("wording/recording", "wording/sound"):
        assert 404 == (await amna.http.get(path, params={"of": "ur", "text": id})).status_code
    form = {"token": amna.session["token"], "of": "ur", "text": id, "do": "save", "sound": b64encode(VOICE).decode()}
    assert 404 == (await amna.http.post("wording/recording", data=form, headers=headers)).status_code
    assert "Read this aloud" in (await amna.http.get("wording/recording", params={"of": "sd", "text": id})).text


async def test_a_text_with_gaps_is_not_recorded(world: World, amna: Translator) -> None:
    assert "filled in later" in said(await sends(amna, "save", "code.show"))


@pytest.mark.parametrize(
    ("sound", "level", "why"),
    [
        (b"", "", "no OGG/Opus"),
        (b"RIFF....WAVEfmt ", "", "no OGG/Opus"),
        (VOICE[:-40], "", "no OGG/Opus"),
        (VOICE + VOICE.replace(b"test", b"tess"), "", "no OGG/Opus"),
        (VOICE + b"<script>", "", "no OGG/Opus"),
        (clip(200), "", "Nothing can be heard"),
        (spoken(91), "", "256 KiB"),
        (clip(50 * 91, frame=b"\xf8" * 20), "", "90 seconds"),
        (VOICE, "-60", "Too quiet"),
        (VOICE, "0", "Too loud"),
    ],
    ids=["nothing", "another kind", "cut off", "two streams", "a tail", "silence", "large", "long", "quiet", "loud"],
)
async def test_what_is_not_fit_to_be_heard_is_refused_with_the_reason(
    world: World, amna: Translator, sound: bytes, level: str, why: str
) -> None:
    answer = await sends(amna, "save", plain(world), sound=b64encode(sound).decode(), level=level)

    assert 409 == answer.status_code
    assert why in said(answer)


def test_a_recording_shorter_than_its_words_can_be_read_is_refused() -> None:
    assert "short" == sound_fault(Sound(spoken(1)), "ا" * 200)
    assert "" == sound_fault(Sound(spoken(6)), "ا" * 200)
    assert "large" == sound_fault(Sound(bytes(LARGEST + 1)), "")


async def test_every_replica_plays_what_was_published(world: World, amna: Translator, tmp_path: Path) -> None:
    """Another replica has a folder of its own; what is lost there is fetched again, and what was changed there is not played."""
    id = plain(world)
    await does(amna, "save", id)
    await does(amna, "approve", id, based=1)
    await does(amna, "publish", id, based=2)
    told: list[bool] = []
    voices = LiveVoices(NO_VOICES, world.live.wording.texts)
    other = Revoicing(world.database, voices, tmp_path / "other", lambda: told.append(True))
    await other.look()
    await other.look()

    assert [True] == told
    clip = voices.now.find("ur", id)
    assert clip is not None
    assert VOICE == clip.content()
    assert [clip.file] == [*(tmp_path / "other").iterdir()]


async def test_a_sound_that_was_changed_or_has_no_room_silences_no_other(
    world: World, amna: Translator, tmp_path: Path
) -> None:
    sound, other = plain(world), plain(world, critical=True)
    for id, digest, content in ((sound, sha256(VOICE).digest(), VOICE), (other, bytes(32), VOICE)):
        row = Version("ur", id, 1, "published", "amna", urdu(world, id), digest, 4, 7)
        await world.database.write(lambda c, row=row: recordings.add(c, row))  # type: ignore[misc]
        await world.database.write(lambda c, d=digest, s=content: recordings.keep(c, d, s))  # type: ignore[misc]
    folder = tmp_path / "clips"
    folder.write_text("a file where the folder should be")
    voices = LiveVoices(NO_VOICES, world.live.wording.texts)
    replica = Revoicing(world.database, voices, folder, lambda: None)
    await replica.look()
    assert voices.now.find("ur", sound) is None

    folder.unlink()
    await replica.look()  # there is room again
    assert voices.now.find("ur", sound) is not None
    assert voices.now.find("ur", other) is None  # its bytes are not the ones it is named by


def test_a_language_that_borrows_words_is_heard_in_the_voice_of_the_lender(world: World) -> None:
    """Saraiki readers see the Urdu sentence where theirs is missing, and hear it."""
    texts = world.live.wording.texts
    id = next(id for id, text in texts["skr"].items() if text == texts["ur"][id] != texts["en"][id])
    own = next(id for id, text in texts["skr"].items() if text != texts["ur"][id])
    voices = LiveVoices(NO_VOICES, texts, {"skr": ("ur", "en")})
    voices.take({"ur": {one: (texts["ur"][one], Clip(one, Path(), trial=False)) for one in (id, own)}})

    assert voices.now.find("skr", id) is not None
    assert voices.now.find("skr", own) is None
