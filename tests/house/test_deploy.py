"""The deployment files say what the program knows: settings, routes, user, limits.  No container is started here."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from bot.settings import PREFIX, SETTINGS_FILE, Settings
from tests.house.tree import ROOT

DEPLOY = ROOT / "deploy"
NOT_SETTINGS = {"HAMRAH_HOST"}
"""Read by the proxy, not by us."""

HARDENED = {
    "type": "object",
    "properties": {
        "read_only": {"const": True},
        "cap_drop": {"const": ["ALL"]},
        "security_opt": {"const": ["no-new-privileges:true"]},
        "ulimits": {"type": "object", "properties": {"core": {"const": 0}}, "required": ["core"]},
        "mem_limit": {"type": "string"},
        "memswap_limit": {"type": "string"},
        "tmpfs": {"type": "array", "minItems": 1},
        "logging": {"type": "object", "required": ["options"]},
    },
    "required": [
        *("read_only", "cap_drop", "security_opt", "ulimits", "mem_limit", "memswap_limit", "tmpfs", "logging"),
    ],
}
CONTAINER = {
    "type": "object",
    "properties": {
        "securityContext": {
            "const": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
        },
        "resources": {
            "type": "object",
            "properties": {
                "requests": {"type": "object", "required": ["cpu", "memory"]},
                "limits": {"type": "object", "required": ["memory"]},
            },
            "required": ["requests", "limits"],
        },
    },
    "required": ["name", "image", "args", "env", "securityContext", "resources", "volumeMounts"],
}


def compose(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text("utf-8"))
    return read


def cluster() -> dict[str, dict[str, Any]]:
    read = yaml.safe_load((DEPLOY / "kubernetes" / "hamrah.yaml").read_text("utf-8"))
    return {item["kind"]: item for item in read["items"]}


def ours() -> Iterator[tuple[str, dict[str, Any]]]:
    for name in ("compose.yaml", "country.yaml"):
        for service, told in compose(name)["services"].items():
            if told.get("image") == "hamrah":
                yield f"{name}: {service}", told


def test_every_container_of_ours_can_write_nothing_and_become_nobody() -> None:
    found = dict(ours())
    assert 6 == len(found)
    for told in found.values():
        Draft202012Validator(HARDENED).validate(told)
        assert told["memswap_limit"] == told["mem_limit"], "what a child wrote must not go to swap"


def test_pods_run_as_the_user_of_the_image_with_limits() -> None:
    (user,) = re.findall(r"^USER (\d+):\1$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    found = cluster()
    for kind in ("Job", "Deployment"):
        pod = found[kind]["spec"]["template"]["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert (True, int(user)) == (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"])
        mounted = set[str]()
        for container in pod["containers"]:
            Draft202012Validator(CONTAINER).validate(container)
            mounted |= {mount["name"] for mount in container["volumeMounts"]}
        assert {volume["name"] for volume in pod["volumes"]} == mounted


def test_the_notifier_alone_has_its_keys_and_it_has_little_else() -> None:
    """D10: neither the service's database nor its keys, and of its secrets the bot's token alone."""
    for name in ("compose.yaml", "country.yaml"):
        services = compose(name)["services"]
        volumes = {
            service: {volume.split(":")[0] for volume in told.get("volumes", ())} for service, told in services.items()
        }
        assert {"notifier", "line"} == volumes["notifier"]
        assert ["notifier"] == [service for service, mounted in volumes.items() if "notifier" in mounted]
        assert {"HAMRAH_NOTIFIER_SOCKET", "HAMRAH_NOTIFIER_KEYS_DIR"} <= services["notifier"]["environment"].keys()
        assert "HAMRAH_SETTINGS_FILE" not in services["notifier"]["environment"]
    replica, notifier = cluster()["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert {"notifier", "line", "tmp"} == {mount["name"] for mount in notifier["volumeMounts"]}
    assert {"data", "keys", "line", "tmp"} == {mount["name"] for mount in replica["volumeMounts"]}
    secret = [one["valueFrom"]["secretKeyRef"]["key"] for one in notifier["env"] if "valueFrom" in one]
    assert ("envFrom" not in notifier, ["HAMRAH_TELEGRAM_TOKEN"]) == (True, secret)
    service, own = [(DEPLOY / unit).read_text("utf-8") for unit in ("hamrah.service", "hamrah-notifier.service")]
    user = re.compile(r"^User=(\S+)$", re.MULTILINE)
    assert user.findall(service) != user.findall(own)
    assert "StateDirectory=hamrah-notifier\nStateDirectoryMode=0700\n" in own
    rights = [
        line for line in own.splitlines() if re.match(r"(No|Cap|Prot|Priv|Restrict|Lock|Sys|Limit|MemoryS|UMask)", line)
    ]
    assert set(rights) <= set(service.splitlines()), "as little as the service may"


def test_selectors_find_the_replicas_and_one_always_stays() -> None:
    found = cluster()
    labels = found["Deployment"]["spec"]["template"]["metadata"]["labels"]
    for wanted in (
        found["Deployment"]["spec"]["selector"]["matchLabels"],
        found["Service"]["spec"]["selector"],
        found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        found["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
    ):
        assert wanted.items() <= labels.items()
    job = found["Job"]["spec"]["template"]["metadata"]["labels"]
    assert not found["Service"]["spec"]["selector"].items() <= job.items(), "the job that migrates serves nobody"
    assert found["PodDisruptionBudget"]["spec"]["minAvailable"] < found["Deployment"]["spec"]["replicas"]
    assert 0 == found["Deployment"]["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"]


def test_every_setting_that_is_named_exists() -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {SETTINGS_FILE} | NOT_SETTINGS
    for path in sorted(DEPLOY.rglob("*")):
        if path.is_file():
            named = set(re.findall(r"HAMRAH_[A-Z_]+", path.read_text("utf-8")))
            assert named <= known, (path.name, named - known)


def test_every_setting_has_its_line_in_the_manual_and_every_line_its_setting() -> None:
    manual = (ROOT / "docs" / "hosting.md").read_text("utf-8")
    table = manual.split("\n## Settings\n")[1].split("\n## ")[0]
    listed = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(HAMRAH_[A-Z_]+)`", line.split("|")[1])
    }
    explained = {*re.findall(r"HAMRAH_[A-Z_]+", table), "HAMRAH_WEBHOOK_SECRET_OLD"}
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set() == known - explained, "settings that the manual does not explain"
    assert set() == listed - known, "lines of the manual without a setting"


def test_the_unit_reads_the_settings_that_init_wrote_where_the_manual_says_so() -> None:
    unit = (DEPLOY / "hamrah.service").read_text("utf-8")
    (home,) = re.findall(r"--home-dir (\S+) ", (ROOT / "docs" / "hosting.md").read_text("utf-8"))
    (file,) = re.findall(rf"^Environment={SETTINGS_FILE}=(\S+)$", unit, re.MULTILINE)
    (state,) = re.findall(r"^StateDirectory=(\S+)$", unit, re.MULTILINE)
    assert (f"{home}/hamrah.env", home) == (file, f"/var/lib/{state}")
    environment = compose("compose.yaml")["services"]["hamrah"]["environment"]
    assert {
        "HAMRAH_SETTINGS_FILE": "/data/hamrah.env",
        "HAMRAH_NOTIFIER_SOCKET": "${HAMRAH_NOTIFIER_SOCKET:-}",
    } == environment


@pytest.mark.parametrize("file", ["Caddyfile", "kubernetes/hamrah.yaml", "healthcheck.py"])
def test_health_is_asked_for_where_it_is_told(file: str) -> None:
    routes = set(re.findall(r'Route\("(/health/\w+)"', (ROOT / "bot" / "health.py").read_text("utf-8")))
    asked = set(re.findall(r"/health/\w+", (DEPLOY / file).read_text("utf-8")))
    assert asked
    assert asked <= routes


@pytest.mark.promise("S44")
def test_nothing_in_front_of_us_keeps_who_came() -> None:
    caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
    site = caddy[caddy.index("{$HAMRAH_HOST}") :]
    assert "log" not in re.findall(r"^\s*(\w+)", site, re.MULTILINE), "an access log keeps addresses"
    assert "header_up -X-Forwarded-For" in site
    postgres = compose("country.yaml")["services"]["postgres"]["command"]
    assert {"log_statement=none", "log_connections=off", "log_parameter_max_length_on_error=0"} <= set(postgres)


def test_only_the_proxy_is_reached_from_outside() -> None:
    services = compose("country.yaml")["services"]
    assert ["caddy"] == [name for name, told in services.items() if "ports" in told]
    assert compose("country.yaml")["networks"]["inside"] == {"internal": True}
    assert ["inside"] == services["postgres"]["networks"]
    assert all(port.startswith("127.0.0.1:") for port in compose("compose.yaml")["services"]["hamrah"]["ports"])


def test_the_unit_gives_no_rights_and_stops_as_we_stop() -> None:
    unit = (DEPLOY / "hamrah.service").read_text("utf-8")
    said = dict(line.split("=", 1) for line in unit.splitlines() if "=" in line and not line.startswith("#"))
    for name, value in (
        ("NoNewPrivileges", "yes"), ("CapabilityBoundingSet", ""), ("ProtectSystem", "strict"), ("LimitCORE", "0"),
        ("MemorySwapMax", "0"), ("UMask", "0077"), ("ExecStart", "/opt/hamrah/bin/hamrah serve"),
    ):  # fmt: skip
        assert value == said[name]
    assert (
        int(said["TimeoutStopSec"])
        >= 30
        == cluster()["Deployment"]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    )
