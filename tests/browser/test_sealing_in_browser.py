"""The browser's twin of sealing, in a real Chromium: every shared vector, and fresh envelopes both ways."""

import http.server
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from bot.core.roster import Officer, Roster
from bot.sealing.case_code import CaseCode, parse
from bot.sealing.chunks import open_file, seal_file
from bot.sealing.context import Context, new_id
from bot.sealing.keys import key_id, new_seed, public_key
from bot.sealing.mailbox import derive
from bot.sealing.passphrase import read_passphrase
from bot.sealing.record import open_record, seal_record
from bot.sealing.reply import Reply, open_reply
from bot.sealing.signing import new_signing_seed, signing_public
from bot.sealing.stretch import Cost
from tests.sealing.vectors import VECTORS, load

pytestmark = [pytest.mark.browser, pytest.mark.journey]

ROOT = Path(__file__).parents[2]
SERVED: dict[str, Path | bytes] = {
    "/": (
        b"<!doctype html><title>sealing</title><script src='/sealing.js'></script><script src='/vectors.js'></script>"
    ),
    "/sealing.js": (ROOT / "bot" / "web" / "dist" / "sealing.js"),
    "/vectors.js": (ROOT / "tests" / "browser" / "vectors.js"),
    "/vectors.json": VECTORS,
}
TYPES = {".js": "text/javascript", ".json": "application/json"}
# As on the key-derivation worker: nothing but our own scripts, and WebAssembly.
POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; base-uri 'none'"


class _Handler(http.server.BaseHTTPRequestHandler):
    """Four files and nothing else, under the policy of our pages."""

    def do_GET(self) -> None:
        served = SERVED.get(self.path)
        if served is None:
            self.send_error(404)
            return
        body = served.read_bytes() if isinstance(served, Path) else served
        kind = TYPES.get(served.suffix, "") if isinstance(served, Path) else "text/html"
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the test says what failed."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def page(chromium_path: str, address: str) -> Iterator[Page]:
    """The page with sealing loaded; it must not complain and must ask nobody but us."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--disable-dev-shm-usage"])
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.extend([] if request.url.startswith(address) else [request.url]))
        page.goto(address)
        yield page
        browser.close()
    unexpected = [complaint for complaint in complaints if "favicon" not in complaint and "404" not in complaint]
    assert unexpected == []


def context(recipient: bytes, kind: str = "answer") -> Context:
    return Context(
        deployment=new_id(),
        roster_version=3,
        case_id=new_id(),
        record_id=new_id(),
        kind=kind,
        seq=2,
        recipient=recipient,
        previous=new_id() * 2,
    )


def plain(place: Context) -> dict[str, Any]:
    return {
        "deployment": b64(place.deployment),
        "rosterVersion": place.roster_version,
        "caseId": b64(place.case_id),
        "recordId": b64(place.record_id),
        "kind": place.kind,
        "seq": place.seq,
        "recipient": b64(place.recipient),
        "previous": b64(place.previous),
    }


def b64(value: bytes) -> str:
    return b64encode(value).decode()


READ_CONTEXT = """
const s = globalThis.hamrahSealing, raw = s.fromBase64;
const contextOf = (given) => ({...given, deployment: raw(given.deployment), caseId: raw(given.caseId),
  recordId: raw(given.recordId), recipient: raw(given.recipient), previous: raw(given.previous)});
