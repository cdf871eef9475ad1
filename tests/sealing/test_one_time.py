"""One-time codes are those of RFC 6238, and their secrets open for one account under one key."""

import pytest

from bot.core.errors import Damaged
from bot.sealing.one_time import (
    address,
    code_at,
    new_secret,
    open_secret,
    read_code,
    seal_secret,
    step_of,
    written,
)

RFC_SECRET = b"12345678901234567890"
RFC = {59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037"}
"""RFC 6238, appendix B, SHA-1; eight digits there, the last six of them here."""


@pytest.mark.parametrize(("at", "code"), RFC.items())
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert code[-6:] == code_at(RFC_SECRET, at // 30)


@pytest.mark.promise("S21")
@pytest.mark.parametrize(("off_s", "counts"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_thirty_seconds_off_and_no_more(off_s: int, counts: bool) -> None:
    now = 1_790_000_010
    assert counts == (step_of(RFC_SECRET, code_at(RFC_SECRET, (now + off_s) // 30), now=now) is not None)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("123456", "123456"), (" 123 456 ", "123456"), ("۱۲۳۴۵۶", "123456"), ("१२३४५६", "123456")]
    + [(wrong, None) for wrong in ("", "12345", "1234567", "12345a", "½23456", "²23456", "-12345", "+12345")],
)
def test_digits_of_any_script_are_read_and_nothing_else(typed: str, code: str | None) -> None:
    assert code == read_code(typed)


def test_a_secret_opens_for_its_account_under_its_key_only() -> None:
    service, secret = bytes(32), new_secret()
    sealed = seal_secret(service, "amna", secret)
    assert secret == open_secret(service, "amna", sealed)
    assert secret not in sealed
    for key, account, changed in (
        (service, "tara", sealed),
        (b"k" * 32, "amna", sealed),
        (service, "amna", sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (service, "amna", b""),
    ):
        with pytest.raises(Damaged):
            open_secret(key, account, changed)


def test_an_app_is_told_the_secret_and_two_names_whatever_stands_in_them() -> None:
    shown = address(RFC_SECRET, issuer="A & B: c", name="amna@duty")
    secret = written(RFC_SECRET)
    assert f"otpauth://totp/A%20%26%20B%3A%20c:amna%40duty?secret={secret}&issuer=A%20%26%20B%3A%20c" == shown
