"""Wrong tries are slowed more and more, up to half a minute, and forgotten after an hour."""

from bot.services.slowing import FORGET_AFTER_S, LONGEST_S, Slowing

CHAT = b"c" * 32


def after(misses: int) -> float:
    slowing = Slowing()
    for _ in range(misses):
        slowing.missed(CHAT, "12345", 0)
    return slowing.delay_s(CHAT, "12345", 0)


def test_a_mistyped_digit_costs_nothing() -> None:
    assert [after(n) for n in range(4)] == [0.0, 0.0, 0.0, 1.0]


def test_it_doubles_up_to_half_a_minute() -> None:
    assert [after(n) for n in range(4, 10)] == [2.0, 4.0, 8.0, 16.0, LONGEST_S, LONGEST_S]


def test_a_hundred_thousand_misses_are_no_more_than_that() -> None:
    assert after(100_000) == LONGEST_S


def test_chat_and_bucket_count_each_for_itself() -> None:
    slowing = Slowing()
    for n in range(5):
        slowing.missed(CHAT, f"{n:05}", 0)
        slowing.missed(n.to_bytes(32, "big"), "77777", 0)

    assert slowing.delay_s(CHAT, "99999", 0) == 4.0
    assert slowing.delay_s(b"x" * 32, "77777", 0) == 4.0
    assert slowing.delay_s(b"x" * 32, "99999", 0) == 0.0


def test_an_hour_after_the_last_miss_it_is_forgotten() -> None:
    slowing = Slowing()
    for at in (0, 10, 20, 30):
        slowing.missed(CHAT, "12345", at)

    assert slowing.delay_s(CHAT, "12345", 29 + FORGET_AFTER_S) == 2.0
    assert slowing.delay_s(CHAT, "12345", 30 + FORGET_AFTER_S) == 0.0


def test_a_right_code_takes_back_what_was_counted_for_it() -> None:
    slowing = Slowing()
    for _ in range(10):
        slowing.missed(CHAT, "12345", 0)
        slowing.forget(CHAT)
        slowing.forgive("12345", 0)

    assert slowing.delay_s(CHAT, "12345", 0) == 0.0


def test_a_flood_of_chats_does_not_fill_the_memory() -> None:
    slowing = Slowing()
    for n in range(60_000):
        slowing.missed(n.to_bytes(32, "big"), "12345", 0)

    assert len(slowing._misses) <= 50_000
    assert slowing.delay_s(b"new" * 10, "12345", 0) == LONGEST_S
