"""Lists that learn of changes by themselves, and colleagues at the same case, in English; part of the console's texts."""

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802 - the name extraction tools look for
    """Mark a text for translation; it is looked up by its id when it is shown."""
    return text


LIVE_TEXTS: Final[Mapping[str, str]] = {
    "queue.view.waiting": N_("Waiting for the child"),
    "queue.view.passed_on": N_("Passed on"),
    "queue.fresh": N_("New in this list: {count}"),
    "queue.fresh-show": N_("Show"),
    "queue.gone": N_("no longer in this list"),
    "queue.held-since": N_("with {name} since {time}"),
    "case.held-since": N_("{name}, since {time}"),
    "case.news": N_("Something changed in this case since you opened it."),
    "case.news-show": N_("Show what changed"),
    "company.viewing": N_("Also has this case open: {names}"),
    "company.typing": N_("Writing here just now: {names}"),
    "deed.ask.take_over-since": N_("{name} has worked on this case since {time}. Take it over?"),
}

LIVE_NOTES: Final[Mapping[str, str]] = {
    "queue.view.waiting": "List of cases in which the officer wrote last and the child has not answered yet",
    "queue.view.passed_on": "List of cases that were passed to another team or service",
    "queue.fresh": "{count}: how many reports came into the list that are not shown yet",
    "queue.fresh-show": "Button after it: load the list again",
    "company.viewing": "{names}: names of one or more colleagues",
    "company.typing": "{names}: names of one or more colleagues",
    "queue.held-since": "{name}: a colleague who works on the case; {time}: a time of day, or a date and a time",
    "case.held-since": "Who works on the case: {name}, and since when: {time}, a time of day or a date and a time",
}
