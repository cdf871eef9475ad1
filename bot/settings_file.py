"""The settings file: `NAME=VALUE` lines, one form that our commands, systemd and containers all read alike.

Nothing is quoted: what one of these readers would take for a quote, an escape or a variable is refused when it is written.
"""

import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from bot.core.errors import ConfigError

_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_AWKWARD = re.compile(r"^['\"]|[\x00-\x1f\x7f$\\]|\s#")


def read(path: Path) -> dict[str, str]:
    """What the file sets.  Raises `ConfigError` when it cannot be read, or others may read the secrets in it (S59)."""
    try:
        mode, text = path.stat().st_mode, path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else "the file cannot be read as text"
        raise ConfigError(f"{path}: {why}; `hamrah init` makes one") from None
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigError(f"{path}: others may read it, and it holds secrets; run: chmod 600 {path}")
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        match = _LINE.fullmatch(said)
        if match is None:
            raise ConfigError(f"{path}, line {number}: must be NAME=VALUE, or begin with #")
        if match[1] in found:
            raise ConfigError(f"{path}, line {number}: {match[1]} is set a second time; keep one of the two")
        found[match[1]] = match[2].strip()
    return found


def fault_of(value: str) -> str:
    """Why the value cannot stand in such a file, or nothing."""
    return (
        "must have no leading quote, no $, \\ and line break, and no # after a space" if _AWKWARD.search(value) else ""
    )


def store(path: Path, values: Mapping[str, str], head: str = "") -> None:
    """Set these, keeping every other line as it is; on disk, closed to others, before this returns.

    Whoever reads meanwhile, or is cut off by a power cut, meets the old file or the new one.
    """
    left = dict(values)
    lines = []
    for line in path.read_text("utf-8").splitlines() if path.exists() else head.splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is not None and match[1] in values:
            line = f"{match[1]}={left.pop(match[1], values[match[1]])}"
        lines.append(line)
    lines += [f"{name}={value}" for name, value in left.items()]
    write_closed(path, "\n".join(lines) + "\n")


def write_closed(path: Path, text: str) -> None:
    """Write a file that only we may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
