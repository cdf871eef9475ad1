"""What may stand in no file of the project: addresses of package indexes, and paths of somebody's machine."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, project_files, project_texts

LOCKS = (
    "requirements.lock",
    "requirements-build.lock",
    "requirements-dev.lock",
    "benchmarks/requirements.lock",
    "bot/web/package-lock.json",
)
# Written in two halves, so that this file does not name them either.
INDEX_HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "yarn" + "pkg.com")
INDEX_OPTION = re.compile(r"--(extra-)?index-url|--registry|^registry\s*=|^\s*(extra-)?index[-_]url\s*=", re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.findall(r"https?:|file:|--find-links", text)
    assert len(re.findall(r"sha256:[0-9a-f]{64}|sha512-[\w+/=]{88}", text)) > 5


@pytest.mark.parametrize("lock", [lock for lock in LOCKS if lock.endswith(".lock")])
def test_every_line_of_a_python_lock_is_pinned_and_hashed(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    requirements = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert [line for line in requirements if "==" not in line or "--hash=sha256:" not in line] == []


def test_no_file_names_a_package_index() -> None:
    found = [str(path) for path, text in project_texts() if any(host in text for host in INDEX_HOSTS)]
    assert found == []


def test_no_file_chooses_a_package_index() -> None:
    found = [
        str(path)
        for path, text in project_texts()
        if path != Path("tests/house/test_tree.py") and INDEX_OPTION.search(text)
    ]
    assert found == []


def test_no_file_holds_a_path_of_this_machine() -> None:
    here = (f"{ROOT}/", f"{Path.home()}/")
    found = [str(path) for path, text in project_texts() if any(place in text for place in here)]
    assert found == []


def test_no_file_is_large() -> None:
    """A clone stays small on a slow line: at most 2 MB a file."""
    large = [str(path.relative_to(ROOT)) for path in project_files() if path.stat().st_size > 2_000_000]
    assert large == []
