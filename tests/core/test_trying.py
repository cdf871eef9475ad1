"""Stories and small tools: played with buttons, left at any moment, kept only if the reporter tells it on."""

import pytest

from bot.core.effects import Class, Number, Text
from bot.core.state import Asking, Browsing, Trying, dump, load
from tests.talking import Talk, content

STORIES = sorted(content().stories)
TOOLS = sorted(content().tools)


@pytest.fixture
def talk() -> Talk:
    return Talk().opens("en", "teen")


def begin(talk: Talk, tool: str) -> None:
    talk.state = Browsing(talk.state.talk, f"tool:{tool}")
    talk.looks()
    talk.chooses("c:begin")


def press_through(talk: Talk, *keys: str) -> None:
    for key in keys:
        talk.chooses(*([key] if ":" in key or key == "done" else [f"a:{key}"]))


def test_an_offer_with_hurry_and_secrecy_ends_in_advice_to_stop(talk: Talk) -> None:
    begin(talk, "offer-check")
    press_through(talk, "yes", "yes", "no", "yes", "no", "me", "yes", "yes")

    talk.sees("tool.offer-check.end.stop")
    talk.can_leave()


def test_a_fair_offer_ends_with_the_travel_list(talk: Talk) -> None:
    begin(talk, "offer-check")
    press_through(talk, "yes", "yes", "no", "no", "no", "me", "yes", "yes")

    talk.sees("tool.offer-check.end.fair")
    talk.chooses("c:list")
    talk.sees("tool.travel-list.intro")


def test_a_self_check_begins_a_report_that_holds_what_was_pressed(talk: Talk) -> None:
    begin(talk, "is-this-normal")
    press_through(talk, "no", "no", "yes", "no", "yes", "no", "no", "no")
    talk.sees("tool.is-this-normal.end.strong")

    talk.chooses("tell-this")

    talk.sees_question("safe-now")
    draft = talk.state.talk.draft
    assert draft is not None
    assert draft.answers == {"concern": ("body",)}


def test_nothing_pressed_in_a_tool_is_kept_when_the_reporter_goes_on(talk: Talk) -> None:
    begin(talk, "is-this-normal")
    press_through(talk, "yes", "yes", "no")
    talk.chooses("!home")

    assert "worry" not in str(dump(talk.state))
    assert talk.state.talk.draft is None


def test_danger_pressed_in_a_tool_shows_the_numbers_before_anything_else(talk: Talk) -> None:
    begin(talk, "is-this-normal")
    press_through(talk, "no", "no", "yes", "no", "no", "no", "no", "yes")

    first = talk.latest[0]
    assert first.kind is Class.URGENT
    talk.sees_number("1121")
    talk.sees("tool.is-this-normal.end.danger")


def test_a_list_is_ticked_and_kept_as_text(talk: Talk) -> None:
    begin(talk, "travel-list")
    press_through(talk, "copies", "mine", "mine", "done", "done", "by-heart", "word", "done")

    assert Text("tool.ticked", {"line": Text("tool.travel-list.papers.copies.line")}) in talk.prompt.lines
    assert Text("tool.open", {"line": Text("tool.travel-list.papers.mine.line")}) in talk.prompt.lines
    assert Text("tool.ticked", {"line": Text("tool.travel-list.people.word.line")}) in talk.prompt.lines


def test_a_question_depends_on_an_earlier_answer(talk: Talk) -> None:
    """Means are asked for adults only: under eighteen they are not needed (Palermo Protocol, article 3)."""
    begin(talk, "indicator-check")
    press_through(talk, "unsure")
    talk.sees("tool.indicator-check.age.unsure.says", "tool.indicator-check.act")
    press_through(talk, "moved", "done", "begging", "done")
    talk.sees("tool.indicator-check.now")
    press_through(talk, "no")
    talk.sees("tool.indicator-check.end.child")

    begin(talk, "indicator-check")
    press_through(talk, "adult", "moved", "done", "begging", "done")
    talk.sees("tool.indicator-check.means")


def test_one_step_back_takes_one_answer_back(talk: Talk) -> None:
    begin(talk, "offer-check")
    press_through(talk, "yes", "yes")
    talk.chooses("!back")

    assert isinstance(talk.state, Trying)
    assert set(talk.state.answers) == {"address"}
    talk.chooses("!back", "!back")
    talk.sees("tool.offer-check.intro")


def test_words_in_the_middle_of_a_tool_are_kept_like_everywhere(talk: Talk) -> None:
    begin(talk, "offer-check")
    talk.writes("they took my passport")

    assert isinstance(talk.state, Trying)
    assert talk.state.talk.draft is not None
    assert talk.state.talk.draft.worded == ("opening",)


