"""Writes vectors.json anew: python -m tests.sealing.make_vectors (needs node and a built bot/web/dist/sealing.js).

Run it when the format gets a new version, never to make a failing test pass: a vector that no longer opens is a
report that no longer opens.
"""

import json
from typing import Any

from tests.sealing.derived_vectors import codes, derivations, officers
from tests.sealing.sealed_vectors import chains, files, keys, records, slot_lists, slots, texts
from tests.sealing.signed_vectors import logs, replies, rosters, signatures
from tests.sealing.vector_book import Book
from tests.sealing.vectors import VECTORS, sha


def main() -> None:
    book = Book()
    for chapter in (keys, texts, records, slots, slot_lists, files, chains, codes, derivations, officers):
        chapter(book)
    for chapter in (signatures, rosters, replies, logs):
        chapter(book)
    long: dict[str, str] = {}
    cases = [shortened(case, long) for case in book.cases]
    about = "What bot/sealing and bot/web/src/sealing must both give; written by make_vectors.py."
    lines = ",\n".join(json.dumps(case) for case in cases)
    kept = ",\n".join(f"{json.dumps(name)}: {json.dumps(text)}" for name, text in long.items())
    VECTORS.write_text(f'{{"about": {json.dumps(about)},\n"long": {{\n{kept}\n}},\n"cases": [\n{lines}\n]}}\n', "utf-8")
    print(len(cases), "cases,", VECTORS.stat().st_size, "bytes")


def shortened(value: Any, long: dict[str, str]) -> Any:
    """`value` with long texts written once, under `@` and a name."""
    match value:
        case dict():
            return {key: shortened(inner, long) for key, inner in value.items()}
        case list():
            return [shortened(inner, long) for inner in value]
        case str() if len(value) > 1000:
            name = "@" + sha(value.encode())[:12]
            long[name] = value
            return name
        case _:
            return value


if __name__ == "__main__":
    main()