"""


def asked(page: Page, code: str, given: object = None) -> Any:
    """Run `code` (the body of an async function of `given`) in the page."""
    return page.evaluate(f"async (given) => {{ {READ_CONTEXT} {code} }}", given)


@pytest.mark.promise("S4")
def test_every_vector_opens_in_the_browser(page: Page) -> None:
    page.set_default_timeout(120_000)
    outcome = page.evaluate("async () => runVectors(await (await fetch('/vectors.json')).json())")
    assert outcome == {"opened": len(load()), "failed": []}
    assert outcome["opened"] >= 200


@pytest.mark.promise("S4")
@pytest.mark.parametrize("words", ["", "x", "وہ مجھے لے جا رہے ہیں", "a\u202eb 👨‍👩‍👧", "ہ" * 10_000])
def test_what_the_page_seals_the_officers_tools_open(page: Page, words: str) -> None:
    seed = new_seed()
    place = context(key_id(public_key(seed)))
    code = "return s.base64(await s.sealRecord(raw(given.key), contextOf(given.context), s.asBytes(given.words)));"
    given = {"key": b64(public_key(seed)), "context": plain(place), "words": words}
    assert words == open_record(seed, place, b64decode(asked(page, code, given))).decode()


@pytest.mark.promise("S4")
def test_what_the_server_seals_the_page_opens(page: Page) -> None:
    seed = new_seed()
    place = context(key_id(public_key(seed)))
    words = "سلام — ہم پڑھ رہے ہیں"
    code = "return s.asWords(await s.openRecord(raw(given.seed), contextOf(given.context), raw(given.envelope)));"
    given = {
        "seed": b64(seed),
        "context": plain(place),
        "envelope": b64(seal_record(public_key(seed), place, words.encode())),
    }
    assert words == asked(page, code, given)


@pytest.mark.promise("S2", "S4")
@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537])
def test_files_go_both_ways(page: Page, size: int) -> None:
    seed = new_seed()
    place = context(key_id(public_key(seed)), "file")
    content = bytes(index % 251 for index in range(size))
    code = """
    const context = contextOf(given.context);
    const content = await s.openFile(raw(given.seed), context, raw(given.envelope));
    return s.base64(await s.sealFile(raw(given.key), context, content));
    """
    envelope = b64(seal_file(public_key(seed), place, content))
    given = {"seed": b64(seed), "key": b64(public_key(seed)), "context": plain(place), "envelope": envelope}
    assert content == open_file(seed, place, b64decode(asked(page, code, given)))


@pytest.mark.promise("S60")
def test_the_page_refuses_any_flipped_byte(page: Page) -> None:
    """Each byte of the head, and every 29th of the body."""
    seed = new_seed()
    place = context(key_id(public_key(seed)))
    code = """
    const context = contextOf(given.context), envelope = raw(given.envelope), accepted = [];
    for (let at = 0; at < envelope.length; at += at < 24 ? 1 : 29) {
      const flipped = envelope.slice();
      flipped[at] ^= 1 << (at % 8);
      try { await s.openRecord(raw(given.seed), context, flipped); accepted.push(at); }
      catch (error) { if (!(error instanceof s.SealingError)) accepted.push(String(error)); }
    }
    return accepted;
    """
    envelope = b64(seal_record(public_key(seed), place, b"words"))
    assert asked(page, code, {"seed": b64(seed), "context": plain(place), "envelope": envelope}) == []


@pytest.mark.promise("S4", "S16")
def test_a_code_made_in_the_page_opens_the_same_mailbox_here(page: Page) -> None:
    """With the real cost, as on a child's phone."""
    salt = new_id()
    code = """
    const code = s.newCode();
    const stretched = await s.argon2id(s.stretchable(code), raw(given), s.CODE_COST);
    const mailbox = await s.mailboxFrom(stretched);
    return [code.display(), s.base64(mailbox.id), s.base64(mailbox.auth), s.base64(mailbox.kemPublic)];
    """
    display, *parts = asked(page, code, b64(salt))
    read = parse(display)
    assert isinstance(read, CaseCode)
    mailbox = derive(read, salt, Cost())
    assert parts == [b64(mailbox.id), b64(mailbox.auth), b64(mailbox.kem_public)]


@pytest.mark.promise("S15")
def test_codes_made_in_the_page_do_not_repeat_and_are_evenly_drawn(page: Page) -> None:
    codes: list[str] = asked(page, "return Array.from({length: 20000}, () => s.newCode().reveal());")
    assert len(set(codes)) == 20_000
    for place in range(20):
        counts = [sum(code[place] == digit for code in codes) for digit in "0123456789"]
        chi_square = sum((count - 2_000) ** 2 / 2_000 for count in counts)
        assert chi_square < 50, place  # nine degrees of freedom: by chance once in ten million


@pytest.mark.promise("S20")
def test_passphrases_made_in_the_page_are_ours(page: Page) -> None:
    made: list[str] = asked(page, "return Array.from({length: 2000}, () => s.newPassphrase());")
    assert len(set(made)) == 2_000
    assert made == [read_passphrase(passphrase) for passphrase in made]


@pytest.mark.promise("S52")
def test_an_answer_signed_in_the_officers_browser_is_verified_here(page: Page) -> None:
    seed, signing = new_seed(), new_signing_seed()
    place = context(key_id(public_key(seed)), "reply")
    code = """
    const context = contextOf(given.context);
    const signed = await s.signReply(raw(given.signing), s.writeReply(context, "a", 20833, given.words));
    return s.base64(await s.sealReply(raw(given.key), context, signed));
    """
    words = "ہم سن رہے ہیں"
    given = {"signing": b64(signing), "key": b64(public_key(seed)), "context": plain(place), "words": words}
    envelope = b64decode(asked(page, code, given))
    roster = Roster(place.deployment, 3, 0, 1, (), (Officer("a", signing_public(signing), ()),))
    reply = open_reply(seed, place, envelope, roster)
    assert isinstance(reply, Reply)
    assert ("a", 20_833, words) == (reply.officer, reply.day, reply.text.reveal())


@pytest.mark.promise("S4", "S11")
def test_signatures_are_checked_on_phones_whose_browser_has_no_ed25519(page: Page) -> None:
    """The same vectors with the browser's own Ed25519 taken away."""
    book = json.loads(VECTORS.read_text("utf-8"))
    kinds = {"verification", "signature", "roster", "rosters", "reply"}
    book["cases"] = [case for case in book["cases"] if case["check"] in kinds]
    code = """
    const own = crypto.subtle.importKey.bind(crypto.subtle);
    let asked = 0;
    crypto.subtle.importKey = (format, key, algorithm, ...rest) => {
      if (algorithm === "Ed25519") { asked += 1; return Promise.reject(new DOMException("no", "NotSupportedError")); }
      return own(format, key, algorithm, ...rest);
    };
    try { return {...await runVectors(given), asked}; } finally { delete crypto.subtle.importKey; }
    """
    outcome = asked(page, code, book)
    assert outcome["failed"] == []
    assert outcome["opened"] == len(book["cases"]) > 50
    assert outcome["asked"] > 50
