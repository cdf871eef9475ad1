"""How long sealing takes on this machine: python -m tests.sealing.measure.  Run by hand; nothing is asserted."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.sealing.case_code import new_code
from bot.sealing.chunks import open_file, seal_file
from bot.sealing.keys import new_seed, public_key
from bot.sealing.mailbox import derive
from bot.sealing.officer_keys import stretch_passphrase
from bot.sealing.passphrase import new_passphrase
from bot.sealing.record import open_record, seal_record
from bot.sealing.reply import open_reply, seal_reply, sign_reply, write_reply
from bot.sealing.roster import LivingRoster, verify_roster
from bot.sealing.slot import open_slot, seal_slot
from bot.sealing.stretch import Cost
from bot.sealing.today import DailyKeys
from tests.sealing.conftest import NOW, Case, House


def timed(name: str, times: int, work: Callable[[], object]) -> None:
    """The best of five rounds, as microseconds a call: what the machine can do when nobody else asks."""
    work()
    rounds = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - start) / times)
    print(f"{name:<42} {min(rounds) * 1e6:>12,.1f} µs")


def main() -> None:
    case, house, reader = Case(), House(), new_seed()
    context, slot_context = case.context(), case.slot_context(public_key(reader))
    record = seal_record(case.public, context, b"x" * 500)
    slot = seal_slot(public_key(reader), slot_context, case.seed)
    timed("seal a record (2 KiB)", 300, lambda: seal_record(case.public, context, b"x" * 500))
    timed("seal a record (32 KiB)", 300, lambda: seal_record(case.public, context, b"x" * 30_000))
    timed("open a record (2 KiB)", 300, lambda: open_record(case.seed, context, record))
    timed("seal a slot", 300, lambda: seal_slot(public_key(reader), slot_context, case.seed))
    timed("open a slot", 300, lambda: open_slot(reader, slot_context, slot))
    timed("make a case key", 300, lambda: public_key(new_seed()))
    file = seal_file(case.public, context, bytes(1_000_000))
    timed("seal a file of 1 MB", 5, lambda: seal_file(case.public, context, bytes(1_000_000)))
    timed("open a file of 1 MB", 5, lambda: open_file(case.seed, context, file))
    rosters(case, house)
    daily()
    salt = bytes(16)
    code, passphrase = new_code(), new_passphrase()
    timed("make a case code", 300, new_code)
    timed("Argon2id 64 MiB, case code to mailbox", 1, lambda: derive(code, salt, Cost()))
    timed("Argon2id 128 MiB, passphrase", 1, lambda: stretch_passphrase(passphrase, salt))


def rosters(case: Case, house: House) -> None:
    document = house.document()
    roster = verify_roster(document, house.trust, now=NOW)
    living = LivingRoster(house.trust)
    living.load(document, now=NOW)
    timed("verify a roster (2 officers, 2 of 3 signed)", 100, lambda: verify_roster(document, house.trust, now=NOW))
    timed("ask the living roster before a seal", 10_000, lambda: living.current(now=NOW))
    place = case.context(kind="reply", deployment=house.deployment)
    signed = sign_reply(house.signing["a"], write_reply(place, "a", 1, "answer"))
    envelope = seal_reply(case.public, place, signed)
    timed("open and verify an answer", 300, lambda: open_reply(case.seed, place, envelope, roster))


def daily() -> None:
    with tempfile.TemporaryDirectory() as folder:
        keys = DailyKeys(Path(folder) / "keys")
        state = keys.seal_for_today("state", b"s" * 400, b"row", now=NOW)
        timed("seal for today (400 bytes)", 10_000, lambda: keys.seal_for_today("state", b"s" * 400, b"row", now=NOW))
        timed("open today (400 bytes)", 10_000, lambda: keys.open_today("state", state, b"row", now=NOW))
        timed("names of a conversation", 10_000, lambda: keys.conversation_keys("telegram", b"12345678", now=NOW))


if __name__ == "__main__":
    main()
