"""Tools and prefilled answers make sense: each counter can be reached, each answer exists in the report."""

from collections.abc import Iterator, Mapping

from bot.content.finding import Finding
from bot.content.model import Content
from bot.core.choices import UNSAID, Answers
from bot.core.tools import Option, Tool

AUDIENCES = ("u12", "teen", "adult", "pro", UNSAID)


def tool_findings(content: Content) -> Iterator[Finding]:
    choices = {ask.id: {c.key for c in ask.choices} for ask in content.asks}
    for tool in content.tools.values():
        yield from _keys(tool)
        yield from _conditions(tool)
        yield from _counters(tool)
        for option in _options(tool):
            yield from _fills(choices, _where(tool), option.fills)
    for id, screen in content.screens.items():
        for choice in screen.choices:
            yield from _fills(choices, id, choice.fills)
            for reader in choice.readers:
                if reader not in AUDIENCES:
                    yield Finding(id, "reader", f'"{reader}" is no audience', f"use one of {', '.join(AUDIENCES)}")


def _keys(tool: Tool) -> Iterator[Finding]:
    steps = [step.id for step in tool.steps]
    for group in (steps, *([o.key for o in step.options] for step in tool.steps)):
        for key in {k for k in group if group.count(k) > 1}:
            yield Finding(_where(tool), "twice", f'"{key}" stands twice', "give each step and each choice its own key")


def _conditions(tool: Tool) -> Iterator[Finding]:
    """`when` may name earlier steps only, with options they have."""
    earlier: dict[str, set[str]] = {}
    for step in tool.steps:
        for named, wanted in step.when.items():
            if not wanted <= earlier.get(named, set()):
                what = f'the step "{step.id}" waits for answers of "{named}" that cannot have been given'
                yield Finding(_where(tool), "tool-condition", what, "name an earlier step and its choices")
        earlier[step.id] = {o.key for o in step.options}


def _counters(tool: Tool) -> Iterator[Finding]:
    """Each outcome can be reached: its counters exist, and can go as high as it asks."""
    for end in tool.outcomes:
        for name, least in end.when.items():
            if _highest(tool, name) < least:
                what = f'the outcome "{end.id}" asks for {least} of "{name}", which nobody reaches'
                yield Finding(_where(tool), "tool-counter", what, "correct the name or the number")


def _highest(tool: Tool, name: str) -> int:
    highest = 0
    for step in tool.steps:
        each = [option.counts.count(name) for option in step.options]
        highest += sum(each) if step.several else max(each)
    return highest


def _fills(choices: Mapping[str, set[str]], where: str, fills: Answers) -> Iterator[Finding]:
    for ask, keys in fills.items():
        if not set(keys) <= choices.get(ask, set()) or not keys:
            what = f'fills "{ask}" with {", ".join(keys) or "nothing"}, which is no answer of the report'
            yield Finding(where, "fills", what, "name a question of report.toml and keys of its choices")


def _options(tool: Tool) -> Iterator[Option]:
    for step in tool.steps:
        yield from step.options


def _where(tool: Tool) -> str:
    return f"tools/{tool.id}.toml"
