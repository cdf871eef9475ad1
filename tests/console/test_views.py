"""Lists of one's own through the console's door: narrower, kept, found again, and nobody else's."""

import json
from typing import Any

from bot.console.doors import COOKIE
from bot.services.officers.narrowing import Narrow
from bot.services.officers.queue import After, Queue
from bot.services.officers.saved import MOST
from storage import audit, queue
from tests.console.officer import Officer
from tests.console.world import World

ANY: dict[str, Any] = {"teams": [], "urgencies": [], "languages": [], "concerns": [], "who": ""}


async def listed(officer: Officer, view: str = "todo", **narrow: Any) -> list[str]:
    """Every row of a narrowed list, page by page."""
    found: list[str] = []
    after = None
    for _ in range(20):
        body = {"view": view, "after": after, "limit": 2, "narrow": {**ANY, **narrow}}
        answer = (await officer.posts("queue", body)).json()
        found += [row["id"] for row in answer["rows"]]
        after = answer["next"]
        if after is None:
            return found
    raise AssertionError("a list without an end")


async def save(officer: Officer, name: str, *, place: int | None = None, view: str = "todo", **narrow: Any) -> Any:
    body = {"place": place, "name": name, "view": view, "narrow": {**ANY, **narrow}}
    return await officer.posts("views/save", body)


async def test_a_list_shows_what_fits_in_the_order_of_the_list(world: World, sindh: Officer) -> None:
    kinds = [
        ("ur", "work", "U1"),
        ("sd", "work", "U0"),
        ("sd", "body", "U1"),
        ("ur", "work", "U2"),
        ("sd", "work", "U2"),
    ]
    made = [await world.case(language=lang, concern=about, urgency=how) for lang, about, how in kinds]
    ids = [case.id.hex() for case in made]
    whole = await listed(sindh)
    await sindh.does("claim", await sindh.opens(made[4].id))

    def those(*numbers: int) -> list[str]:
        return [id for id in whole if id in {ids[n] for n in numbers}]

    assert those(1, 2, 4) == await listed(sindh, languages=["sd"])
    assert those(1, 4) == await listed(sindh, languages=["sd"], concerns=["work"])
    assert those(0, 1, 2) == await listed(sindh, urgencies=["U0", "U1"])
    assert those(4) == await listed(sindh, who="me")
    assert those(0, 1, 2, 3) == await listed(sindh, who="nobody", teams=["sindh"])
    assert those(4) == await listed(sindh, "mine", teams=["sindh"], languages=["sd"])
    assert [] == await listed(sindh, who="supervisor")
    assert [] == await listed(sindh, teams=["punjab"]), "another team's cases are no list of one's own"
    glance = await sindh.posts(
        "queue/glance", {"view": "todo", "limit": 9, "shown": ids, "narrow": {**ANY, "languages": ["sd"]}}
    )
    assert set(those(1, 2, 4)) == {line["id"] for line in glance.json()["lines"] if line["here"]}
    assert those(1, 2, 4) == glance.json()["first"]


async def test_a_page_looks_at_a_bounded_number_of_rows_and_the_next_goes_on(world: World, sindh: Officer) -> None:
    made = [await world.case(language="ps" if n % 5 == 4 else "ur") for n in range(10)]
    rare = {case.id for n, case in enumerate(made) if n % 5 == 4}
    who = await world.desk.sessions.find(sindh.http.cookies[COOKIE], now=world.clock(), quiet=True)
    assert who is not None
    lists = Queue(world.database, queues=queue, ledger=audit, within={}, look_at=3)
    found: list[bytes] = []
    pages = 0
    after: After | None = None
    while pages == 0 or after is not None:
        page = await lists.page(
            who, "todo", after, limit=5, now=world.clock(), narrow=Narrow(languages=frozenset({"ps"}))
        )
        found += [row.case.id for row in page.rows]
        pages += 1
        after = After(page.next.urgency, page.next.hour, page.next.case) if page.next else None

    assert (rare, 4) == (set(found), pages)
    assert len(found) == len(rare)


async def test_a_list_is_kept_under_a_name_found_again_renamed_and_deleted(sindh: Officer, world: World) -> None:
    assert 0 == (await save(sindh, "Nights", languages=["ps"], urgencies=["U1", "U0"], who="nobody")).json()["place"]
    assert 1 == (await save(sindh, "Late ones", view="overdue")).json()["place"]
    assert 200 == (await save(sindh, "All nights", place=0, languages=["ps"])).status_code
    kept = (await sindh.gets("views")).json()["views"]
    assert [("All nights", "todo", ["ps"]), ("Late ones", "overdue", [])] == [
        (one["name"], one["view"], one["narrow"]["languages"]) for one in kept
    ]
    async with Officer(world) as colleague:
        await colleague.signs_in("supervisor")
        assert [] == (await colleague.gets("views")).json()["views"]
        await colleague.posts("views/drop", {"place": 0})
    await sindh.posts("views/drop", {"place": 1})
    assert ["All nights"] == [one["name"] for one in (await sindh.gets("views")).json()["views"]]
    assert "Nights" not in json.dumps(await world.trail())


async def test_ten_are_kept_and_no_more_and_what_is_gone_is_not_changed(sindh: Officer) -> None:
    for n in range(MOST):
        assert n == (await save(sindh, f"List {n}")).json()["place"]
    full = await save(sindh, "One more")
    await sindh.posts("views/drop", {"place": 4})
    gone = await save(sindh, "Again", place=4)

    assert (409, "list_full", 409, "list_gone") == (
        *(full.status_code, full.json()["error"]),
        *(gone.status_code, gone.json()["error"]),
    )
    assert 4 == (await save(sindh, "In its place")).json()["place"]


NO_LISTS: tuple[tuple[dict[str, Any], tuple[int, str]], ...] = (
    ({"name": "Call 0300 1234567"}, (409, "list_name")),
    ({"name": 7}, (400, "malformed")),
    ({"view": "nonsense"}, (400, "malformed")),
    ({"place": -1}, (400, "malformed")),
    ({"place": 99}, (409, "list_gone")),
    ({"narrow": []}, (400, "malformed")),
    ({"narrow": {**ANY, "languages": "ur"}}, (400, "malformed")),
    ({"narrow": {**ANY, "teams": [1]}}, (400, "malformed")),
    ({"narrow": {**ANY, "urgencies": ["U0"] * 101}}, (400, "malformed")),
    ({"narrow": {**ANY, "who": None}}, (400, "malformed")),
)


async def test_what_is_no_list_is_not_kept(sindh: Officer) -> None:
    for body, answer in NO_LISTS:
        told = await sindh.posts("views/save", {"place": None, "name": "A list", "view": "todo", "narrow": ANY, **body})
        assert answer == (told.status_code, told.json()["error"]), body
    assert [] == (await sindh.gets("views")).json()["views"]
