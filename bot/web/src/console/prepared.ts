// Prepared answers: opened by "/", found by typing, in the child's language with the officer's own beside it.

import { byId, part, say } from "../dom.ts";
import { known, own, t } from "./words.ts";

const box = byId<HTMLDialogElement>("prepared");
const find = part<HTMLInputElement>(box, "find");
const list = part(box, "list");

type Sentences = Readonly<Record<string, string>>;
let beginnings: Readonly<Record<string, Sentences>> = {};
let language = "";
let chosen: (words: string) => void = () => undefined;

/** Sentences by language, as the server has them. */
export function learnBeginnings(all: Readonly<Record<string, Sentences>>): void {
  beginnings = all;
}

/** Wire the dialog once. */
export function prepareList(): void {
  find.addEventListener("input", fill);
  find.addEventListener("keydown", (event) => {
    const first = list.querySelector("button");
    if (event.key === "ArrowDown") first?.focus();
    else if (event.key === "Enter") first?.click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("keydown", step);
  part(box, "close").addEventListener("click", () => box.close());
}

/** Let the officer choose one for a child that reads `tag`; `whenChosen` gets it in the child's language. */
export function choose(tag: string, whenChosen: (words: string) => void): void {
  language = tag;
  chosen = whenChosen;
  find.value = "";
  fill();
  box.showModal();
  find.focus();
}

/** Whether every line of `words` is a prepared sentence, in whatever language. */
export function isPrepared(words: string): boolean {
  const all = new Set(Object.values(beginnings).flatMap((of) => Object.values(of)));
  return words.split("\n").every((line) => all.has(line));
}

/** What prepared lines mean, in the officer's language; lines of the officer's own are left out. */
export function meanings(words: string, tag: string): string[] {
  const of = own(beginnings, tag) ?? {};
  return words.split("\n").flatMap((line) => {
    const id = Object.keys(of).find((one) => own(of, one) === line);
    const mine = id === undefined ? "" : known(id, "");
    return mine === "" || mine === line ? [] : [mine];
  });
}

const inLanguage = (id: string): string => sentence(id, language);

/** One prepared sentence in the language `tag`, or in the officer's where there is none. */
export function sentence(id: string, tag: string): string {
  const theirs = own(beginnings, tag);
  return (theirs && own(theirs, `begin.${id}`)) ?? known(`begin.${id}`, id);
}

function fill(): void {
  const wanted = find.value.trim().toLowerCase();
  const offered = Object.keys(own(beginnings, "en") ?? {}).map((id) => id.replace(/^begin\./, ""));
  const pairs = offered.map((id) => ({ theirs: inLanguage(id), mine: known(`begin.${id}`, id) }));
  const fitting = pairs.filter(({ theirs, mine }) => `${theirs}\n${mine}`.toLowerCase().includes(wanted));
  list.replaceChildren(...fitting.map(({ theirs, mine }) => entry(theirs, mine)));
  say(part(box, "count"), t("prepared.count", { count: fitting.length }));
}

function entry(theirs: string, mine: string): HTMLElement {
  const row = document.createElement("li");
  const button = document.createElement("button");
  const first = document.createElement("span");
  button.type = "button";
  first.lang = language;
  first.dir = "auto";
  say(first, theirs);
  button.append(first);
  if (mine !== theirs) {
    const second = document.createElement("span");
    second.className = "quiet";
    second.dir = "auto";
    say(second, mine);
    button.append(second);
  }
  button.addEventListener("click", () => {
    box.close();
    chosen(theirs);
  });
  row.append(button);
  return row;
}

function step(event: KeyboardEvent): void {
  const buttons = [...list.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (move === 0 || at < 0) return;
  event.preventDefault();
  if (at + move < 0) find.focus();
  else buttons[at + move]?.focus();
}
