"""The watcher outside: quiet while the published pages are served, loud when one byte is another (S27)."""

import asyncio
import json
import shutil
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fake_telegram.serving import serving
from tests.house.tree import ROOT
from tests.service import Service, serving_here

WATCH = ROOT / "deploy" / "watch" / "watch.py"
MANIFEST = ROOT / "bot" / "web" / "dist" / "manifest.json"


async def watch(*words: str, manifest: Path = MANIFEST) -> tuple[int, str]:
    """Run it as another machine would: Python without our packages, our folder or our settings."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", str(WATCH), "--manifest", str(manifest), *words),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, env={}, cwd="/",
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode or 0, said.decode()


@pytest.mark.promise("S26", "S27")
async def test_the_served_pages_are_the_published_ones_and_load_nothing_from_elsewhere(service_today: Service) -> None:
    async with serving_here(service_today) as (_, address):
        assert (0, "") == await watch(address), await watch(address)


@pytest.mark.promise("S27")
async def test_a_changed_byte_in_any_published_file_is_told(service_today: Service, tmp_path: Path) -> None:
    """The same the other way round: the served files against a manifest that differs in one of them."""
    files = json.loads(MANIFEST.read_text("utf-8"))["files"]
    async with serving_here(service_today) as (_, address):
        for name in ("chat.js", "vault.js", "icon.svg"):
            other = {**files, name: {**files[name], "sha256": "0" * 64}}
            (tmp_path / "manifest.json").write_text(json.dumps({"files": other}))
            status, said = await watch(address, manifest=tmp_path / "manifest.json")
            assert (1, True) == (status, f"{name} differs from the release" in said)


CSP = {"Content-Security-Policy": "default-src 'none'; script-src 'self'"}
GOOD = json.loads(MANIFEST.read_text("utf-8"))["files"]["chat.js"]["integrity"]
TAG = f'<script src="/static/chat.js" integrity="{GOOD}" defer></script>'


@pytest.mark.promise("S27")
@pytest.mark.parametrize(
    ("page", "headers", "told"),
    [
        (TAG.replace("chat.js", "more.js"), CSP, "more.js is not part of the release"),
        (TAG.replace(GOOD, "sha384-AAAA"), CSP, "another integrity value"),
        (TAG.replace(f' integrity="{GOOD}"', ""), CSP, "another integrity value"),
        (TAG + "<script>steal()</script>", CSP, "a script stands in the page"),
        (TAG + '<img src="/x.png" onerror="steal()">', CSP, "runs a script by onerror"),
        (TAG + '<img src="https://elsewhere.example/x.png">', CSP, "leads elsewhere"),
        (TAG + '<base href="https://elsewhere.example/">', CSP, "leads elsewhere"),
        (TAG, {}, "content security policy"),
        (TAG, {"Content-Security-Policy": "script-src 'self' 'unsafe-inline'"}, "content security policy"),
        ("<p>hello</p>", CSP, "no page names a script"),
    ],
)
async def test_a_page_that_was_tampered_with_is_told(page: str, headers: dict[str, str], told: str) -> None:
    async def answer(request: Request) -> Response:
        name = request.path_params.get("name")
        held = (MANIFEST.parent / name).read_bytes() if name and (MANIFEST.parent / name).is_file() else page.encode()
        return Response(held, headers=headers, media_type="text/html")

    paths = ("/", "/report", "/console/", "/static/{name}")
    async with serving(Starlette(routes=[Route(path, answer) for path in paths])) as address:
        status, said = await watch(address)
    assert (1, True) == (status, told in said), said


@pytest.mark.promise("S27")
async def test_a_page_that_is_other_for_one_kind_of_telephone_is_told() -> None:
    async def answer(request: Request) -> Response:
        name = request.path_params.get("name")
        body = (MANIFEST.parent / name).read_bytes() if name else TAG.encode()
        if name == "chat.js" and "Android" in request.headers["user-agent"]:
            body += b" "
        return Response(body, headers=CSP, media_type="text/html")

    paths = ("/", "/report", "/console/", "/static/{name}")
    async with serving(Starlette(routes=[Route(path, answer) for path in paths])) as address:
        status, said = await watch(address)
    assert (1, True) == (status, "chat.js differs from the release" in said)


async def test_a_site_that_does_not_answer_and_a_file_that_is_no_manifest_are_told(tmp_path: Path) -> None:
    status, said = await watch("http://127.0.0.1:9/")
    assert (1, True) == (status, "not answered" in said)
    (tmp_path / "x.json").write_text("{}")
    status, said = await watch("http://127.0.0.1:9/", manifest=tmp_path / "x.json")
    assert (2, True) == (status, "not a manifest" in said)


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell")
async def test_an_alarm_is_run_with_the_faults(tmp_path: Path) -> None:
    alarm = tmp_path / "alarm.sh"
    alarm.write_text(f"#!/bin/sh\ncat > {tmp_path}/told\n")
    alarm.chmod(0o700)
    await watch("--run", str(alarm), "http://127.0.0.1:9/")
    assert "not answered" in (tmp_path / "told").read_text()
