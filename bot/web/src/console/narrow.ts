// A list made narrower, and lists kept under names of one's own.  What they are called is clear text, and the page says so.

import { byId, copyOf, part, say, show, visible } from "../dom.ts";
import * as names from "./names.ts";
import { get, post, Refused } from "./net.ts";
import { tell, warn, wordsFor } from "./notice.ts";
import type { Narrow, SavedView, Session } from "./shapes.ts";
import { idsUnder, t } from "./words.ts";

const URGENCIES = ["U0", "U1", "U2", "U3", "U4"];
/** Texts about a question that are no answers to it. */
const NOT_CONCERNS = new Set(["title", "feedback", "proposal"]);
const ANY: Narrow = { teams: [], urgencies: [], languages: [], concerns: [], who: "" };

const pane = byId("queue");
const box = byId<HTMLDetailsElement>("narrow");
const form = part<HTMLFormElement>(box, "form");
const field = part<HTMLInputElement>(box, "name");

let view = "todo";
let current: Narrow = ANY;
let kept: SavedView[] = [];
/** Place of the list of one's own that is shown, if one is. */
let open: number | null = null;
let whenChosen: (view: string) => void = () => undefined;

/** Wire the form once; `chosen` is told which standing list to show, as narrow as `now` says. */
export function prepare(chosen: (view: string) => void): void {
  whenChosen = chosen;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    current = written();
    follow();
    whenChosen(view);
  });
  part(form, "clear").addEventListener("click", () => whenChosen(standing(view)));
  part(form, "keep").addEventListener("click", () => void keep(null));
  part(form, "change").addEventListener("click", () => void keep(open));
  part(form, "drop").addEventListener("click", () => void drop());
}

export function begin(session: Session): void {
  fill("language", idsUnder("language.").map((tag) => [tag, names.languageName(tag)]));
  fill("team", session.officer.teams.map((team) => [team.id, team.name]));
  fill("concern", idsUnder("ask.concern.").filter((id) => !id.includes(".") && !NOT_CONCERNS.has(id)).map((id) => [id, names.answer("concern", id)]));
  const colleagues = Object.entries(session.names).filter(([id]) => id !== session.officer.id);
  fill("who", [["nobody", t("narrow.nobody")], ["me", t("narrow.me")], ...colleagues]);
  part(form, "urgencies").replaceChildren(...URGENCIES.map(urgencyBox));
  standing("todo");
  void learn();
}

/** Nothing of one's own stays on the page. */
export function forget(): void {
  kept = [];
  standing("todo");
  showKept();
  box.open = false;
}

/** How narrow the list is now. */
export const now = (): Narrow => current;

/** Whether the list that is shown is one of one's own. */
export const isOwn = (): boolean => open !== null;

/** A standing list was chosen, whole. */
export function standing(id: string): string {
  view = id;
  current = ANY;
  open = null;
  follow();
  return id;
}

async function learn(): Promise<void> {
  kept = (await get<{ views: SavedView[] }>("views", true).catch(() => ({ views: [] }))).views;
  showKept();
}

function showKept(): void {
  part(pane, "saved").replaceChildren(...kept.map((one) => {
    const item = copyOf("piece-view");
    const button = item.querySelector("button") as HTMLButtonElement;
    button.dataset.own = String(one.place);
    button.setAttribute("aria-pressed", String(one.place === open));
    show(part(button, "name"), one.name);
    part(button, "count").remove();
    button.addEventListener("click", () => {
      [view, current, open] = [one.view, one.narrow, one.place];
      follow();
      whenChosen(view);
    });
    return item;
  }));
}

/** The form and the buttons say what is shown. */
function follow(): void {
  for (const one of part(form, "urgencies").querySelectorAll<HTMLInputElement>("input")) one.checked = current.urgencies.includes(one.value);
  choose("language", current.languages[0]);
  choose("team", current.teams[0]);
  choose("concern", current.concerns[0]);
  choose("who", current.who);
  const own = kept.find((one) => one.place === open);
  field.value = own?.name ?? "";
  say(part(form, "error"), "");
  visible(part(form, "change"), own !== undefined);
  visible(part(form, "drop"), own !== undefined);
  say(part(box, "told"), isNarrow() ? t("narrow.on") : "");
  for (const button of part(pane, "saved").querySelectorAll<HTMLButtonElement>("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.own === String(open)));
  }
}

const isNarrow = (): boolean => JSON.stringify(current) !== JSON.stringify(ANY);

function written(): Narrow {
  const checked = [...part(form, "urgencies").querySelectorAll<HTMLInputElement>("input:checked")].map((one) => one.value);
  return { teams: chosen("team"), urgencies: checked, languages: chosen("language"), concerns: chosen("concern"), who: chosen("who")[0] ?? "" };
}

const select = (name: string): HTMLSelectElement => part<HTMLSelectElement>(form, name);
const chosen = (name: string): string[] => (select(name).value === "" ? [] : [select(name).value]);

function choose(name: string, value = ""): void {
  select(name).value = value;
}

function fill(name: string, options: readonly (readonly string[])[]): void {
  select(name).replaceChildren(...[["", t("narrow.any")], ...options].map(([id, label]) => {
    const option = document.createElement("option");
    option.value = id ?? "";
    say(option, label ?? "");
    return option;
  }));
}

function urgencyBox(id: string): HTMLElement {
  const label = document.createElement("label");
  const input = document.createElement("input");
  label.className = "check";
  input.type = "checkbox";
  input.value = id;
  label.append(input, names.urgencyMark(id));
  return label;
}

/** Keep what the form says, as a new list or in the place of one. */
async function keep(place: number | null): Promise<void> {
  say(part(form, "error"), "");
  try {
    const narrow = written();
    const done = await post<{ place: number }>("views/save", { place, name: field.value, view, narrow });
    await learn();
    [current, open] = [narrow, done.place];
    follow();
    whenChosen(view);
    tell(t("saved.kept"));
  } catch (error) {
    if (error instanceof Refused && error.status === 409) {
      say(part(form, "error"), wordsFor(error));
      field.focus();
    } else warn(wordsFor(error));
  }
}

async function drop(): Promise<void> {
  if (open === null) return;
  try {
    await post("views/drop", { place: open });
    whenChosen(standing(view));
    await learn();
    follow();
    part(box, "name").focus();
    tell(t("saved.dropped"));
  } catch (error) {
    warn(wordsFor(error));
  }
}
