"""Pages for a child's own words: how often the held-back half of the labelled set is answered, and what a question costs.

The set and the terms were written by the same people, in one go: those shares flatter.  What was "written later", after the
terms and without a second look at them, comes nearer to how strangers fare, and is shown beside them without a target.
"Strangers": written without sight of the terms, half of it held back; the danger words were widened on its other half, by the
same hands, so that it flatters too, though less.  Danger heard in "written later" is the figure to believe.
"""

import time

from benchmarks.figures import Bound, Figure, at_least, at_most, best, middle
from bot.content.loader import load_content
from bot.content.seeking import make_seeker
from tests.queries import (
    LATER,
    STRANGERS_ALARMED,
    STRANGERS_FOUND,
    STRANGERS_HEARD,
    TARGETS,
    garbled,
    halves,
    read_queries,
    score,
    strangers_halves,
)


def measure(rounds: int) -> list[Figure]:
    content = load_content()
    built = [_seconds(lambda: make_seeker(content)) for _ in range(rounds)]
    seeker = make_seeker(content)
    queries = [query.words for lang in TARGETS for query in read_queries(lang)]

    def ask() -> None:
        for words in queries:
            seeker.seek(words)

    told = {lang: score(seeker, halves(lang)[1]) for lang in TARGETS}
    slipped = {lang: score(seeker, tuple(map(garbled, halves(lang)[1]))) for lang in TARGETS}
    dangers, calm = sum(t.dangers for t in told.values()), sum(t.calm for t in told.values())
    later = score(seeker, read_queries(LATER))
    strangers = {lang: score(seeker, strangers_halves(lang)[1]) for lang in TARGETS}
    strange = tuple(strangers.values())
    nothing = [q for lang in TARGETS for q in read_queries(lang) if not q.pages and not q.danger]
    guessed = sum(bool(seeker.seek(query.words).pages) for query in nothing)
    return [
        *(
            _share(f"seeking, {lang}: right page in three", t.hit, t.asked, at_least(TARGETS[lang]))
            for lang, t in told.items()
        ),
        *(_share(f"seeking, {lang}: with slips of the thumb", t.hit, t.asked) for lang, t in slipped.items()),
        _share("seeking: danger heard", sum(t.heard for t in told.values()), dangers),
        _share("seeking: false alarms", sum(t.alarms for t in told.values()), calm),
        _share("seeking: pages for what asks nothing", guessed, len(nothing)),
        *(_share(f"seeking, strangers, {lang}: right page in three", t.hit, t.asked) for lang, t in strangers.items()),
        _share(
            "seeking, strangers: right page in three",
            sum(t.hit for t in strange),
            sum(t.asked for t in strange),
            at_least(STRANGERS_FOUND),
        ),
        _share(
            "seeking, strangers: danger heard",
            sum(t.heard for t in strange),
            sum(t.dangers for t in strange),
            at_least(STRANGERS_HEARD),
        ),
        _share(
            "seeking, strangers: false alarms",
            sum(t.alarms for t in strange),
            sum(t.calm for t in strange),
            at_most(STRANGERS_ALARMED),
        ),
        _share("seeking, written later: right page in three", later.hit, later.asked),
        _share("seeking, written later: danger heard", later.heard, later.dangers),
        _share("seeking, written later: false alarms", later.alarms, later.calm),
        Figure(
            "seeking: a question",
            middle([best(ask, len(queries), 20) for _ in range(rounds)]) * 1e6,
            "µs",
            at_most(2000),
        ),
        Figure("seeking: building the index", middle(built), "s", at_most(0.3)),
    ]


def _share(name: str, part: int, whole: int, target: Bound | None = None) -> Figure:
    return Figure(name, 100 * part / whole, "%", target)


def _seconds(work: object) -> float:
    assert callable(work)
    began = time.process_time()
    work()
    return time.process_time() - began
