"""`hamrah init`: guided, in any number of sittings, by prompts or by a file of answers; and the offline machine's part."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from bot.cli import main
from bot.sealing import stretch
from bot.starting import TRIAL_MARK
from tests.browser.served import free_port

SAID = {
    "Name [": "Umeed",
    "Public address": "https://help.example.org",
    "HOST:PORT": "",
    "Data folder": "",
    "Keys folder": "",
    "Database": "",
    "Time zone": "Asia/Kolkata",
    "Opening hours": "mon 09:00-17:00",
    "Languages": "ur, en",
    "Bot API": "",
    "Token": "",
    "Days": "60",
    "none, voice or all": "none",
    "Names to sign in with": "amber basil",
    "Supervisor's name": "sara",
    "Administrator's name": "admin",
    "Has ": "y",
    "Places": "pk in",
    "offline or here": "here",
    "Is it the one": "y",
}
"""Beginning of a question → the answer."""

ANSWERS = """
listen = "127.0.0.1:{port}"
languages = "ur,en"
officers = ["amber", "basil"]
supervisor = "amber"
administrator = "admin"
places = ["PK"]
root = "{root}"
fingerprint_right = true
"""


class Founder:
    """Somebody at a terminal in an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.env: dict[str, str | None] = {"HAMRAH_LISTEN": f"127.0.0.1:{self.port}"}

    @property
    def file(self) -> Path:
        return self.folder / "hamrah.env"

    def runs(self, *words: object, typed: str | None = None) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], input=typed, env=self.env)

    def says(self, *words: object) -> str:
        result = self.runs(*words)
        assert 0 == result.exit_code, result.output
        return result.output

    def answers(self, root: str = "here", **changed: str) -> Path:
        text = ANSWERS.format(port=self.port, root=root)
        for name, value in changed.items():
            text = re.sub(rf"^{name} = .*\n", "", text, flags=re.MULTILINE) + (f"{name} = {value}\n" if value else "")
        file = self.folder / "answers.toml"
        file.write_text(text)
        return file

    def everything(self) -> Mapping[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()}


@pytest.fixture
def founder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Founder:
    monkeypatch.chdir(tmp_path)
    return Founder(tmp_path)


