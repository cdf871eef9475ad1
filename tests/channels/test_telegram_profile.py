"""The profile is read first and only what differs is set; run again it changes nothing."""

import asyncio
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from bot.channels.telegram.answers import TokenRejected
from bot.channels.telegram.api import Api
from bot.channels.telegram.profile import codes, sync
from bot.channels.telegram.request import PooledRequest
from bot.cli import main
from bot.content.loader import load_content
from bot.content.unsaid import NEUTRAL_TEXTS
from bot.core.effects import Text
from bot.wording.load import load_wording
from bot.wording.render import Wording
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.trouble import Flood, Status

LANGUAGES = ("en", "ur", "ur-Latn", "skr", "fa-AF")


@pytest.fixture(scope="module")
def wording() -> Wording:
    content = load_content()
    return load_wording(content.texts, content.place_names)


def sets(telegram: FakeTelegram) -> list[tuple[str, str]]:
    calls = (call for call in telegram.world.calls if call.method.startswith("set"))
    return [(call.method, str(call.params.get("language_code", ""))) for call in calls]


def test_only_two_letters_are_a_language_there_and_everybody_comes_first() -> None:
    assert ["", "en", "ur"] == list(codes(LANGUAGES))


async def test_everything_is_set_once_and_then_nothing(telegram: FakeTelegram, api: Api, wording: Wording) -> None:
    first = await sync(api, wording, LANGUAGES, "")
    assert () == first.failed
    assert "ہمراہ" == telegram.world.profile["name", "ur"]
    assert wording.say("ur", Text("profile.about")) == telegram.world.profile["description", "ur"]
    assert wording.say("en", Text("profile.short")) == telegram.world.profile["short_description", "en"]
    shown = {one["command"]: one["description"] for one in telegram.world.commands["default ur"]}
    assert wording.say("ur", Text("command.help")) == shown["help"]
    assert {"type": "commands"} == telegram.world.menu

    before = len(sets(telegram))
    again = await sync(api, wording, LANGUAGES, "")
    assert ((), ()) == (again.changed, again.failed)
    assert before == len(sets(telegram))


async def test_what_a_person_changed_by_hand_is_set_again_and_nothing_else(
    telegram: FakeTelegram, api: Api, wording: Wording
) -> None:
    await sync(api, wording, LANGUAGES, "")
    telegram.world.profile["description", "ur"] = "changed"
    telegram.world.calls.clear()

    assert ("description ur",) == (await sync(api, wording, LANGUAGES, "")).changed
    assert [("setMyDescription", "ur")] == sets(telegram)


async def test_an_operators_own_name_is_the_same_in_every_language(
    telegram: FakeTelegram, api: Api, wording: Wording
) -> None:
    await sync(api, wording, LANGUAGES, "Saathi")
    assert {"Saathi"} == {value for (field, _), value in telegram.world.profile.items() if field == "name"}


async def test_people_of_other_languages_see_the_opening_languages(
    telegram: FakeTelegram, api: Api, wording: Wording
) -> None:
    await sync(api, wording, LANGUAGES, "")
    assert telegram.world.profile["description", "ur"] in telegram.world.profile["description", ""]
    assert telegram.world.profile["description", "en"] in telegram.world.profile["description", ""]


async def test_one_refusal_does_not_hold_up_the_rest_and_is_told(
    telegram: FakeTelegram, api: Api, wording: Wording
) -> None:
    telegram.script.always("setMyName", Flood(3600))
    telegram.script.next("setMyDescription", Status(400, "Bad Request: no"))
    outcome = await sync(api, wording, ("ur",), "")

    assert ["name: Telegram asks to wait 3600 s; run it again then", "description: status 400"] == list(
        outcome.failed[:2]
    )
    assert {"description ur", "short_description ur", "commands ur", "menu button"} <= set(outcome.changed)


async def test_a_revoked_token_ends_it(telegram: FakeTelegram, wording: Wording) -> None:
    async with Api(PooledRequest("7:" + "x" * 35, api_url=telegram.api_url)) as stranger:
        with pytest.raises(TokenRejected):
            await sync(stranger, wording, LANGUAGES, "")


def test_every_text_of_the_profile_is_held_to_be_neutral() -> None:
    texts: Callable[[str], set[str]] = lambda start: {id for id in load_content().texts if id.startswith(start)}  # noqa: E731
    assert texts("profile.") | texts("command.") | texts("poster.") <= NEUTRAL_TEXTS


async def test_the_command_says_what_it_set_and_then_that_nothing_is_left(telegram: FakeTelegram) -> None:
    settings = {"HAMRAH_TELEGRAM_TOKEN": telegram.token, "HAMRAH_TELEGRAM_API_URL": telegram.api_url}

    def command() -> Result:
        return CliRunner().invoke(main, ["sync-profile"], env=settings)

    first, again = await asyncio.to_thread(command), await asyncio.to_thread(command)
    assert (0, 0) == (first.exit_code, again.exit_code), first.stderr
    assert "set: description ur" in first.stdout
    assert "nothing was changed" in again.stdout


def test_without_a_token_there_is_nothing_to_bring_into_step() -> None:
    result = CliRunner().invoke(main, ["sync-profile"], env={})
    assert 2 == result.exit_code
    assert "HAMRAH_TELEGRAM_TOKEN" in result.stderr
