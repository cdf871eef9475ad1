"""Places to choose by buttons: all countries, and provinces and districts where we know them."""

from dataclasses import dataclass

from bot.content.model import PlaceNames
from bot.content.tables import Table
from bot.core.flow import Place


@dataclass(frozen=True, slots=True)
class Places:
    """`children`: code → codes inside it, in the order of the English names; "" → all countries, common ones first."""

    places: dict[str, Place]
    children: dict[str, tuple[str, ...]]
    names: dict[str, PlaceNames]


def read_places(countries: Table, regions: Table) -> Places:
    """Read `countries.toml` and `regions.toml`."""
    common = countries.texts("common")
    english = countries.table("names").rest()
    countries.close()
    for code in common:
        if code not in english:
            raise countries.wrong(f'"{code}" is common but has no name', "add it to [names]")
    places = {c: Place(c, "", 0, name, c in common) for c, name in english.items()}
    names = {c: PlaceNames({"en": name}) for c, name in english.items()}
    for entry in regions.tables("region"):
        place, name = _read_region(entry)
        if place.code in places and place.level > 0:
            raise entry.wrong(f'"{place.code}" stands here twice', "remove one of them")
        places[place.code] = place if place.level else Place(place.code, "", 0, place.name, place.code in common)
        names[place.code] = name
    regions.close()
    return Places(places, _children(places, common), names)


def _read_region(entry: Table) -> tuple[Place, PlaceNames]:
    code, parent, level = entry.text("code"), entry.text("in", ""), entry.number("level")
    if level not in (0, 1, 2) or (level == 0) != (parent == ""):
        raise entry.wrong(f'"{code}": level and "in" do not fit', "0 = country without in, 1 = province, 2 = district")
    others, confidence = entry.texts("also"), entry.text("confidence", "high")
    names = entry.rest()
    if "en" not in names:
        raise entry.wrong(f'"{code}" has no English name', 'add en = "..."')
    return Place(code, parent, level, names["en"]), PlaceNames(names, others, confidence)


def _children(places: dict[str, Place], common: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    children: dict[str, list[str]] = {}
    for place in sorted(places.values(), key=lambda p: p.name):
        children.setdefault(place.parent, []).append(place.code)
    found = {code: tuple(inside) for code, inside in children.items()}
    found[""] = (*common, *(c for c in found[""] if c not in common))
    return found
