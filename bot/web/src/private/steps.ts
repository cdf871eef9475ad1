// How a question looks, by its kind.  Each view is given what it may do and tells it back; none knows what follows.

import type { Ask, Choice, Keys } from "../report/content.ts";
import type { Team } from "../sealing/roster_document.ts";
import { ABROAD, type Places } from "./content.ts";
import { filled, group, lines, button, type Way } from "./pieces.ts";
import { picturesOf, type Picturing } from "./pictures.ts";
import { recorderOf, stopRecording, type Recording } from "./recorder.ts";

const SEVERAL_AT_MOST = 12;
const SHOWN_FIRST = 12;
const LONGEST_WORDS = 4000;

export interface View {
  readonly ask: Ask;
  readonly given: Keys;
  readonly written: string;
  readonly t: (id: string) => string;
  /** A button of the question that is no answer: numbers first, or out to a screen. */
  readonly beside: (choice: Choice) => boolean;
  readonly done: (keys: Keys, words?: string) => void;
  readonly say: (text: string) => void;
  /** Show these elements in the place of the ones before. */
  readonly redraw: (...elements: readonly HTMLElement[]) => void;
}

export function showChoice(view: View): void {
  const { ask, given } = view;
  const ways = ask.choices.map((choice): Way => ({
    label: choice.label,
    key: `a:${choice.key}`,
    ...(given.length > 0 ? { chosen: given.includes(choice.key) } : {}),
    press: () => { if (!view.beside(choice)) view.done([choice.key]); },
  }));
  view.redraw(group(ask.title, ways, ask.choices.length > 6 || ask.choices.every(({ label }) => label.length < 8)));
}

export function showSeveral(view: View, given: Keys = view.given): void {
  const ways = view.ask.choices.map((choice): Way => ({
    label: choice.label, key: `a:${choice.key}`, chosen: given.includes(choice.key),
    press: () => showSeveral(view, toggled(given, choice.key)),
  }));
  const done: Way = { label: view.t("button.done"), key: "done", main: true, press: () => view.done(given) };
  view.redraw(...lines(view.t("ask.several"), "hint"), group(view.ask.title, ways), button(done));
}

/** `recording`, `picturing`: what can be said and shown instead, where it may be. */
export function showWords(
  view: View, hint = "ask.write", next: (words: string) => void = (words) => view.done([], words), recording?: Recording, picturing?: Picturing,
): void {
  const field = document.createElement("textarea");
  Object.assign(field, { rows: 5, maxLength: LONGEST_WORDS, value: view.written, dir: "auto", id: "words", spellcheck: false });
  for (const name of ["autocomplete", "autocapitalize", "autocorrect"]) field.setAttribute(name, "off");
  field.setAttribute("aria-label", view.t("private.your-report"));
  const way: Way = {
    label: view.t("private.next"), key: "next", main: true,
    press: () => {
      void stopRecording();
      if (field.value.trim() !== "" || (recording?.told.length ?? 0) + (picturing?.told.length ?? 0) > 0) next(field.value.trim());
      else field.focus();
    },
  };
  view.redraw(...lines(view.t(hint), "hint"), field, ...(recording === undefined ? [] : recorderOf(recording)), ...(picturing === undefined ? [] : picturesOf(picturing)), button(way));
}

/** Provinces first, then what is inside one, or every country; the common ones before the long list. */
export async function showPlaces(view: View, places: Places, within = "", all = false): Promise<void> {
  const { t } = view;
  let listed;
  try {
    listed = await places.inside(within);
  } catch {
    view.say(t("private.place-missing"));
    return;
  }
  view.say("");
  const common = listed.filter((place) => place.common === true);
  const first = within === ABROAD && common.length > 0 ? common : listed.slice(0, listed.length <= 2 * SHOWN_FIRST ? undefined : SHOWN_FIRST);
  const shown = all ? listed : first;
  const ways = shown.map((place): Way => ({
    label: place.name, key: `p:${place.code}`,
    press: () => {
      if (place.within === true) void showPlaces(view, places, place.code);
      else view.done([place.code]);
    },
  }));
  const further: Way[] = [];
  if (shown.length < listed.length) further.push({ label: t("button.more"), key: "more", press: () => void showPlaces(view, places, within, true) });
  if (within === "") further.push({ label: t("button.other-country"), key: `p:${ABROAD}`, press: () => void showPlaces(view, places, ABROAD) });
  else if (within !== ABROAD) further.push({ label: t("button.here"), key: "here", press: () => view.done([within]) });
  if (within !== "") further.push({ label: t("button.back"), key: "!out", press: () => void showPlaces(view, places) });
  const where = within === "" || within === ABROAD ? [] : lines(filled(t("ask.place-within"), { place: places.name(within) }), "hint");
  view.redraw(...where, group(view.ask.title, ways, true), group(view.ask.title, further));
}

/** Offices of the signed list, a person by name, or nobody; at least one office stays, for somebody must read it. */
export function showAvoid(view: View, teams: readonly Team[], given: Keys = view.given.filter((key) => key !== "nobody")): void {
  const { t, ask } = view;
  const press = (key: string): void => {
    const next = toggled(given, key);
    if (teams.every((team) => next.includes(`office:${team.id}`))) return view.say(t("ask.avoid-last"));
    view.say("");
    showAvoid(view, teams, next);
  };
  const nobody = ask.choices.map((choice): Way => ({ label: choice.label, key: `a:${choice.key}`, press: () => view.done([choice.key], "") }));
  const offices = teams.map((team): Way => {
    const key = `office:${team.id}`;
    return { label: team.name, key, chosen: given.includes(key), press: () => press(key) };
  });
  const named: Way = {
    label: t("button.name-person"), key: "name-person", ...(given.includes("person") ? { chosen: true } : {}),
    press: () => showWords(view, "ask.name-person", (words) => view.done([...given.filter((key) => key !== "person"), "person"], words)),
  };
  const done: Way = { label: t("button.done"), key: "done", main: true, press: () => view.done(given) };
  view.redraw(group(ask.title, [...nobody, ...offices, named]), button(done));
}

function toggled(given: Keys, key: string): Keys {
  if (given.includes(key)) return given.filter((one) => one !== key);
  return given.length < SEVERAL_AT_MOST ? [...given, key] : given;
}
