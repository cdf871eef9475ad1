"""Entries of the content that people edit in forms: what fields each kind has, and how it stands in its TOML file.

Writing is canonical: an entry that nobody changed comes out with the bytes it came in with, so that an export is a small
difference for whoever reviews it.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.content.story_form import scenes_toml
from bot.core.errors import ContentError

Values = Mapping[str, Any]
"""Fields of an entry: texts, flags, lists of texts, and `when`, a table of such lists.  Empty ones are left out."""

TEXT: Final = "text"
LONG: Final = "long"
FLAG: Final = "flag"
CHOICE: Final = "choice"
LIST: Final = "list"
FACTS: Final = "facts"
NUMBER: Final = "number"
SCENES: Final = "scenes"


@dataclass(frozen=True, slots=True)
class Field:
    """`name`: as in the file; "text.teen" is `teen` of the table `text`.  `options`: of a choice, "" where it may be left out."""

    name: str
    kind: str = TEXT
    options: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """`file`: where the entries stand; "{}" is the id of an entry that has a file of its own.

    `key`: the field that names an entry.  `places`: whether entries name places.  `removable`: whether one may go: talks and
    cases in progress must never hold the name of something that is gone.
    """

    name: str
    file: str
    key: str
    fields: tuple[Field, ...]
    removable: bool = False
    single: bool = False

    def file_of(self, item: str) -> str:
        return self.file.format(item)


_URGENCIES: Final = ("U0", "U1", "U2", "U3")
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CONFIDENCE: Final = ("high", "medium", "low")

HELPLINE: Final = Kind(
    "helpline",
    "helplines.toml",
    "id",
    (
        Field("id", needed=True),
        Field("country", needed=True),
        Field("region"),
        Field("name", needed=True),
        Field("for", needed=True),
        Field("dial"),
        Field("then"),
        Field("web"),
        Field("child_line", FLAG),
        Field("emergency", FLAG),
        Field("hours", CHOICE, ("", "always", "day")),
        Field("confidence", CHOICE, _CONFIDENCE, needed=True),
        Field("source", needed=True),
        Field("source_date"),
        Field("read_on"),
        Field("dialled_on"),
        Field("toll_free"),
        Field("languages"),
        Field("contact"),
        Field("note"),
    ),
    removable=True,
)
PAGE: Final = Kind(
    "page",
    "pages/{}.toml",
    "id",
    (
        Field("id", needed=True),
        Field("title", needed=True),
        Field("checked", needed=True),
        Field("sources", LIST, needed=True),
        Field("to_check", LIST),
        Field("note"),
        Field("readers", LIST),
        Field("on", LIST),
        Field("critical", FLAG),
        Field("fills", FACTS),
        Field("text.all", LONG),
        Field("text.u12", LONG),
        Field("text.teen", LONG),
        Field("text.adult", LONG),
        Field("text.pro", LONG),
    ),
)
STORY: Final = Kind(
    "story",
    "stories/{}.toml",
    "id",
    (
        Field("id", needed=True),
        Field("title", needed=True),
        Field("readers", LIST, needed=True),
        Field("on", LIST),
        Field("checked", needed=True),
        Field("sources", LIST, needed=True),
        Field("note", needed=True),
        Field("scene", SCENES, needed=True),
    ),
)
ANSWER: Final = Kind(
    "answer",
    "answers.toml",
    "id",
    (Field("id", needed=True), Field("text", needed=True), Field("note"), Field("retired", FLAG)),
)
REGION: Final = Kind(
    "region",
    "regions.toml",
    "code",
    (
        Field("code", needed=True),
        Field("in"),
        Field("level", NUMBER, ("0", "1", "2"), needed=True),
        Field("en", needed=True),
        Field("names", FACTS),
        Field("also", LIST),
        Field("confidence", CHOICE, ("", *_CONFIDENCE)),
    ),
)
RULE: Final = Kind(
    "rule",
    "triage.toml",
    "id",
    (
        Field("id", needed=True),
        Field("urgency", CHOICE, _URGENCIES, needed=True),
        Field("when", FACTS, needed=True),
        Field("reason", needed=True),
    ),
)
ROUTING: Final = Kind(
    "routing",
    "routing.toml",
    "id",
    (
        *(Field(f"climb_after_minutes.{u}", NUMBER) for u in _URGENCIES[:2]),
        *(Field(f"answer_within_minutes.{u}", NUMBER) for u in _URGENCIES),
        Field("feedback.team"),
        Field("hours.zone"),
        *(Field(f"hours.{day}", LIST) for day in _DAYS),
    ),
    single=True,
)
KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in (HELPLINE, PAGE, STORY, ANSWER, REGION, RULE, ROUTING)}


def written(kind: Kind, values: Values) -> str:
    """The entry as it stands in its file, without a line feed at its end."""
    return _WRITERS[kind.name](values)


def rewritten_routing(raw: str, values: Values) -> str:
    """`routing.toml` with other values: its remarks and the order of its lines stay."""
    lines, section = [], ""
    for line in raw.split("\n"):
        key, _, rest = line.partition(" = ")
        if line.startswith("["):
            section = line.strip("[]") + "."
        elif rest.startswith("{"):
            told = {n.partition(".")[2]: v for n, v in values.items() if n.startswith(f"{key}.")}
            line = f"{key} = {_value(told)}"
        elif rest and not line.startswith("#"):
            value = values.get(section + key)
            if value in (None, "", []):
                continue  # no duty on this day
            line = f"{key} = {_value(value)}"
        lines.append(line)
    missing = [n for n in values if n.startswith("hours.") and values[n] and f"\n{n[6:]} = " not in raw]
    lines[-1:-1] = [f"{n[6:]} = {_value(values[n])}" for n in missing]
    return "\n".join(lines)


def read_entries(kind: Kind, raw: str) -> dict[str, dict[str, Any]]:
    """Id → values of every entry of a file, in its order.  Raises `ContentError` where the file is no TOML."""
    try:
        whole = tomllib.loads(raw)
    except tomllib.TOMLDecodeError as broken:
        raise ContentError(f"{kind.file}: {broken}; correct the TOML there") from broken
    if kind.single:
        return {kind.name: dict(_flat(whole))}
    listed = [whole] if "{}" in kind.file else whole[kind.name]
    return {str(entry[kind.key]): _as_form(kind, entry) for entry in listed}


def spans(kind: Kind, raw: str) -> dict[str, tuple[int, int]]:
    """Id → (first character, one past the last) of each entry in its file, without the empty lines after it."""
    if kind is REGION:
        return {found["code"]: found.span() for found in _REGION_LINE.finditer(raw)}
    heads = [found.start() for found in re.finditer(rf"^\[\[{kind.name}\]\]$", raw, re.MULTILINE)]
    found = {}
    for start, after in zip(heads, [*heads[1:], len(raw)], strict=True):
        block = raw[start:after].rstrip("\n")
        while (last := block.rpartition("\n"))[2].startswith("#"):  # a remark above the next entry belongs to that one
            block = last[0].rstrip("\n")
        id = tomllib.loads(block)[kind.name][0][kind.key]
        found[id] = (start, start + len(block))
    return found


_REGION_LINE = re.compile(r'^  \{ code = "(?P<code>[^"]*)".*\},$', re.MULTILINE)
_REGION_FIELDS = ("code", "in", "level", "also", "confidence")


def _as_form(kind: Kind, entry: Values) -> dict[str, Any]:
    if kind is REGION:
        names = {key: [value] for key, value in entry.items() if key not in (*_REGION_FIELDS, "en")}
        own = {key: value for key, value in entry.items() if key in (*_REGION_FIELDS, "en")}
        return {**own, **({"names": names} if names else {})}
    if kind is PAGE:
        return {**{k: v for k, v in entry.items() if k != "text"}, **{f"text.{k}": v for k, v in entry["text"].items()}}
    return dict(entry)


def _flat(whole: Values) -> Iterator[tuple[str, Any]]:
    for table, inside in whole.items():
        for key, value in inside.items():
            yield f"{table}.{key}", value


def is_empty(value: Any) -> bool:
    """Whether a field says nothing; the number 0 does say something."""
    return value is None or value is False or value in ("", [], {}, ())


def quoted(text: str) -> str:
    """A TOML string on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return quoted(value)
        case Mapping():
            return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    return "[" + ", ".join(map(quoted, value)) + "]"