@pytest.mark.parametrize("key", ["a:nothing", "done", "c:offer", "a:", "tell-this:x", "x"])
def test_a_forged_button_is_answered_kindly(talk: Talk, key: str) -> None:
    begin(talk, "offer-check")
    before = talk.state
    talk.presses(key, talk.prompt.turn)

    assert isinstance(talk.state, Trying)
    assert isinstance(before, Trying)
    assert talk.state.answers == before.answers
    talk.sees("say.stale")


def test_a_tool_that_is_gone_since_leads_home(talk: Talk) -> None:
    talk.state = Trying(talk.state.talk, "gone-since", {"x": ("y",)})
    talk.looks()

    talk.sees("screen.home")


def test_the_state_of_a_tool_survives_writing_and_reading() -> None:
    state = Trying(Talk().state.talk, "offer-check", {"address": ("yes",), "work": ()}, ("a", "b"))

    assert load(dump(state)) == state


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_comes_to_an_end_whatever_is_pressed_first(talk: Talk, tool: str) -> None:
    begin(talk, tool)
    for _ in range(40):
        if not talk.keys[0].startswith("a:"):
            break
        talk.chooses("done" if "done" in talk.keys else talk.keys[0])
    assert any(text.id.startswith(f"tool.{tool}.end.") for text in talk.prompt.lines)
    talk.can_leave()
    talk.sees_button("again", "!home")


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("version", ["girl", "boy", "any"])
def test_every_path_of_every_story_ends_in_asking_for_help(story: str, version: str) -> None:
    """Each choice is pressed once from each scene; all scenes are seen, every end can be left and says where help is."""
    talk = Talk().opens("en", "teen")
    first = f"story:{story}:{version}:{content().stories[story].scenes[0].id}"
    seen, waiting = set[str](), [first]
    while waiting:
        scene = waiting.pop()
        if scene in seen:
            continue
        seen.add(scene)
        talk.state = Browsing(talk.state.talk, scene)
        talk.looks()
        talk.can_leave()
        for key in [k for k in talk.keys if k.startswith("c:") and not k.startswith("c:then-")]:
            talk.state = Browsing(talk.state.talk, scene)
            talk.looks()
            talk.chooses(key)
            assert isinstance(talk.state, Browsing)
            if talk.state.screen.startswith(f"story:{story}:"):
                waiting.append(talk.state.screen)

    assert seen == {f"story:{story}:{version}:{scene.id}" for scene in content().stories[story].scenes}
    for end in (s for s in content().stories[story].scenes if s.end):
        assert Text("story.always") in talk.flow.screens[f"story:{story}:{version}:{end.id}"].more


def test_a_girl_plays_her_version_and_a_boy_his(talk: Talk) -> None:
    talk.state = Browsing(talk.state.talk, "story:city-job")
    talk.looks()
    talk.chooses("c:girl")
    talk.sees("story.city-job.offer.girl")

    talk.chooses("c:then-back", "c:boy")
    talk.sees("story.city-job.offer.boy")


def test_a_missing_child_is_told_from_its_page_with_the_concern_filled_in(talk: Talk) -> None:
    talk.asks_help()
    talk.chooses("go:page:missing-child", "c:tell")

    assert isinstance(talk.state, Asking)
    assert talk.state.talk.draft is not None
    assert talk.state.talk.draft.answers == {"concern": ("missing",)}


def test_what_is_kept_for_some_readers_shows_to_them_only(talk: Talk) -> None:
    talk.chooses("c:learn")
    talk.sees_no_button("c:grown-ups-first")

    grown = Talk().opens("en", "pro")
    grown.chooses("c:learn")
    assert grown.keys[1] == "c:grown-ups-first"
    grown.sees_no_button("c:grown-ups")


def test_a_table_of_ages_names_places_and_says_that_laws_change(talk: Talk) -> None:
    talk.state = Browsing(talk.state.talk, "laws:marriage-age")
    talk.looks()

    talk.sees("laws.row-age", "laws.row-ages", "laws.read")
    talk.sees_place("PK-SD")
    assert "PK-KP" not in str(talk.prompt.lines)  # low confidence stays hidden


def test_an_age_and_a_date_are_no_numbers_to_dial(talk: Talk) -> None:
    """Whatever looks like a phone number becomes a link that calls it."""
    for screen in (s for id, s in talk.flow.screens.items() if id.startswith("laws:")):
        params = [value for line in screen.more for value in line.params.values()]

        assert not any(isinstance(value, Number) for value in params)
        assert not any(isinstance(value, str) and "-" in value for value in params)
