"""`hamrah wording export` and `import`, as a host runs them: a dry run, drafts, and nothing half-done."""

import re
from hashlib import sha256
from pathlib import Path

import polib
import pytest

from bot.content.loader import load_content
from bot.wording.load import load_wording
from bot.wording.voices import load_voices
from storage import open_database, recordings, wordings
from tests.command import hamrah
from tests.opus import spoken
from tests.service import found

pytestmark = pytest.mark.slow

TEXT = "say.group"


async def test_a_file_goes_out_and_comes_back_as_drafts_whole_or_not_at_all(tmp_path: Path) -> None:
    service = await found(tmp_path / "service")
    env, file = service.environment(), tmp_path / "ur.po"
    assert 0 == (await hamrah("wording", "export", "--lang", "ur", "--out", str(file), env=env)).exit_code
    before = file.read_bytes()
    po = polib.pofile(str(file), encoding="utf-8", wrapwidth=100_000)
    next(e for e in po if e.msgctxt == TEXT).msgstr = "یہاں دوسرے بھی پڑھ سکتے ہیں۔"
    po.save(str(file))
    assert 1 == sum(a != b for a, b in zip(before.splitlines(), file.read_bytes().splitlines(), strict=True))

    again = ("wording", "import", str(file), "--lang", "ur")
    assert f"would change: {TEXT}" in (await hamrah(*again, "--dry-run", env=env)).output
    assert [] == await rows(service.url)

    broken = tmp_path / "broken.po"
    broken.write_text(file.read_text("utf-8").replace("{code}", "code"), "utf-8")
    refused = await hamrah("wording", "import", str(broken), "--lang", "ur", env=env)
    assert refused.exit_code
    assert re.search(r"refused: code.show: (lost|english)", refused.output)
    assert [] == await rows(service.url)

    assert 0 == (await hamrah(*again, env=env)).exit_code
    assert [(TEXT, "draft", "command")] == await rows(service.url)


async def test_what_was_recorded_at_the_desk_goes_out_as_files_that_are_played(tmp_path: Path) -> None:
    """Each says of which words it is, so that no release plays it of others."""
    service = await found(tmp_path / "service")
    words = load_wording(load_content().texts, {}).texts["ur"]
    database = await open_database(service.url)
    try:
        sound, digest = spoken(4), sha256(spoken(4)).digest()
        await database.write(lambda c: recordings.keep(c, digest, sound))
        row = recordings.Version("ur", TEXT, 1, "published", "amna", words[TEXT], digest, 4, 7)
        await database.write(lambda c: recordings.add(c, row))
    finally:
        await database.close()
    made = await hamrah("wording", "recordings", "--out", str(tmp_path / "out"), env=service.environment())
    assert "1 recordings" in made.output

    assert load_voices((tmp_path / "out",), {"ur": words}).find("ur", TEXT) is not None
    assert load_voices((tmp_path / "out",), {"ur": {**words, TEXT: "کچھ اور"}}).find("ur", TEXT) is None


async def rows(url: str) -> list[tuple[str, str, str]]:
    database = await open_database(url)
    try:
        return [(r.text, r.state, r.author) for r in await database.read(lambda c: wordings.newest(c, "ur"))]
    finally:
        await database.close()
