"""Ids of texts of the open case that a page puts together from a code and a prefix; the list of the codes is the page's own."""

BUILT_WORK = ("alarm.note", *(f"warn.{kind}" for kind in ("phone", "link", "time", "place", "name")))

PREFIXES = ("note", "prepared", "warn", "pass", "story", "plan", "same", "export")
