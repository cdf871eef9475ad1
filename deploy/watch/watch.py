#!/usr/bin/env python3
"""Compares the pages a helpline serves with what was published (S27): for another machine, with Python's standard library only.

    python3 watch.py --manifest manifest.json https://help.example.org [https://console.example.org/]
    python3 watch.py --manifest manifest.json --every 300 --run ./alarm.sh https://help.example.org

`manifest.json` is that of the release (bot/web/dist/manifest.json), whose signature you verified (docs/releasing.md).
The pages are fetched as several clients, because a thief would serve the wrong script only to the child they are after.
Each fault is one line; exit status 1 when there is one.  `--run` names a command that gets the lines on its standard input.
"""

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

PAGES = ("/", "/report", "/console/")
CLIENTS = (
    (
        "Mozilla/5.0 (Linux; Android 8.1.0; itel A16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/92.0 Mobile Safari/537.36",
        "ur-PK,ur",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
        "en",
    ),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "sd,ps;q=0.8"),
)
Client = tuple[str, str]
Files = Mapping[str, Mapping[str, str]]
MOST_BYTES = 4 * 1024 * 1024
TIMEOUT_S = 30


class _Tags(HTMLParser):
    """What a page loads or runs.  `loaded`: (tag, address, integrity)."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[tuple[str, str, str | None]] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("script", "link", "img", "iframe", "audio", "video", "source", "embed", "object", "base"):
            address = said.get("src") or said.get("href") or said.get("data")
            if address:
                self.loaded.append((tag, address, said.get("integrity")))
            elif tag == "script":
                self.faults.append("a script stands in the page itself")
        self.faults += [f"<{tag}> runs a script by {name}" for name in said if name.startswith("on")]
        if "style" in said or tag == "style":
            self.faults.append(f"<{tag}> carries a style of its own")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A page that sends us away is a fault, not a way."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def fetch(address: str, client: Client) -> tuple[bytes, Mapping[str, str]]:
    """Body and headers, unpacked.  Raises `OSError`."""
    agent, languages = client
    request = urllib.request.Request(address, headers={"User-Agent": agent, "Accept-Language": languages})
    with _OPENER.open(request, timeout=TIMEOUT_S) as answer:
        return answer.read(MOST_BYTES), answer.headers


def look(site: str, files: Files) -> list[str]:
    """Every fault of one site, as lines.  `files`: those of the manifest, name -> {sha256, integrity}."""
    faults: list[str] = []
    named: dict[str, str] = {}
    for client in CLIENTS:
        for page in PAGES if urlsplit(site).path in ("", "/") else ("",):
            address = urljoin(site, page)
            try:
                body, headers = fetch(address, client)
            except OSError as fault:
                if page != "/console/" or getattr(fault, "code", None) != 404:  # it may have a host of its own
                    faults.append(f"{address}: not answered ({fault})")
                continue
            found, loaded = _look_at_page(address, body, headers, files)
            faults += found
            named |= loaded
        faults += _look_at_files(named, client, files)
    if not named:
        faults.append(f"{site}: no page names a script of the release")
    return list(dict.fromkeys(faults))


def _look_at_page(
    address: str, body: bytes, headers: Mapping[str, str], files: Files
) -> tuple[list[str], dict[str, str]]:
    """Faults, and what the page loads of the release: address -> name."""
    page = _Tags()
    page.feed(body.decode("utf-8", "replace"))
    faults = [f"{address}: {fault}" for fault in page.faults]
    named: dict[str, str] = {}
    policy = headers.get("Content-Security-Policy", "")
    if "'unsafe-inline'" in policy or "script-src 'self'" not in policy:
        faults.append(f"{address}: the content security policy is missing or lets foreign scripts run")
    for tag, link, integrity in page.loaded:
        full = urljoin(address, link)
        name = urlsplit(full).path.rpartition("/")[2]
        if tag == "base" or urlsplit(full)[:2] != urlsplit(address)[:2]:
            faults.append(f"{address}: <{tag}> leads elsewhere: {full}")
        elif tag == "script" or name.endswith(".css"):
            if name not in files:
                faults.append(f"{address}: {name} is not part of the release")
                continue
            if integrity != files[name]["integrity"]:
                faults.append(f"{address}: {name} is named with another integrity value than the release's")
            named[full] = name
    return faults, named


def _look_at_files(named: Mapping[str, str], client: Client, files: Files) -> Iterator[str]:
    """What pages name, and beside it every file of the release that is there: workers are named by scripts only."""
    folders = {address.partition("?")[0].rpartition("/")[0] for address in named}
    beside = {f"{folder}/{name}": name for folder in folders for name in files}
    for address, name in sorted((beside | dict(named)).items()):
        try:
            body, _ = fetch(address, client)
        except OSError as fault:
            if address in named or getattr(fault, "code", None) != 404:
                yield f"{address}: not answered ({fault})"
            continue
        if hashlib.sha256(body).hexdigest() != files[name]["sha256"]:
            yield f"{address}: {name} differs from the release"


def read_manifest(path: str) -> Files:
    """Files of the manifest; each entry's two hashes are of the right form."""
    with open(path, encoding="utf-8") as file:
        files: Files = json.load(file)["files"]
    for name, entry in files.items():
        if len(entry["sha256"]) != 64 or len(base64.b64decode(entry["integrity"].removeprefix("sha384-"))) != 48:
            raise ValueError(f"{name} has no proper hashes")
    return files


def main() -> int:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--manifest", required=True, help="manifest.json of the release")
    told.add_argument("--every", type=float, metavar="SECONDS", help="look again and again, for ever")
    told.add_argument("--run", metavar="COMMAND", help="what to run with the faults on its standard input")
    told.add_argument("sites", nargs="+", metavar="https://…")
    asked = told.parse_args()
    try:
        files = read_manifest(asked.manifest)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        told.error(f"{asked.manifest}: this is not a manifest of a release ({fault})")
    while True:
        faults = [fault for site in asked.sites for fault in look(site, files)]
        for fault in faults:
            print(fault, flush=True)
        if faults and asked.run:
            subprocess.run([asked.run], input="\n".join(faults) + "\n", text=True, check=False)
        if not asked.every:
            return 1 if faults else 0
        time.sleep(asked.every)


if __name__ == "__main__":
    sys.exit(main())
