// Writing an answer: a beginning to choose from, the room that is left, and what a colleague wrote meanwhile.

import { byId, part, say, show, visible } from "../dom.ts";
import type { CaseLine, OpenCase } from "./shapes.ts";
import type { Told } from "./opening.ts";
import { known, own, t } from "./words.ts";

/** Bytes an answer may have as JSON, so that all answers are sealed to one length (S9). */
const MOST_BYTES = 7000;

const BEGINNINGS = ["receive", "believe", "open", "control", "small-plan", "close"] as const;

const form = part<HTMLFormElement>(byId("case"), "reply");
const box = byId<HTMLTextAreaElement>("answer");
const prepared = byId<HTMLSelectElement>("prepared");
const send = form.querySelector("button[type=submit]") as HTMLButtonElement;

let language = "";
/** Beginnings in the language of the reporter, which may differ from the officer's. */
let beginnings: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

export function learnBeginnings(all: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
  beginnings = all;
}

/** Wire the form once; `deliver` says whether the answer was sent. */
export function prepareReply(deliver: (words: string) => Promise<boolean>): void {
  box.addEventListener("input", count);
  prepared.addEventListener("change", begin);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go(deliver);
  });
}

/** Fit the form to the case; `fresh`: another case was opened, so what was written for the last one goes. */
export function showReply(line: OpenCase | CaseLine, me: string, fresh: boolean): void {
  if (fresh) clearReply();
  const mailbox = "mailbox" in line ? line.mailbox : null;
  const barred = mailbox === null ? t("reply.no-mailbox")
    : line.holder !== me ? t("reply.claim-first") : "";
  say(part(form, "barred"), barred);
  visible(part(form, "barred"), barred !== "");
  visible(part(form, "writing"), barred === "" || box.value !== "");
  send.disabled = barred !== "";
  language = line.language;
  offer();
  count();
}

/** Nothing that was written stays. */
export function clearReply(): void {
  box.value = "";
  say(part(form, "error"), "");
  form.querySelector(".theirs-newer")?.remove();
}

/** A colleague answered first: their text is shown above ours, and ours is kept. */
export function keepTheirs(told: readonly Told[]): void {
  const last = told.at(-1);
  if (last === undefined) return;
  const note = document.createElement("section");
  note.className = "theirs-newer";
  const title = document.createElement("h4");
  const text = document.createElement("p");
  text.className = "told";
  say(title, t("reply.theirs"));
  show(text, last.text);
  note.append(title, text);
  part(form, "heading").after(note);
}

export const focusReply = (): void => box.focus();

function offer(): void {
  const first = new Option(t("reply.prepared-choose"), "");
  const others = BEGINNINGS.map((id) => new Option(inTheirLanguage(id), id));
  for (const option of others) {
    option.lang = language;
    option.dir = "auto";
  }
  prepared.replaceChildren(first, ...others);
}

function inTheirLanguage(id: string): string {
  const theirs = own(beginnings, language);
  return (theirs && own(theirs, `begin.${id}`)) ?? known(`begin.${id}`, id);
}

function begin(): void {
  if (prepared.value === "") return;
  const words = inTheirLanguage(prepared.value);
  box.value = box.value.trim() === "" ? words : `${box.value.trimEnd()}\n${words}`;
  prepared.value = "";
  box.focus();
  count();
}

const sizeOf = (words: string): number => new TextEncoder().encode(JSON.stringify(words.normalize("NFC"))).length - 2;

function count(): void {
  const left = MOST_BYTES - sizeOf(box.value);
  const letters = Math.floor(Math.abs(left) / perLetter());
  say(part(form, "left"), left >= 0 ? t("reply.left", { count: letters }) : t("reply.long", { count: Math.max(1, letters) }));
  part(form, "left").classList.toggle("over", left < 0);
}

/** Bytes a letter of this text takes: scripts differ, and people count letters. */
function perLetter(): number {
  return box.value === "" ? 2 : sizeOf(box.value) / [...box.value].length;
}

async function go(deliver: (words: string) => Promise<boolean>): Promise<void> {
  const words = box.value.trim();
  const trouble = words === "" ? t("reply.empty") : sizeOf(words) > MOST_BYTES ? part(form, "left").textContent ?? "" : "";
  say(part(form, "error"), trouble);
  if (trouble !== "") {
    box.focus();
    return;
  }
  send.disabled = true;
  if (await deliver(words)) {
    clearReply();
    count();
  }
  send.disabled = false;
}
