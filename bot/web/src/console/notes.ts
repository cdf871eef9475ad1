// Internal notes: a box that looks like none of the child's, for words that officers alone read.

import { byId, copyOf, part, say, show } from "../dom.ts";
import * as names from "./names.ts";
import { tell } from "./notice.ts";
import type { Held } from "./held.ts";
import { keep } from "./held.ts";
import { dayName, t } from "./words.ts";

/** A note is sealed in one of three lengths; more than this does not fit the longest, in any script. */
const MOST_LETTERS = 8000;

const card = byId("notes-card");
const box = byId<HTMLTextAreaElement>("note-text");
const form = part<HTMLFormElement>(card, "note");
const button = form.querySelector("button") as HTMLButtonElement;

let held: Held | null = null;

/** Wire the form once. */
export function prepare(): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go();
  });
}

/** Show the notes of the case; `fresh`: another case was opened, so what was written for the last one goes. */
export function showNotes(now: Held, fresh: boolean): void {
  held = now;
  if (fresh) clearNotes();
  held = now;
  const notes = now.contents.notes.filter((note) => note.what === "note");
  part(card, "notes").replaceChildren(...notes.map((note) => {
    const entry = copyOf("piece-message");
    entry.classList.add("note-entry");
    show(part(entry, "from"), note.officer === now.me ? t("note.from-you") : names.colleague(note.officer));
    say(part(entry, "day"), dayName(note.day));
    show(part(entry, "text"), note.text);
    return entry;
  }));
}

/** Nothing that was written or shown stays. */
export function clearNotes(): void {
  held = null;
  box.value = "";
  say(part(form, "error"), "");
  part(card, "notes").replaceChildren();
}

export const focusNote = (): void => box.focus();

async function go(): Promise<void> {
  const words = box.value.trim();
  const trouble = words === "" ? t("reply.empty") : words.length > MOST_LETTERS ? t("note.long", { count: MOST_LETTERS }) : "";
  say(part(form, "error"), trouble);
  if (trouble !== "" || held === null) {
    box.focus();
    return;
  }
  button.disabled = true;
  if (await keep(held, "note", words)) {
    box.value = "";
    tell(t("note.kept"));
  }
  button.disabled = false;
}