@pytest.fixture
def scripted(founder: Founder) -> Founder:
    """The same with a file of answers instead of a setting in the environment."""
    founder.env = {}
    return founder


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretching pass phrases is dear on purpose; one founding below pays it, the others ask something else."""
    monkeypatch.setattr(stretch, "Argon2id", lambda **given: Argon2id(**given | {"memory_cost": 64}))


def answer_to(question: str) -> str:
    return next(answer for begins, answer in SAID.items() if question.startswith(begins))


@pytest.mark.usefixtures("quick")
@pytest.mark.slow
@pytest.mark.promise("R24")
def test_stopped_at_every_question_it_goes_on_where_it_was(founder: Founder) -> None:
    """One answer a sitting: each question is asked once, each answer is there at the end."""
    typed, asked = "", list[str]()
    for _ in range(40):
        result = founder.runs("init", typed=typed)
        if result.exit_code == 0:
            break
        assert (2, True) == (result.exit_code, "Nothing is lost" in result.stderr), result.output
        question = result.stdout.rstrip().splitlines()[-1].strip()
        asked.append(question)
        typed = answer_to(question) + "\n"
    assert 0 == result.exit_code, asked[-3:]
    assert len(asked) == len(set(asked)), "asked twice"

    said = founder.file.read_text()
    for line in ("NAME=Umeed", "TIMEZONE=Asia/Kolkata", "LANGUAGES=ur,en", "RETENTION_DAYS=60", "ATTACHMENTS=none"):
        assert f"HAMRAH_{line}\n" in said
    assert 0o600 == founder.file.stat().st_mode & 0o777
    shown = founder.says("--settings", founder.file, "roster", "show")
    assert "duty (duty): amber, basil, sara; PK, IN" in shown
    changed = founder.runs("init", "--change", typed="Roshni\n")
    assert "Stopped" in changed.stderr
    assert "HAMRAH_NAME=Roshni\nHAMRAH_PUBLIC_URL=https://help.example.org\n" in founder.file.read_text()
    added = founder.runs("--settings", founder.file, "officer", "add", "admin", "--name", "X", "--role", "auditor")
    assert (2, True) == (added.exit_code, "exists" in added.stderr)


@pytest.mark.slow
def test_a_wrong_answer_is_explained_and_asked_again(founder: Founder) -> None:
    (founder.folder / "trial").mkdir()
    (founder.folder / "trial" / TRIAL_MARK).touch()
    wrong = [
        "",
        "http://help.example.org",
        "https://help.example.org/chat",
        "-",
        "trial",
        "",
        "",
        "mysql://x",
        "",
        "Mars",
        "",
    ]
    said = founder.runs("init", typed="\n".join([*wrong, "at nine", "", "xx", ""]) + "\n").stdout
    for told in (
        "must be https",
        "must be a host only",
        "a trial",
        "sqlite:///",
        "time zone",
        "mon 09:00-17:00",
        "xx is not known",
    ):
        assert told in said


@pytest.mark.slow
@pytest.mark.promise("S59")
def test_a_file_of_answers_founds_a_service_and_repeating_changes_nothing(scripted: Founder) -> None:
    answers = scripted.answers()
    said = scripted.says("init", "--answers", answers)
    assert 3 == len(re.findall(r"^  (?:[a-z]+ ){5}[a-z]+$", said, re.MULTILINE)), "six words for each account"
    before = scripted.everything()

    again = scripted.says("init", "--answers", answers)
    changed = {path for path, held in scripted.everything().items() if before.get(path) != held}
    assert not {path for path in changed if "hamrah.db" not in path}
    assert "six words" not in again
    said = scripted.runs("--settings", scripted.file, "doctor").output
    assert "ok   team duty" in said


@pytest.mark.usefixtures("quick")
@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"officers": ""}, "officers is missing"),
        ({"officers": '["amber"]'}, "at least two"),
        ({"timezone": '"Mars"'}, "timezone"),
        ({"telegram_tokn": '"x"'}, "telegram_tokn"),
        ({"places": '["Atlantis"]'}, "no such place"),
        ({"fingerprint_right": "false"}, "nothing was put in force"),
        ({"attachments": '"all"'}, "attachments"),
        ({"name": "'a\"$b'"}, "name"),
    ],
    ids=str,
)
def test_an_answer_that_is_missing_or_wrong_is_named(scripted: Founder, changed: Mapping[str, str], named: str) -> None:
    result = scripted.runs("init", "--answers", scripted.answers(**changed))
    assert 2 == result.exit_code
    assert named in result.stderr
    assert "Traceback" not in result.output
    assert (
        0 == scripted.runs("init", "--answers", scripted.answers(**{**dict.fromkeys(changed, ""), **MENDED})).exit_code
    )


MENDED = {"officers": '["amber", "basil"]', "places": '["PK"]', "fingerprint_right": "true"}


@pytest.mark.usefixtures("quick")
@pytest.mark.slow
def test_answers_that_disagree_with_the_file_overwrite_nothing(scripted: Founder) -> None:
    scripted.says("init", "--answers", scripted.answers())
    before = scripted.file.read_bytes()
    result = scripted.runs("init", "--answers", scripted.answers(timezone='"Asia/Dhaka"'))
    assert (2, True) == (result.exit_code, "nothing is overwritten" in result.stderr)
    assert before == scripted.file.read_bytes()


@pytest.mark.usefixtures("quick")
@pytest.mark.slow
@pytest.mark.promise("S14", "S59")
def test_root_and_recovery_keys_are_made_on_another_machine_and_two_of_three_sign(scripted: Founder) -> None:
    answers = scripted.answers("offline")
    said = scripted.says("init", "--answers", answers)
    assert "hamrah offline carry --keys secrets" in said
    signs = set(re.findall(r"(?:[0-9a-f]{4} ){7}[0-9a-f]{4}$", said, re.MULTILINE))
    assert 2 == scripted.runs("--settings", scripted.file, "serve").exit_code, "half-founded, it does not start"
    carry, secrets = scripted.folder / "carry", scripted.folder / "elsewhere" / "secrets"
    assert not [path for path in carry.rglob("*") if b"seed" in (path.read_bytes() if path.is_file() else b"")]

    assert 2 == scripted.runs("offline", carry, "--keys", carry / "secrets").exit_code
    stopped = scripted.runs("offline", carry, "--keys", secrets, typed="3\ny\nn\n")
    assert (2, True) == (stopped.exit_code, "nothing was signed" in stopped.stderr)
    again = scripted.runs("offline", carry, "--keys", secrets, typed="y\n")
    assert 0 == again.exit_code, again.output
    assert signs <= set(re.findall(r"(?:[0-9a-f]{4} ){7}[0-9a-f]{4}$", again.output, re.MULTILINE))
    assert {0o600} == {path.stat().st_mode & 0o777 for path in secrets.iterdir()}
    assert [
        "backup.key",
        "root-1.key",
        "root-2.key",
        "root-3.key",
        "share-1.txt",
        "share-2.txt",
        "share-3.txt",
    ] == sorted(path.name for path in secrets.iterdir())
    assert 2 == scripted.runs("offline", carry, "--keys", secrets).exit_code, "a signed list is not overwritten"

    scripted.says("init", "--answers", answers)
    sign = ("roster", "sign", "--teams", carry / "teams.toml", "--version", 2, "--out", scripted.folder / "two.json")
    cards, keys = sorted((carry / "cards").iterdir()), [("--root-key", secrets / f"root-{n}.key") for n in (1, 2, 3)]
    alone = scripted.runs(*sign, *keys[0], *cards)
    assert (2, True) == (alone.exit_code, "2 must sign" in alone.stderr)
    assert 2 == scripted.runs(*sign, *keys[0], *keys[0], *cards).exit_code, "one holder twice is one"
    scripted.says(*sign, *keys[2], *keys[0], *cards)
    assert "roster 2 is in force" in scripted.says(
        "--settings", scripted.file, "roster", "publish", scripted.folder / "two.json"
    )


@pytest.mark.usefixtures("quick")
@pytest.mark.slow
@pytest.mark.promise("S59")
def test_a_list_that_was_signed_for_another_service_is_refused(scripted: Founder, tmp_path: Path) -> None:
    scripted.says("init", "--answers", scripted.answers("offline"))
    carry = scripted.folder / "carry"
    (carry / "deployment").write_text("ab" * 16)
    assert 0 == scripted.runs("offline", carry, "--keys", tmp_path / "secrets", typed="1\nn\ny\n").exit_code
    result = scripted.runs("init", "--answers", scripted.answers("offline"))
    assert (2, True) == (result.exit_code, "another service" in result.stderr)
    assert "ROOT_FINGERPRINT" not in scripted.file.read_text()


# --- a trial is no service, and a service no trial ---


@pytest.mark.promise("S59")
@pytest.mark.parametrize("how", ["guided", "short"])
def test_the_folder_of_a_trial_is_never_founded_upon(scripted: Founder, how: str) -> None:
    trial = scripted.folder / "trial"
    trial.mkdir(mode=0o700)
    (trial / TRIAL_MARK).touch()
    scripted.env["HAMRAH_DATA_DIR"] = str(trial)
    words = ("--answers", scripted.answers()) if how == "guided" else ("--root-key", scripted.folder / "root.key")
    result = scripted.runs("init", *words)
    assert (2, True) == (result.exit_code, "trial" in result.stderr)
    assert [TRIAL_MARK] == [path.name for path in trial.iterdir()]


@pytest.mark.promise("S59")
def test_a_trial_takes_no_settings_file(founder: Founder) -> None:
    founder.file.write_text("HAMRAH_NAME=Umeed\n")
    founder.file.chmod(0o600)
    for words in (("--settings", founder.file, "trial"), ("trial",)):
        founder.env["HAMRAH_SETTINGS_FILE"] = None if "--settings" in words else str(founder.file)
        result = founder.runs(*words, "--data-dir", founder.folder / "trial")
        assert (2, True) == (result.exit_code, "a trial has none" in result.stderr)
    assert not (founder.folder / "trial").exists()
