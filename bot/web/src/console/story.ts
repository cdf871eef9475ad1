// The story first: who, what, where on one line, when, danger, what the child wants, whom to avoid.  What an officer wrote
// comes before what was pressed; covered until somebody wants to see it.

import { byId, copyOf, part, say, show, visible } from "../dom.ts";
import { fill, list, read, text, type Values } from "./fields.ts";
import { keep, type Held } from "./held.ts";
import * as names from "./names.ts";
import { newest } from "./noting.ts";
import { tell } from "./notice.ts";
import type { Contents } from "./opening.ts";
import { known, t } from "./words.ts";

export const PLACES = ["origin", "transit", "destination"] as const;
const BEFORE = ["who", "what"] as const;
const AFTER = ["when", "danger", "wants", "avoid", "labels"] as const;

/** Which pressed answers stand for a part of the story until an officer wrote it. */
const PRESSED: Readonly<Record<string, readonly string[]>> = {
  who: ["who", "age", "gender"], what: ["concern", "missing-with"], origin: ["place-from"], transit: ["place-through"], destination: ["place-to"],
  when: ["happening", "missing-since"], danger: ["danger"], wants: ["wish"], avoid: ["avoid"],
};

const card = byId("story-card");
const form = part<HTMLFormElement>(card, "form");
const veil = part<HTMLButtonElement>(card, "veil");

let held: Held | null = null;
/** Shown for this case alone and remembered nowhere: whoever stands behind the officer at the next one sees nothing. */
let covered = true;

/** Wire the card once; `codes` are the forms of exploitation an officer may tick. */
export function prepare(): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go();
  });
  veil.addEventListener("click", toggleVeil);
  part(card, "print").addEventListener("click", () => window.print());
  cover();
}

/** Cover or show what was told; for the key "b". */
export function toggleVeil(): void {
  covered = !covered;
  cover();
}

function cover(): void {
  document.body.dataset.veil = covered ? "on" : "off";
  say(veil, t(covered ? "story.show" : "story.cover"));
}

/** A part of the story: an officer's words, or else what was pressed. */
export function storyPart(contents: Contents, name: string): string {
  const written = text(newest(contents, "story"), name);
  if (written !== "") return written;
  const pressed = (PRESSED[name] ?? []).flatMap((ask) => (contents.answers[ask] ?? []).map((key) => names.answer(ask, key)));
  const named = name === "avoid" ? contents.words.filter((told) => told.ask.startsWith("avoid")).map((told) => told.text) : [];
  return [...pressed, ...named].join(" · ");
}

/** Show the story; `fresh`: another case was opened. */
export function showStory(now: Held, fresh: boolean): void {
  if (fresh) {
    clearStory();
    covered = true;
    cover();
  }
  held = now;
  const { contents } = now;
  visible(card, !now.found.feedback);
  facts("told", BEFORE, contents);
  facts("rest", AFTER, contents);
  showRoute(contents);
  if (fresh) {
    offerForms();
    const story = newest(contents, "story") ?? {};
    fill(form, { ...Object.fromEntries([...BEFORE, ...PLACES, ...AFTER].map((name) => [name, storyPart(contents, name)])), ...story });
  }
}

/** Nothing told stays. */
export function clearStory(): void {
  held = null;
  form.reset();
  part<HTMLDetailsElement>(card, "edit").open = false;
  for (const name of ["told", "rest", "route", "forms"]) part(card, name).replaceChildren();
  say(part(form, "error"), "");
}

function facts(where: string, of: readonly string[], contents: Contents): void {
  const rows = of.map((name) => [name, storyPart(contents, name)] as const).filter(([name, value]) => value !== "" || name !== "labels");
  part(card, where).replaceChildren(...rows.map(([name, value]) => {
    const row = copyOf("piece-fact");
    say(part(row, "name"), t(`story.${name}`));
    if (value === "") say(part(row, "value"), t("story.unknown"));
    else show(part(row, "value"), value);
    return row;
  }));
}

/** Where it began → on the way → where to, on one line; what is not known says so. */
function showRoute(contents: Contents): void {
  const stops = PLACES.map((name) => {
    const stop = document.createElement("span");
    const label = document.createElement("span");
    const value = document.createElement("strong");
    const place = storyPart(contents, name);
    label.className = "quiet small";
    say(label, t(`story.${name}`));
    if (place === "") say(value, t("story.unknown"));
    else show(value, place);
    stop.className = place === "" ? "stop unknown" : "stop";
    stop.dataset.stop = name;
    stop.append(label, " ", value);
    return stop;
  });
  part(card, "route").replaceChildren(...stops.flatMap((stop, n) => (n === 0 ? [stop] : [arrow(), stop])));
}

function arrow(): HTMLElement {
  const mark = document.createElement("span");
  mark.className = "arrow-on";
  mark.setAttribute("aria-hidden", "true");
  say(mark, "→");
  return mark;
}

/** Every code of the coding scheme, with its label. */
export const CODES = [
  "SX1", "SX2", "SX3", "SX4", "SX5", "SX6", "LB1", "LB2", "LB3", "LB4", "LB5", "MR1", "MR2", "SL1", "SL2", "CR1", "AR1", "SP1", "OR1", "OT1",
  "RK1", "RK2", "RK3", "RK4", "RK5", "RK6", "OC1", "OC2", "OC3", "OC4", "OC5", "NI0",
] as const;

function offerForms(): void {
  part(form, "forms").replaceChildren(...CODES.map((code) => {
    const row = document.createElement("label");
    const box = document.createElement("input");
    const words = document.createElement("span");
    row.className = "check";
    Object.assign(box, { type: "checkbox", name: "forms", value: code });
    say(words, `${code} · ${known(`coding.${code}`, code)}`);
    row.append(box, words);
    return row;
  }));
}

async function go(): Promise<void> {
  if (held === null) return;
  const values: Values = read(form);
  const now = held;
  const button = form.querySelector("button[type=submit]") as HTMLButtonElement;
  button.disabled = true;
  if (await keep(now, "story", JSON.stringify(values))) {
    part<HTMLDetailsElement>(card, "edit").open = false;
    tell(t("story.kept"));
  }
  button.disabled = false;
}

/** Codes an officer ticked. */
export const formsOf = (contents: Contents): string[] => list(newest(contents, "story"), "forms");
