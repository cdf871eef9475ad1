"""Doors of the work inside a case, each of two segments behind it: notes, and passing it to another team."""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from bot.console import answers
from bot.console.doors import Door, Knock, Refused, decoded, missing
from bot.console.endpoints import Desk, case_of, id_of, key_of
from bot.core.case import Refusal
from bot.core.referral import Consent, Step, Way
from bot.services.officers.notes import SealedNote
from bot.services.officers.ports import Case
from bot.services.officers.sharing import Passing, Referral

E = TypeVar("E", bound=Enum)
_MOST_SLOTS = 60
"""An answer of the page holds no more: each is 1.6 kB in base64."""


def case_doors(desk: Desk) -> tuple[Door, ...]:
    """Listed with the others, so that nothing opens that is not listed (S23)."""
    notes, sharing = NoteDoors(desk), SharingDoors(desk)
    return (
        Door("/case/{case}/note/add", "POST", notes.add, case=True),
        Door("/places/{lang}", "GET", notes.places),
        Door("/referrals", "GET", sharing.inbox),
        Door("/case/{case}/referral/list", "POST", sharing.listed, case=True),
        Door("/case/{case}/referral/add", "POST", sharing.pass_on, case=True),
        Door("/case/{case}/referral/step", "POST", sharing.step, case=True),
    )


class NoteDoors:
    """What officers write for one another."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def add(self, knock: Knock) -> Mapping[str, Any]:
        now = self._desk.now()
        return standing(
            await self._desk.work.notes.keep(knock.whoever, case_of(knock), note_of(knock), key=key_of(knock), now=now),
            knock,
        )

    async def places(self, knock: Knock) -> Mapping[str, Any]:
        """Names of places in the language of an answer, to warn of them (S53)."""
        return {"places": self._desk.work.prepared.places(str(knock.request.path_params["lang"]))}


class SharingDoors:
    """Passing a case to another team, and what they say to it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def listed(self, knock: Knock) -> Mapping[str, Any]:
        found = await self._desk.work.sharing.of_case(knock.whoever, case_of(knock))
        if found is None:
            raise missing()
        return {"referrals": [_referral(one) for one in found]}

    async def inbox(self, knock: Knock) -> Mapping[str, Any]:
        """What was passed to the officer's teams, and what is due: no words, as a queue row without its cover."""
        found = await self._desk.work.sharing.inbox(knock.whoever)
        due = await self._desk.work.notes.due(knock.whoever, now=self._desk.now())
        return {
            "waiting": [{**_referral(one), **answers.case_line(case, knock.whoever)} for one, case in found],
            "due": [answers.case_line(case, knock.whoever) for case in due],
        }

    async def pass_on(self, knock: Knock) -> Mapping[str, Any]:
        consent = knock.text("consent", 16)
        away = knock.body.get("away", [])
        if not isinstance(away, list) or not all(isinstance(one, str) and len(one) <= 128 for one in away):
            raise Refused(400, "malformed")
        passing = Passing(
            id=id_of(knock),
            way=chosen(Way, knock.text("way", 16)),
            from_team=knock.text("from", 128),
            to_team=knock.text("to", 128),
            consent=chosen(Consent, consent) if consent else None,
            slots=slots_of(knock),
            listed=knock.raw("listed"),
            note=note_of(knock),
            away=tuple(away),
        )
        passed = await self._desk.work.sharing.pass_on(
            knock.whoever,
            case_of(knock),
            passing,
            version=knock.number("version"),
            key=key_of(knock),
            now=self._desk.now(),
        )
        return standing(passed, knock)

    async def step(self, knock: Knock) -> Mapping[str, Any]:
        done = await self._desk.work.sharing.step(
            knock.whoever,
            case_of(knock),
            id_of(knock),
            chosen(Step, knock.text("step", 16)),
            version=knock.number("version"),
            key=key_of(knock),
            now=self._desk.now(),
        )
        return standing(done, knock)


def standing(done: Case | Refusal | None, knock: Knock) -> Mapping[str, Any]:
    """How the case stands now, or why nothing was done."""
    if done is None:
        raise missing()
    if isinstance(done, Refusal):
        raise Refused(409, done.value)
    return answers.case_line(done, knock.whoever)


def note_of(knock: Knock) -> SealedNote:
    """The sealed note of a body: its record and the roster it was sealed under."""
    record = knock.body.get("record")
    if not isinstance(record, dict):
        raise Refused(400, "malformed")
    sealed = Knock(knock.request, record)
    remind = knock.number("remind") if "remind" in knock.body else None
    return SealedNote(id_of(sealed), sealed.number("seq"), sealed.raw("envelope"), knock.number("roster"), remind)


def chosen(of: type[E], value: str) -> E:
    """One of a closed list."""
    try:
        return of(value)
    except ValueError:
        raise Refused(400, "malformed") from None


def slots_of(knock: Knock) -> dict[bytes, bytes]:
    """Reader key id → slot."""
    given = knock.body.get("slots")
    if not isinstance(given, dict) or len(given) > _MOST_SLOTS:
        raise Refused(400, "malformed")
    try:
        return {bytes.fromhex(key): decoded(str(slot)) for key, slot in given.items()}
    except ValueError:
        raise Refused(400, "malformed") from None


def _referral(one: Referral) -> Mapping[str, Any]:
    return {
        "referral": one.id.hex(),
        "way": one.way.value,
        "from": one.from_team,
        "to": one.to_team,
        "progress": one.progress.value,
        "consent": one.consent.value,
        "officer": one.officer,
        "day": one.day,
    }
