// One opened case on the page: why it is urgent, what was told, what was said since.  Everything told is text.

import { byId, copyOf, looksForged, part, runs, say, show, visible } from "../dom.ts";
import * as names from "./names.ts";
import type { Contents, Told } from "./opening.ts";
import type { CaseLine } from "./shapes.ts";
import { pictureBox } from "./picture.ts";
import { listenButton } from "./sound.ts";
import { aboutHour, dayName, momentName, t } from "./words.ts";

const pane = byId("case");

/** Nothing is open. */
export function clear(): void {
  visible(part(pane, "open"), false);
  visible(part(pane, "none"), true);
  for (const name of ["alarms", "line", "reasons", "words", "check-pairs", "facts", "talk", "deeds", "urgency", "wish"]) part(pane, name).replaceChildren();
  say(part(pane, "title"), "");
}

/** Show everything; `me`: id of whoever looks. */
export function showCase(line: CaseLine, contents: Contents, me: string, now: number): void {
  visible(part(pane, "none"), false);
  visible(part(pane, "open"), true);
  say(part(pane, "title"), t("case.title", { handle: line.handle }));
  showLine(line, me, now);
  showAlarms(contents.alarms);
  const reasons = contents.cover?.reasons ?? [];
  part(pane, "reasons").replaceChildren(...(reasons.length > 0 ? reasons.map(names.reason) : [t("queue.no-reason")]).map(item));
  showFacts(contents);
  part(pane, "words").replaceChildren(...wordCards(contents));
  showCheck(contents.check);
  showTalk(contents, me);
  for (const id of ["case-why", "case-talk"]) visible(byId(id).closest("section") as HTMLElement, !line.feedback);
}

/** What changes without opening again: status and who works on it. */
export function showLine(line: CaseLine, me: string, now: number): void {
  part(pane, "urgency").replaceChildren(names.urgencyMark(line.urgency));
  const holder = line.holder === null ? t("queue.nobody") : line.holder === me ? t("queue.mine") : names.holderSince(line, now);
  const ofReports: [string, string][] = line.feedback ? [] : [["case.holder", holder], ["case.place", names.place(line.region)]];
  const facts: [string, string][] = [
    ["case.status", names.status(line) + (line.until === null ? "" : ` · ${t(line.quiet ? "queue.quiet" : "queue.until", { day: momentName(line.until) })}`)],
    ["case.language", names.languageName(line.language)],
    ...ofReports,
    ["case.channel", names.channel(line.channel)],
    ["case.received", aboutHour(line.hour, now)],
  ];
  part(pane, "line").replaceChildren(...facts.map(([name, value]) => fact(t(name), [value])));
  const wish = part(pane, "wish");
  visible(wish, line.wish !== "none");
  say(wish, line.wish === "none" ? "" : t(`case.${line.wish}`));
}

function showAlarms(alarms: readonly string[]): void {
  part(pane, "alarms").replaceChildren(...alarms.map((id) => {
    const box = copyOf("piece-alarm");
    say(part(box, "title"), t("alarm.title"));
    say(part(box, "text"), t(`alarm.${id}`));
    return box;
  }));
}

function showFacts(contents: Contents): void {
  const answers = Object.entries(contents.answers).filter(([, keys]) => keys.length > 0);
  part(pane, "facts").replaceChildren(...answers.map(([ask, keys]) =>
    fact(names.question(ask), keys.map((key) => names.answer(ask, key)))));
}

/** Question and answer that prove who is writing, in the order in which they were set (S54). */
function showCheck(check: readonly Told[]): void {
  visible(part(pane, "check"), check.length > 0);
  part(pane, "check-pairs").replaceChildren(...check.map((told) => fact(t(`case.${told.ask}`), [told.text, dayName(told.day)])));
}

function wordCards({ words, hear, look }: Contents): HTMLElement[] {
  if (words.length === 0) return [paragraph("quiet", t("case.no-words"))];
  const cards = words.map((told) => {
    const card = copyOf("piece-words");
    say(part(card, "title"), names.question(told.ask));
    fill(part(card, "text"), told, hear, look);
    return card;
  });
  return [...cards, ...hints(words.map((told) => told.text).join("\n"))];
}

function showTalk({ talk, hear }: Contents, me: string): void {
  const list = part(pane, "talk");
  if (talk.length === 0) {
    const none = document.createElement("li");
    none.className = "quiet";
    say(none, t("case.no-talk"));
    list.replaceChildren(none);
    return;
  }
  list.replaceChildren(...talk.map((told) => message(told, me, hear)));
}

/** One message; also used for an answer that was just sent. */
function message(told: Told, me: string, hear: Contents["hear"]): HTMLElement {
  const entry = copyOf("piece-message");
  entry.classList.add(told.officer === null ? "theirs" : "ours");
  const from = told.officer === null ? t("case.from-reporter")
    : told.officer === me ? t("case.from-you") : t("case.from-officer", { name: names.colleague(told.officer) });
  show(part(entry, "from"), from);
  say(part(entry, "day"), dayName(told.day));
  if (told.wish === undefined) fill(part(entry, "text"), told, hear);
  else say(part(entry, "text"), t(`case.wish.${told.wish}`));
  return entry;
}

/** Words as text, a voice note or a picture as a button. */
function fill(place: HTMLElement, told: Told, hear: Contents["hear"], look?: Contents["look"]): void {
  const { voice, picture } = told;
  if (picture !== undefined && look !== undefined) place.replaceWith(pictureBox(() => look(picture)));
  else if (voice === undefined) show(place, told.text);
  else place.replaceWith(listenButton(voice, () => hear(voice)));
}

/** Explain the marks, and warn of look-alike letters, where there are any. */
function hints(text: string): HTMLElement[] {
  const found: HTMLElement[] = [];
  if (runs(text).some((run) => run.mark !== undefined)) found.push(paragraph("hint", t("case.control")));
  if (looksForged(text)) found.push(paragraph("hint", t("case.forged")));
  return found;
}

function fact(name: string, values: readonly string[]): HTMLElement {
  const row = copyOf("piece-fact");
  say(part(row, "name"), name);
  const value = part(row, "value");
  for (const one of values) {
    const span = document.createElement("span");
    show(span, one);
    value.append(span);
  }
  return row;
}

function item(text: string): HTMLElement {
  const entry = document.createElement("li");
  show(entry, text);
  return entry;
}

function paragraph(kind: string, text: string): HTMLElement {
  const entry = document.createElement("p");
  entry.className = kind;
  say(entry, text);
  return entry;
}
