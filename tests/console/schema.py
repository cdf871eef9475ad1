"""JSON Schema, as much of it as our two documents use; a word it does not know is an error, so that nothing goes unchecked."""

import re
from collections.abc import Iterator
from typing import Any

_SAID = {"$schema", "title"}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
}


def faults(schema: dict[str, Any], value: Any, where: str = "$") -> Iterator[str]:
    """What does not fit, as "path: why"."""
    for word, wanted in schema.items():
        match word:
            case "type":
                if not isinstance(value, _TYPES[wanted]):
                    yield f"{where}: not {wanted}"
                    return
            case "enum":
                if value not in wanted:
                    yield f"{where}: {value!r} is not on the list"
            case "pattern":
                if not re.search(wanted, value):
                    yield f"{where}: {value!r} does not match"
            case "minItems":
                if len(value) < wanted:
                    yield f"{where}: fewer than {wanted}"
            case "required":
                yield from (f"{where}: {name} is missing" for name in wanted if name not in value)
            case "items":
                for n, item in enumerate(value):
                    yield from faults(wanted, item, f"{where}[{n}]")
            case "properties":
                for name in wanted.keys() & value.keys():
                    yield from faults(wanted[name], value[name], f"{where}.{name}")
            case "additionalProperties":
                strangers = value.keys() - schema["properties"].keys()
                yield from (f"{where}: {name} is no field" for name in sorted(strangers) if not wanted)
            case _ if word not in _SAID:
                raise AssertionError(f"{where}: the schema says {word}, which nobody checks")
