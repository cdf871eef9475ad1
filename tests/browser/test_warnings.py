"""What is pointed out in an answer before it is sent, language by language, by the code that runs in the console."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser.test_sealing_in_browser import ROOT

pytestmark = pytest.mark.browser

KNOWN = {
    "people": ["Duty officer 1 (trial)", "Nasreen Qureshi"],
    "places": ["Karachi", "کراچی", "ڪراچي", "कराची", "করাচি"],
}
POINTED_OUT = [
    ("en", "Call 0300 1234567.", "phone"),
    ("ur", "اس نمبر پر فون کریں ۰۳۰۰۱۲۳۴۵۶۷", "phone"),
    ("hi", "इस पर बुलाओ ०९८७६५४३२१", "phone"),
    ("bn", "এই নম্বরে ০১৭১২৩৪৫৬৭৮", "phone"),
    ("en", "Look at https://example.org/x", "link"),
    ("ur", "یہاں دیکھیں t.me/somebody", "link"),
    ("ta", "www.example.com பார்", "link"),
    ("en", "Write to me @helper_one", "link"),
    ("en", "Wait at 5 o'clock.", "time"),
    ("en", "Be there at 17:30.", "time"),
    ("ur", "۵ بجے تیار رہیں", "time"),
    ("ur-Latn", "5 baje tayyar rehna", "time"),
    ("sd", "۵ وڳي تيار رهو", "time"),
    ("ps", "په ۵ بجې راشه", "time"),
    ("pa-Arab", "5 وجے آؤ", "time"),
    ("skr", "5 وڄے آوو", "time"),
    ("bal", "5 بجگ", "time"),
    ("bn", "৫টায় এসো", "time"),
    ("hi", "५ बजे आना", "time"),
    ("ne", "५ बजे आउनु", "time"),
    ("ta", "5 மணிக்கு வா", "time"),
    ("fa-AF", "ساعت ۵ بجه", "time"),
    ("dv", "5 ގަޑި", "time"),
    ("en", "Are you still in Karachi?", "place"),
    ("ur", "کیا آپ کراچی میں ہیں؟", "place"),
    ("sd", "ڇا توهان ڪراچي ۾ آهيو؟", "place"),
    ("hi", "क्या आप कराची में हैं?", "place"),
    ("bn", "তুমি কি করাচি তে?", "place"),
    ("en", "Ask for Sana at the gate.", "name"),
    ("en", "Nasreen will help.", "name"),
    ("ur-Latn", "Mera naam sana hai", "name"),
    ("ur", "میرا نام ثنا ہے", "name"),
    ("ur", "احمد صاحب سے ملیں", "name"),
    ("sd", "منهنجو نالو زينت آهي", "name"),
    ("ps", "زما نوم زرغونه دی", "name"),
    ("hi", "मेरा नाम नेहा है", "name"),
    ("bn", "আমার নাম সালমা", "name"),
    ("ne", "मेरो नाम सीता हो", "name"),
    ("ta", "என் பெயர் பிரியா", "name"),
    ("si", "මගේ නම නිමල්", "name"),
    ("fa-AF", "نام من گل است", "name"),
    ("pa-Arab", "میرا ناں بلال اے", "name"),
]
LET_PASS = [
    "Thank you for telling me. That was brave. Are you safe?",
    "I am here. I’ll write again on Monday.",
    "Call 1121, it is free.",
    "شکریہ۔ کیا آپ محفوظ ہیں؟",
    "आप अकेले नहीं हैं।",
    "তুমি একা নও।",
    "Kya aap mehfooz hain?",
]


@pytest.fixture(scope="module")
def page(chromium_path: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--disable-dev-shm-usage"])
        page = browser.new_page()
        page.add_script_tag(path=str(ROOT / "bot" / "web" / "dist" / "sealing.js"))
        yield page
        browser.close()


def kinds(page: Page, words: str) -> list[str]:
    found: list[dict[str, Any]] = page.evaluate(
        "([words, known]) => hamrahWarnings.warningsIn(words, known)", [words, KNOWN]
    )
    return [one["kind"] for one in found]


@pytest.mark.promise("S53")
@pytest.mark.parametrize(("lang", "words", "kind"), POINTED_OUT, ids=lambda value: value if len(value) < 8 else "")
def test_what_could_betray_somebody_is_pointed_out(page: Page, lang: str, words: str, kind: str) -> None:
    assert [kind] == kinds(page, words)


@pytest.mark.promise("S53")
@pytest.mark.parametrize("words", LET_PASS)
def test_what_is_harmless_passes(page: Page, words: str) -> None:
    assert [] == kinds(page, words)
