"""The first answer to a child comes from prepared sentences, and the server sees to it without reading anything else."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sealing.stretch import Cost
from tests.console.officer import ORIGIN, Officer, text
from tests.console.test_casework import answers_in
from tests.console.world import SeededCase, World, make_world

BRAVE = "Thank you for telling me. That was brave."
BELIEVED = "I believe you. What happened is not your fault."


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[World]:
    """A house as it is served: the first answer is prepared."""
    made = await make_world(tmp_path, cost=Cost.for_tests(), origins=frozenset({ORIGIN}), prepared_first=True)
    yield made
    await made.database.close()


async def claimed(officer: Officer, case: SeededCase) -> dict[str, Any]:
    opened = await officer.opens(case.id)
    return {**opened, **(await officer.does("claim", opened)).json()}


@pytest.mark.promise("S53")
@pytest.mark.parametrize(
    "words",
    ["Call me on 0300 1234567.", f"{BRAVE}\nI am Sana.", f"{BRAVE} Where are you?", BRAVE.lower(), "", f"{BRAVE}\n"],
)
async def test_a_first_answer_in_words_of_ones_own_is_refused(strict: World, words: str) -> None:
    case = await strict.case()
    async with Officer(strict) as sindh:
        await sindh.signs_in("sindh")
        opened = await claimed(sindh, case)
        refused = await sindh.does("reply", opened, **sindh.answer(opened, words))

    assert (409, "prepared_first") == (refused.status_code, refused.json()["error"])
    assert [] == await answers_in(strict, case)


@pytest.mark.promise("S53")
async def test_prepared_sentences_are_sent_in_any_language_and_then_words_are_free(strict: World) -> None:
    case = await strict.case(language="ur")
    urdu = strict.live.wording.texts["ur"]["console.begin.receive"]
    async with Officer(strict) as sindh:
        await sindh.signs_in("sindh")
        opened = await claimed(sindh, case)
        first = await sindh.does("reply", opened, **sindh.answer(opened, f"{urdu}\n{BELIEVED}"))
        opened = await sindh.opens(case.id)
        body = sindh.answer(opened, "Is the door locked?")
        second = await sindh.does("reply", opened, **body)

    assert (200, 200) == (first.status_code, second.status_code)
    assert "shown" not in body
    assert [f"{urdu}\n{BELIEVED}", "Is the door locked?"] == await answers_in(strict, case)


@pytest.mark.promise("S53")
async def test_without_the_key_of_the_message_or_with_another_it_is_refused(strict: World) -> None:
    case = await strict.case()
    async with Officer(strict) as sindh:
        await sindh.signs_in("sindh")
        opened = await claimed(sindh, case)
        body = sindh.answer(opened, BRAVE)
        hidden = {name: value for name, value in body.items() if name != "shown"}
        answers = [
            await sindh.does("reply", opened, **hidden),
            await sindh.does("reply", opened, **(body | {"shown": text(bytes(32))})),
        ]

    assert ["prepared_first"] * 2 == [answer.json()["error"] for answer in answers]
    assert [] == await answers_in(strict, case)


async def test_places_to_warn_of_are_known_in_the_language_of_the_answer(strict: World) -> None:
    async with Officer(strict) as sindh, Officer(strict) as administrator:
        await sindh.signs_in("sindh")
        await administrator.signs_in("administrator")
        places = (await sindh.gets("places/ur")).json()["places"]

        assert strict.live.wording.places["ur"]["PK-SD"] in places
        assert [] == (await sindh.gets("places/xx")).json()["places"]
        assert 404 == (await administrator.gets("places/ur")).status_code
