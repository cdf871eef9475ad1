"""The folder that travels on a stick between the service and the machine that is never online.  Nothing in it is secret.

deployment         id of the service                        service → offline
teams.toml         who works in which team                  service → offline
cards/LOGIN.json   an officer's public keys                 service → offline
recovery.json      public half of the recovery key          stays in the signed list
roster.json        the signed list                          offline → service
fingerprint        of the root keys, to publish             offline → service
"""

from dataclasses import dataclass
from pathlib import Path

from bot.core.errors import ConfigError
from bot.core.roster import Team
from bot.services import founding


@dataclass(frozen=True, slots=True)
class Carried:
    folder: Path

    @property
    def teams_file(self) -> Path:
        return self.folder / "teams.toml"

    @property
    def people_file(self) -> Path:
        return self.folder / "people"

    @property
    def recovery_file(self) -> Path:
        return self.folder / "recovery.json"

    @property
    def backup_key_file(self) -> Path:
        return self.folder / "backup.key.pub"

    @property
    def roster_file(self) -> Path:
        return self.folder / "roster.json"

    @property
    def fingerprint_file(self) -> Path:
        return self.folder / "fingerprint"

    def card_file(self, login: str) -> Path:
        return self.folder / "cards" / f"{login}.json"

    def deployment(self) -> bytes:
        text = self._text(self.folder / "deployment").strip()
        try:
            read = bytes.fromhex(text)
        except ValueError:
            read = b""
        if len(read) != 16:
            raise ConfigError(f"{self.folder / 'deployment'} is damaged: copy the folder from the service again")
        return read

    def teams(self) -> tuple[Team, ...]:
        try:
            return founding.read_teams(self._text(self.teams_file))
        except ConfigError as fault:
            raise ConfigError(f"{self.teams_file}: {fault}") from None

    def cards(self) -> list[str]:
        """Texts of all cards, by login.  Raises `ConfigError` that names a damaged one."""
        found = []
        for path in sorted((self.folder / "cards").glob("*.json")):
            text = self._text(path)
            try:
                founding.read_card(text)
            except ConfigError as fault:
                raise ConfigError(f"{path}: {fault}: copy it from the service again") from None
            found.append(text)
        return found

    def fingerprint(self) -> str:
        return self._text(self.fingerprint_file).strip()

    def _text(self, path: Path) -> str:
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise ConfigError(f"{path} is missing or cannot be read: is {self.folder} the whole folder?") from None