def _given(kind: Kind, values: Values) -> Iterator[tuple[str, Any]]:
    for field in kind.fields:
        value = values.get(field.name)
        if field.name == "source_date" or not is_empty(value):
            yield field.name, "" if value is None else value


def _block(kind: Kind) -> Callable[[Values], str]:
    def write(values: Values) -> str:
        return "\n".join([f"[[{kind.name}]]", *(f"{name} = {_value(v)}" for name, v in _given(kind, values))])

    return write


def _page(kind: Kind, values: Values) -> str:
    """A file of one entry: a page or a story."""
    lines = []
    for name, value in _given(kind, values):
        if name in ("sources", "to_check"):
            lines += [f"{name} = [", *(f"  {quoted(one)}," for one in value), "]"]
        elif name.startswith("text."):
            lines.append(f"{name} = {_long(str(value))}")
        elif name == "scene":
            lines += scenes_toml(value, quoted, _long)
        else:
            lines.append(f"{name} = {_value(value)}")
    return "\n".join(lines) + "\n"


def _long(text: str) -> str:
    """A TOML string over several lines."""
    safe = text.replace("\\", "\\\\").replace('"""', '""\\"')
    return f'"""\n{safe}"""'


def _region(values: Values) -> str:
    facts = [f"{key} = {_value(values[key])}" for key in ("code", "in") if values.get(key)]
    facts.append(f"level = {values['level']}")
    facts.append(f"en = {_value(values['en'])}")
    facts += [f"{key} = {_value(' '.join(names))}" for key, names in values.get("names", {}).items()]
    facts += [f"{key} = {_value(values[key])}" for key in ("also", "confidence") if values.get(key)]
    return "  { " + ", ".join(facts) + " },"


_WRITERS: Final[Mapping[str, Callable[[Values], str]]] = {
    "helpline": _block(HELPLINE),
    "rule": _block(RULE),
    "page": partial(_page, PAGE),
    "story": partial(_page, STORY),
    "answer": _block(ANSWER),
    "region": _region,
}
