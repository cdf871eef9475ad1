// Writing an answer: sentences to choose from, how the child will see it, what could betray somebody, the room that is left,
// and what a colleague wrote meanwhile.

import { byId, part, say, show, visible } from "../dom.ts";
import { get } from "./net.ts";
import type { Told } from "./opening.ts";
import { choose, isPrepared, meanings, prepareList } from "./prepared.ts";
import type { CaseLine, OpenCase, Session } from "./shapes.ts";
import { warningsIn, type Known } from "./warnings.ts";
import { t } from "./words.ts";

/** Bytes an answer may have as JSON, so that all answers are sealed to one length (S9). */
const MOST_BYTES = 7000;

const form = part<HTMLFormElement>(byId("case"), "reply");
const box = byId<HTMLTextAreaElement>("answer");
const send = form.querySelector("button[type=submit]") as HTMLButtonElement;

let language = "";
let mayDeliver = false;
let known: Known = { people: [], places: [] };
/** Words that were sent a second time although something in them was pointed out. */
let seenWarnings = "";

/** Wire the form once; `deliver` says whether the answer was sent. */
export function prepareReply(deliver: (words: string, prepared: boolean) => Promise<boolean>): void {
  prepareList();
  box.addEventListener("input", follow);
  box.addEventListener("keydown", pressed);
  part(form, "choose").addEventListener("click", offerPrepared);
  part(form, "again").addEventListener("click", () => {
    clearReply();
    follow();
    part(form, "choose").focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void go(deliver);
  });
}

/** Names to warn of, and places in the language of the answer once they are known. */
export function warnOf(session: Session, tag: string): void {
  const people = Object.values(session.names);
  known = { people, places: [] };
  if (!/^[A-Za-z-]{2,16}$/.test(tag)) return;
  void get<{ places: string[] }>(`places/${encodeURIComponent(tag)}`, true).then(({ places }) => {
    known = { people, places };
    follow();
  }, () => undefined);
}

/** Fit the form to the case; `fresh`: another case was opened; `first`: only prepared sentences may be sent. */
export function showReply(line: OpenCase | CaseLine, me: string, fresh: boolean, first: boolean): void {
  if (fresh) clearReply();
  const mailbox = "mailbox" in line ? line.mailbox : null;
  const barred = mailbox === null ? t("reply.no-mailbox")
    : line.holder !== me ? t("reply.claim-first") : "";
  say(part(form, "barred"), barred);
  visible(part(form, "barred"), barred !== "");
  visible(part(form, "writing"), barred === "" || box.value !== "");
  mayDeliver = barred === "";
  send.disabled = !mayDeliver;
  language = line.language;
  box.readOnly = first;
  visible(part(form, "first"), first);
  visible(part(form, "again"), first);
  follow();
}

/** Nothing that was written stays. */
export function clearReply(): void {
  box.value = "";
  seenWarnings = "";
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

/** Open the prepared answers where an answer can be written; for the key "/". */
export function offerPrepared(): void {
  if (!part(form, "writing").hidden) choose(language, addLine);
}

/** Put words into the box, after what is there. */
export function addLine(words: string): void {
  box.value = box.value.trim() === "" ? words : `${box.value.trimEnd()}\n${words}`;
  box.focus();
  follow();
}

/** "/" at the beginning of a line asks for a prepared answer; elsewhere it is a stroke like any other. */
function pressed(event: KeyboardEvent): void {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  const before = box.value.slice(0, box.selectionStart);
  if (!box.readOnly && before !== "" && !before.endsWith("\n")) return;
  event.preventDefault();
  offerPrepared();
}

/** Whatever changed in the box: count, preview, warnings. */
function follow(): void {
  count();
  const words = box.value.trim();
  const preview = part(form, "preview");
  visible(preview, words !== "");
  const shown = part(preview, "shown");
  shown.lang = language;
  show(shown, words);
  part(preview, "meaning").replaceChildren(...meanings(words, language).map((meaning) => {
    const line = document.createElement("span");
    show(line, meaning);
    return line;
  }));
  const warnings = words === "" || isPrepared(words) ? [] : warningsIn(words, known);
  part(form, "warnings").replaceChildren(...warnings.map((warning) => {
    const entry = document.createElement("li");
    const name = document.createElement("strong");
    const piece = document.createElement("span");
    say(name, t(`warn.${warning.kind}`));
    show(piece, warning.words);
    entry.append(name, " ", piece);
    return entry;
  }));
  visible(part(form, "warned"), warnings.length > 0);
  if (words !== seenWarnings) say(send, t("deed.reply"));
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

/** Why this cannot be sent now; what was pointed out is sent when the officer presses again. */
function troubleWith(words: string): string {
  if (words === "") return t(box.readOnly ? "prepared.choose-one" : "reply.empty");
  if (sizeOf(words) > MOST_BYTES) return part(form, "left").textContent ?? "";
  if (part(form, "warned").hidden || seenWarnings === words) return "";
  seenWarnings = words;
  say(send, t("warn.send"));
  return t("warn.again");
}

async function go(deliver: (words: string, prepared: boolean) => Promise<boolean>): Promise<void> {
  const words = box.value.trim();
  const trouble = troubleWith(words);
  say(part(form, "error"), trouble);
  if (trouble !== "") {
    if (seenWarnings !== words) box.focus();
    return;
  }
  send.disabled = true;
  if (await deliver(words, isPrepared(words))) {
    clearReply();
    follow();
  }
  send.disabled = !mayDeliver;
}
