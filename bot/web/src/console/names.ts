// What codes are called: places, languages, questions and answers, colleagues.  Labels come from the content's catalog.

import { copyOf, part, say } from "../dom.ts";
import type { CaseLine } from "./shapes.ts";
import { known, own, t, timeName } from "./words.ts";

let colleagues: Readonly<Record<string, string>> = {};
let teams: Readonly<Record<string, string>> = {};

/** Names of people and teams, by id; they come with the session and go with the page. */
export function learnNames(people: Readonly<Record<string, string>>, offices: Readonly<Record<string, string>>): void {
  colleagues = people;
  teams = offices;
}

export const colleague = (id: string): string => own(colleagues, id) ?? id.slice(0, 8);

/** A colleague who works on a case, and since when, where that is known. */
export function holderSince(line: CaseLine, now: number): string {
  const name = colleague(line.holder ?? "");
  return line.since === null ? name : t("case.held-since", { name, time: timeName(line.since, now) });
}

export const team = (id: string): string => own(teams, id) ?? id;

export const place = (code: string): string => (code === "" ? t("queue.place-unknown") : known(`place.${code}`, code));

export const languageName = (tag: string): string => known(`language.${tag}`, tag);

export const reason = (id: string): string => known(id, id);

export const question = (ask: string): string => known(`ask.${ask}.title`, known(`ask.${ask}`, ask));

/** What was pressed: a choice of the question, a place, or an office. */
export function answer(ask: string, key: string): string {
  return known(`ask.${ask}.${key}`, known(`place.${key}`, own(teams, key) ?? key));
}

export function age(band: string): string {
  if (band === "" || band === "unknown") return t("queue.age-unknown");
  return t("queue.age", { band: known(`ask.age.${band}`, band) });
}

/** Words about the service stand elsewhere than reports, so their states have names of their own. */
export const status = (line: CaseLine): string => t(line.feedback ? `status.feedback.${line.status}` : `status.${line.status}`);

export const channel = (id: string): string => known(`case.channel.${id}`, id);

/** Urgency as shape and word; colour only adds to it. */
export function urgencyMark(urgency: string): HTMLElement {
  const mark = copyOf("piece-mark");
  mark.dataset.urgency = urgency;
  mark.querySelector("use")?.setAttribute("href", `#shape-${urgency}`);
  say(part(mark, "word"), known(`urgency.${urgency}`, urgency));
  return mark;
}
