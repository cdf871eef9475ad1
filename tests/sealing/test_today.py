"""Daily keys: what lapses is gone, in every copy; until then it opens, on every replica."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import ConfigError, Damaged, Lapsed, SealingError, Unknown
from bot.sealing.keys_folder import KeysFolder
from bot.sealing.today import OVERHEAD_BYTES, DailyKeys
from tests.sealing.conftest import DAY_S

NOON = 20_833 * DAY_S + DAY_S // 2
MIDNIGHT = 20_834 * DAY_S


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def test_what_is_sealed_today_opens_today_on_every_replica(folder: Path) -> None:
    one, other = DailyKeys(folder), DailyKeys(folder)
    sealed = one.seal_for_today("state", b"where we are", b"row 1", now=NOON)
    assert len(sealed) == len(b"where we are") + OVERHEAD_BYTES
    assert other.open_today("state", sealed, b"row 1", now=NOON + 60) == b"where we are"


@pytest.mark.promise("S3")
def test_it_opens_for_its_purpose_and_row_only(folder: Path) -> None:
    keys = DailyKeys(folder)
    sealed = keys.seal_for_today("ticket", b"chat", b"row 1", now=NOON)
    for purpose, row in (("state", b"row 1"), ("ticket", b"row 2"), ("ticketr", b"ow 1"), ("ticket", b"")):
        with pytest.raises(Damaged):
            keys.open_today(purpose, sealed, row, now=NOON)


def test_the_queue_key_lives_for_three_generations(folder: Path) -> None:
    keys = DailyKeys(folder)
    sealed = keys.seal_for_today("ticket", b"chat", now=NOON)
    assert keys.open_today("ticket", sealed, now=NOON + 2 * DAY_S) == b"chat"
    with pytest.raises(Lapsed):
        keys.open_today("ticket", sealed, now=NOON + 3 * DAY_S)
    with pytest.raises(Lapsed):
        DailyKeys(folder).open_today("ticket", sealed, now=NOON)  # the key itself is gone, not only refused


def test_a_generation_that_ended_is_refused_while_its_key_still_waits_for_the_slow_replicas(folder: Path) -> None:
    keys = DailyKeys(folder)
    sealed = keys.seal_for_today("ticket", b"chat", now=NOON)
    minutes_into_the_day = MIDNIGHT + 2 * DAY_S + 300
    with pytest.raises(Lapsed):
        keys.open_today("ticket", sealed, now=minutes_into_the_day)
    assert (folder / "queue-020833").exists()
    keys.destroy_lapsed(now=minutes_into_the_day + 300)
    assert not (folder / "queue-020833").exists()


def test_what_comes_from_further_than_tomorrow_is_refused(folder: Path) -> None:
    sealed = DailyKeys(folder).seal_for_today("ticket", b"chat", now=NOON + 2 * DAY_S)
    with pytest.raises(Lapsed):
        DailyKeys(folder).open_today("ticket", sealed, now=NOON)


def test_nothing_can_be_sealed_too(folder: Path) -> None:
    keys = DailyKeys(folder)
    sealed = keys.seal_for_today("state", b"", now=NOON)
    assert keys.open_today("state", sealed, now=NOON) == b""


@pytest.mark.promise("S5")
def test_another_version_is_said_to_be_unknown(folder: Path) -> None:
    keys = DailyKeys(folder)
    sealed = keys.seal_for_today("state", b"", now=NOON)
    with pytest.raises(Unknown):
        keys.open_today("state", b"\x02" + sealed[1:], now=NOON)


def test_a_lapsed_key_is_overwritten_before_it_is_removed(folder: Path) -> None:
    keys = DailyKeys(folder)
    keys.seal_for_today("ticket", b"chat", now=NOON)
    path = folder / "queue-020833"
    watched = os.open(path, os.O_RDONLY)
    before = os.pread(watched, 64, 0)
    keys.destroy_lapsed(now=NOON + 3 * DAY_S)
    after = os.pread(watched, 64, 0)
    os.close(watched)
    assert not path.exists()
    assert len(before) == len(after) == 32
    assert before != after


def test_a_quiet_server_destroys_keys_when_it_sweeps(folder: Path) -> None:
    DailyKeys(folder).conversation_keys("telegram", b"1", now=NOON)
    DailyKeys(folder).seal_for_today("state", b"", now=NOON)
    sweeper = DailyKeys(folder)
    sweeper.destroy_lapsed(now=NOON + DAY_S)
    assert [entry.name for entry in sorted(folder.iterdir())] == ["pepper-020833", "queue-020833"]
    sweeper.destroy_lapsed(now=NOON + 2 * DAY_S)
    assert [entry.name for entry in folder.iterdir()] == ["queue-020833"]
    sweeper.destroy_lapsed(now=NOON + 3 * DAY_S)
    assert not list(folder.iterdir())


def test_keys_of_others_in_the_folder_are_left_alone(folder: Path) -> None:
    service = KeysFolder(folder).find_or_make("service")
    KeysFolder(folder).find_or_make("queue-notaday")
    DailyKeys(folder).destroy_lapsed(now=NOON)
    assert KeysFolder(folder).find("service") == service
    assert KeysFolder(folder).find("queue-notaday") is not None


def test_a_talk_is_found_again_after_midnight_and_not_two_days_later(folder: Path) -> None:
    keys = DailyKeys(folder)
    (name,) = keys.conversation_keys("telegram", b"12345", now=NOON)
    assert name in keys.conversation_keys("telegram", b"12345", now=NOON + DAY_S)
    assert name not in keys.conversation_keys("telegram", b"12345", now=NOON + 2 * DAY_S)
    assert b"12345" not in name


def test_todays_name_comes_first(folder: Path) -> None:
    keys = DailyKeys(folder)
    yesterday = keys.conversation_keys("telegram", b"1", now=NOON)[0]
    today = keys.conversation_keys("telegram", b"1", now=NOON + DAY_S)
    assert len(today) == 2
    assert yesterday == today[1]


def test_names_differ_by_channel_and_person(folder: Path) -> None:
    keys = DailyKeys(folder)
    names = [
        keys.conversation_keys(channel, who, now=NOON)[0]
        for channel, who in (("telegram", b"1"), ("web", b"1"), ("telegram", b"2"), ("telegra", b"m1"))
    ]
    assert len(set(names)) == 4
    assert {32} == {len(name) for name in names}


def test_replicas_whose_clocks_differ_find_the_same_talk_at_midnight(folder: Path) -> None:
    ahead, behind = DailyKeys(folder), DailyKeys(folder)
    earlier = behind.conversation_keys("telegram", b"1", now=MIDNIGHT - 3_000)[0]
    stored = ahead.conversation_keys("telegram", b"1", now=MIDNIGHT + 20)[0]
    found = behind.conversation_keys("telegram", b"1", now=MIDNIGHT - 40)
    assert stored in found
    assert earlier in found
    sealed = ahead.seal_for_today("state", b"s", now=MIDNIGHT + 20)
    assert behind.open_today("state", sealed, now=MIDNIGHT - 40) == b"s"


def test_replicas_that_start_together_make_one_key(folder: Path) -> None:
    """Whoever links first wins, and nobody keeps another key."""
    with ThreadPoolExecutor(16) as pool:
        names = list(pool.map(lambda _: DailyKeys(folder).conversation_keys("web", b"1", now=NOON)[0], range(64)))
        sealed = list(pool.map(lambda n: DailyKeys(folder).seal_for_today("x", bytes([n]), now=NOON), range(64)))
    assert len(set(names)) == 1
    reader = DailyKeys(folder)
    assert [bytes([number]) for number in range(64)] == [reader.open_today("x", each, now=NOON) for each in sealed]
    assert sorted(entry.name for entry in folder.iterdir()) == ["pepper-020833", "queue-020833"]


@pytest.mark.promise("S59")
def test_key_files_are_for_us_alone_and_an_open_folder_is_refused(folder: Path) -> None:
    DailyKeys(folder).seal_for_today("state", b"", now=NOON)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {0o600} == {stat.S_IMODE(entry.stat().st_mode) for entry in folder.iterdir()}
    folder.chmod(0o750)
    with pytest.raises(ConfigError):
        DailyKeys(folder).seal_for_today("state", b"", now=NOON)


def test_a_key_file_that_was_cut_is_refused_not_used(folder: Path) -> None:
    DailyKeys(folder).seal_for_today("state", b"", now=NOON)
    (folder / "queue-020833").write_bytes(b"short")
    with pytest.raises(SealingError):
        DailyKeys(folder).seal_for_today("state", b"", now=NOON)


@pytest.mark.promise("S6")
def test_when_the_folder_cannot_be_written_nothing_is_sealed(tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"a file where the folder should be")
    with pytest.raises(OSError, match="keys"):
        DailyKeys(tmp_path / "keys").seal_for_today("state", b"words", now=NOON)


@pytest.mark.promise("S60")
def test_any_flipped_byte_is_refused(folder: Path) -> None:
    keys = DailyKeys(folder)
    sealed = keys.seal_for_today("state", b"where we are", b"row", now=NOON)
    for at in range(len(sealed)):
        with pytest.raises((Damaged, Lapsed, Unknown)):
            keys.open_today("state", sealed[:at] + bytes([sealed[at] ^ 0x40]) + sealed[at + 1 :], b"row", now=NOON)
    for size in range(len(sealed)):
        with pytest.raises((Damaged, Lapsed, Unknown)):
            keys.open_today("state", sealed[:size], b"row", now=NOON)


@pytest.mark.promise("S2")
def test_the_same_state_is_never_sealed_alike(folder: Path) -> None:
    keys = DailyKeys(folder)
    assert len({keys.seal_for_today("state", b"same", now=NOON) for _ in range(10_000)}) == 10_000


@settings(max_examples=30, deadline=None)
@given(hours=st.lists(st.integers(min_value=0, max_value=240), min_size=1, max_size=12))
def test_whatever_the_pace_a_key_opens_for_two_days_and_never_after_three(
    tmp_path_factory: pytest.TempPathFactory, hours: list[int]
) -> None:
    keys = DailyKeys(tmp_path_factory.mktemp("pace") / "keys")
    sealed: list[tuple[int, bytes]] = []
    for hour in sorted(hours):
        now = NOON + hour * 3_600
        for then, item in sealed:
            days = now // DAY_S - then // DAY_S
            if days <= 2:
                assert keys.open_today("x", item, now=now) == b"x"
            else:
                with pytest.raises(Lapsed):
                    keys.open_today("x", item, now=now)
        sealed.append((now, keys.seal_for_today("x", b"x", now=now)))
