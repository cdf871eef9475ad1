"""A figure, its target and its peer; the table and the file they end in."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True, slots=True)
class Bound:
    """What was promised: at least or at most so much."""

    limit: float
    least: bool = False

    def held_by(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """`peer`: beside what it was measured, "" for nothing; figures without a target are there to explain others."""

    name: str
    value: float
    unit: str
    target: Bound | None = None
    peer: str = ""


def at_least(limit: float) -> Bound:
    return Bound(limit, least=True)


def at_most(limit: float) -> Bound:
    return Bound(limit)


def best(work: Callable[[], None], of: int, passes: int = 100) -> float:
    """Processor seconds for one of `of` pieces of `work`, in the quietest of some passes: neighbours only ever add."""

    def one() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(one() for _ in range(passes)) / of


def middle(values: Sequence[float]) -> float:
    return float(median(values))


def table(figures: Sequence[Figure]) -> str:
    """One line a figure: name, value, target, whether it holds."""
    rows = [("figure", "value", "target", "", "beside")]
    rows += [(f.name, _shown(f), str(f.target or ""), _verdict(f), f.peer) for f in figures]
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def write(figures: Sequence[Figure]) -> None:
    """Figures of this run replace those of the same name; others stay, so that a part can be measured again."""
    kept = {} if not RESULTS.exists() else {row["name"]: row for row in json.loads(RESULTS.read_text("utf-8"))}
    for figure in figures:
        row = asdict(figure) | {
            "value": _rounded(figure.value),
            "target": str(figure.target) if figure.target else None,
        }
        kept[figure.name] = row | {"peer": figure.peer or None}
    RESULTS.write_text(json.dumps(list(kept.values()), ensure_ascii=False, indent=1) + "\n", "utf-8")


def _shown(figure: Figure) -> str:
    return f"{_rounded(figure.value):g} {figure.unit}"


def _rounded(value: float) -> float:
    """Three figures that count."""
    return float(f"{value:.3g}") if abs(value) < 1000 else round(value)


def _verdict(figure: Figure) -> str:
    if figure.target is None:
        return ""
    return "holds" if figure.target.held_by(figure.value) else "MISSED"
