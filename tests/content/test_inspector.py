"""The inspector finds nothing in our content, and every kind of mistake when one is made: no check that cannot fail."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.content.inspector import inspect
from bot.content.model import Content, TextSource
from bot.core.choices import Choice
from bot.core.flow import Kind, Screen, UrgencyRule
from bot.core.texts import ENGINE_TEXTS
from bot.wording.desk import offered_texts
from bot.wording.registry import load_registry, locales_folder

pytestmark = pytest.mark.slow

Mistake = Callable[[Content], Content]


@pytest.mark.promise("S42", "S56")
def test_our_content_and_every_language_offered_is_without_findings(content: Content) -> None:
    registry = load_registry()
    catalogs = offered_texts(content.texts, registry, locales_folder())
    drafts = offered_texts(
        content.texts, registry, locales_folder(), tuple(registry.languages.keys() - catalogs.keys())
    )

    assert [str(finding) for finding in inspect(content, catalogs, drafts)] == []


def _text(id: str, en: str) -> Mistake:
    """Give one text other words."""
    return lambda c: replace(c, texts={**c.texts, id: replace(c.texts[id], en=en)})


def _screen(id: str, **changes: Any) -> Mistake:
    return lambda c: replace(c, screens={**c.screens, id: replace(c.screens[id], **changes)})


def _without_screen(id: str) -> Mistake:
    return lambda c: replace(c, screens={k: v for k, v in c.screens.items() if k != id})


def _ask(id: str, **changes: Any) -> Mistake:
    return lambda c: replace(c, asks=tuple(replace(a, **changes) if a.id == id else a for a in c.asks))


def _helpline(id: str, **changes: Any) -> Mistake:
    return lambda c: replace(c, helplines=tuple(replace(e, **changes) if e.line.id == id else e for e in c.helplines))


def _line(id: str, **changes: Any) -> Mistake:
    return lambda c: replace(
        c,
        helplines=tuple(replace(e, line=replace(e.line, **changes)) if e.line.id == id else e for e in c.helplines),
    )


def _page(id: str, **changes: Any) -> Mistake:
    return lambda c: replace(c, pages={**c.pages, id: replace(c.pages[id], **changes)})


def _rule(**when: frozenset[str]) -> Mistake:
    return lambda c: replace(c, rules=(*c.rules, UrgencyRule(when, "U1", "reason.soon")))


def _moved_to_end(id: str) -> Mistake:
    return lambda c: replace(c, asks=(*(a for a in c.asks if a.id != id), next(a for a in c.asks if a.id == id)))


def _lost_screen(c: Content) -> Content:
    return replace(
        c, screens={**c.screens, "lost": Screen("lost", {"": "say.stale"}, (Choice("x", "button.home", "!home"),))}
    )


def _no_emergency(c: Content) -> Content:
    return replace(c, helplines=tuple(e for e in c.helplines if not e.line.emergency))


def _no_word(c: Content) -> Content:
    return replace(c, spellings={**c.spellings, "sd": {"help": (), "leave": ("x",)}})


def _odd_place(c: Content) -> Content:
    return replace(c, places={**c.places, "PK603": replace(c.places["PK603"], parent="PK-XX")})


def _strange_code(c: Content) -> Content:
    return replace(c, concern_codes={**c.concern_codes, "work": ("ZZ9",)})


def _placeholder_of_ours(c: Content) -> Content:
    added = TextSource("Press {thing}.", "", None, False, "say.toml:1")
    return replace(c, texts={**c.texts, "say.added": added})


DRAWN = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"><path fill="#fff" d="M0 0h9v9z"/></svg>'


def _picture(id: str, svg: bytes) -> Mistake:
    return lambda c: replace(c, pictures={**c.pictures, id: svg})


MISTAKES: list[tuple[str, Mistake]] = [
    ("dead-link", _screen("home", choices=(Choice("x", "button.home", "nowhere"),))),
    ("dead-link", _ask("safe-now", choices=(Choice("yes", "button.home"), Choice("no", "button.home", "nowhere")))),
    ("unreached", _lost_screen),
    ("unreached", _screen("learn", choices=(Choice("home", "button.home", "!home"),))),
    ("unreached", _ask("place-from", when={"nothing": frozenset({"x"})})),
    ("unreached", _ask("place-from", when={"moved": frozenset({"no-such-answer"})})),
    ("unreached", _ask("moved", when={"wish": frozenset({"talk"})})),
    ("unreached", _ask("place-from", when={"safe-now": frozenset({"no"})})),
    ("unreached", _ask("place-from", when={"moved": frozenset()})),
    ("dead-end", _screen("no-consent", choices=())),
    ("dead-end", _screen("no-consent", choices=(Choice("x", "button.home", "no-consent"),))),
    ("dead-end", _ask("limits", choices=(Choice("no", "button.home", "no-consent"),))),
    ("dead-end", _ask("words-what", skippable=False)),
    ("crowded", _screen("home", choices=tuple(Choice(f"x{n}", "button.home", "!home") for n in range(9)))),
    ("missing-screen", _without_screen("who")),
    ("missing-ask", lambda c: replace(c, asks=tuple(a for a in c.asks if a.id != "age"))),
    ("long-key", _screen("home", choices=(Choice("k" * 41, "button.home", "!home"),))),
    ("long-key", _screen("home", choices=(Choice("ک" * 21, "button.home", "!home"),))),
    ("twice", _screen("home", choices=(Choice("x", "button.home", "!home"), Choice("x", "button.tell", "!tell")))),
    ("twice", lambda c: replace(c, asks=(*c.asks, c.asks[0]))),
    ("role", _ask("place-to", role="")),
    ("role", _ask("age", role="PO")),
    ("order", _moved_to_end("place-to")),
    ("order", _moved_to_end("avoid")),
    ("order", _moved_to_end("concern")),
    ("rule", _rule(concern=frozenset({"no-such-answer"}))),
    ("rule", _rule(nothing=frozenset({"x"}))),
    ("rule", _rule()),
    ("code", _strange_code),
    ("source", _helpline("pk-police", source="")),
    ("source", _helpline("pk-police", source_date="", read_on="")),
    ("source", _page("job-offer", sources=())),
    ("source", _page("job-offer", checked="last week")),
    ("audience", _page("job-offer", texts={"": "page.job-offer.teen", "teen": "page.job-offer.teen"})),
    ("place", _line("pk-police", country="XX")),
    ("place", _line("pk-police", region="PK-XX")),
    ("place", _odd_place),
    ("numbers", _no_emergency),
    ("word", _no_word),
    ("missing-text", _screen("home", choices=(Choice("x", "button.lost", "!home"),))),
    ("missing-text", _screen("home", texts={"": "screen.lost"})),
    ("missing-text", _line("pk-police", who_for="helpline.lost.for")),
    ("missing-text", lambda c: replace(c, rules=(UrgencyRule({"age": frozenset({"0-5"})}, "U1", "reason.lost"),))),
    ("long-button", _text("button.help", "I need help now, and very much so, if you please")),
    ("long-button", _text("ask.age.title", "The age of the child concerned, in years, about")),
    ("long-text", _text("page.job-offer.teen", "Word. " * 170)),
    ("long-sentence", _text("screen.home.u12", "You can tell us all of it when you want to.")),
    ("reading-level", _text("page.job-offer.u12", "Stop. Think. Ask. Tell.")),
    ("reading-level", _text("page.job-offer.adult", "Ask someone. " * 61)),
    ("number-in-text", _text("help.calm", "Call 1121 now.")),
    ("number-in-text", _text("help.calm", "Call 0800-39393 now.")),
    ("number-in-text", _text("help.calm", "ابھی ۱۱۲۱ پر فون کریں۔")),
    ("number-in-text", _text("helpline.pk-rescue.name", "Rescue 1122")),
    ("placeholder", _text("help.line", "{name}: {for}")),
    ("placeholder", _text("code.show", "Your code.")),
    ("placeholder", _placeholder_of_ours),
    ("never-said", _text("screen.limits.teen", "This chat is end-to-end encrypted.")),
    ("never-said", _text("sent.thanks", "We will save you.")),
    ("never-said", _text("say.puzzled", "You should have pressed a button.")),
    ("never-said", _text("page.coming-home.adult", "Think of the family's honour.")),
    ("picture-missing", lambda c: replace(c, pictures={k: v for k, v in c.pictures.items() if k != "boys-too"})),
    ("picture-unknown", _picture("no-such-page", DRAWN)),
    ("picture-unknown", _picture("for-parents", DRAWN)),
    ("picture-large", _picture("boys-too", DRAWN + b" " * 4096)),
    ("picture-broken", _picture("boys-too", DRAWN[:-3])),
    ("picture-broken", _picture("boys-too", b"\x89PNG\r\n")),
    ("not-neutral", _text("left.neutral", "The helpline says goodbye!")),
    ("not-neutral", _text("command.mail", "Your report")),
]


@pytest.mark.parametrize(("kind", "mistake"), MISTAKES, ids=[f"{kind}-{n}" for n, (kind, _) in enumerate(MISTAKES)])
def test_each_kind_of_mistake_is_found(content: Content, kind: str, mistake: Mistake) -> None:
    found = inspect(mistake(content))

    assert kind in {finding.kind for finding in found}
    assert all(finding.where and finding.remedy for finding in found)


def test_each_text_the_engine_says_is_missed(content: Content) -> None:
    without = replace(content, texts={k: v for k, v in content.texts.items() if k not in ENGINE_TEXTS})
    missed = [finding.what for finding in inspect(without) if finding.kind == "engine-text"]

    assert len(missed) == len(set(ENGINE_TEXTS))


WRONG_URDU = [
    ("untranslated", "button.help", ""),
    ("untranslated", "button.help", "   "),
    ("placeholder", "help.region", "نمبر:"),
    ("placeholder", "help.calm", "{phone} پر فون کریں۔"),
    ("numeral", "ask.age.0-5", "۱–۵"),
    ("numeral", "help.calm", "۱۵ پر فون کریں۔"),
    ("long-button", "button.help", "مجھے ابھی اور اسی وقت بہت زیادہ مدد کی ضرورت ہے"),
    ("long-text", "page.job-offer.teen", "لفظ " * 300),
    ("never-said", "screen.limits.teen", "یہ سو فیصد محفوظ ہے۔"),
    ("not-neutral", "left.neutral", "مدد کرنے والے آپ کے ساتھ ہیں"),
]


@pytest.fixture(scope="module")
def urdu(content: Content) -> Mapping[str, str]:
    return offered_texts(content.texts, load_registry(), locales_folder(), ("ur",))["ur"]


@pytest.mark.promise("S42", "S56")
@pytest.mark.parametrize(("kind", "id", "said"), WRONG_URDU, ids=[f"{w[0]}-{n}" for n, w in enumerate(WRONG_URDU)])
def test_each_kind_of_mistake_in_a_translation_is_found(
    content: Content, urdu: Mapping[str, str], kind: str, id: str, said: str
) -> None:
    found = inspect(content, {"ur": {**urdu, id: said}})

    assert [(finding.kind, finding.where) for finding in found] == [(kind, f"locales/ur ({id})")]


def test_a_draft_may_be_incomplete_but_not_wrong(content: Content) -> None:
    drafts = {"sd": {"button.help": "مدد", "sent.thanks": "هي شرم جي ڳالهه آهي"}}

    assert [(f.kind, f.where) for f in inspect(content, drafts=drafts)] == [("never-said", "locales/sd (sent.thanks)")]


def test_a_number_kept_in_other_numerals_is_no_mistake(content: Content, urdu: Mapping[str, str]) -> None:
    assert inspect(content, {"ur": {**urdu, "ask.age.0-5": "۰–۵"}}) == ()


def test_every_kind_of_answer_is_known_to_the_inspector(content: Content) -> None:
    assert {ask.kind for ask in content.asks} == set(Kind)
