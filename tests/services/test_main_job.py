"""The main job: a child tells, the right officer reads it, the child hears back."""

from tests.helpline import Helpline

IN_LAHORE = {
    "place-to": "PK-PB",
    "danger": "now",
    "age": "12-14",
    "concern": "work",
    "words-what": "وہ مجھے جانے نہیں دیتے",
}


async def test_the_office_of_the_place_reads_what_a_child_told(helpline: Helpline) -> None:
    await helpline.tells(IN_LAHORE)

    (report,) = await helpline.officer_reads("amna")
    assert report.words == (("words-what", "وہ مجھے جانے نہیں دیتے"),)
    assert report.answers["concern"] == ["work"]
    assert report.urgency == "U0"
    assert report.teams == ("lahore",)


async def test_an_office_of_another_place_reads_nothing(helpline: Helpline) -> None:
    await helpline.tells(IN_LAHORE)

    assert await helpline.officer_reads("chanda") == []


async def test_the_child_hears_back_with_the_code_from_any_phone(helpline: Helpline) -> None:
    code = await helpline.tells(IN_LAHORE)
    (report,) = await helpline.officer_reads("amna")
    await helpline.officer_answers(report.case, "آپ اکیلی نہیں ہیں۔")

    other_phone = helpline.reporter("a friend", channel="web")
    await other_phone.opens("ur")
    await other_phone.enters(code)

    other_phone.sees("mail.status.answered", "mail.reply")
    other_phone.sees_words("آپ اکیلی نہیں ہیں۔")


async def test_what_the_child_writes_back_reaches_the_officer(helpline: Helpline) -> None:
    code = await helpline.tells(IN_LAHORE)
    sara = helpline.reporter()
    await sara.enters(code)
    await sara.writes("they come back on friday")

    sara.sees("mail.written")
    (report,) = await helpline.officer_reads("bilal")
    assert report.messages == ("they come back on friday",)
