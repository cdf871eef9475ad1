// What happened in this case, day by day, without its words.

import { byId, part, say } from "../dom.ts";
import type { Held } from "./held.ts";
import { dayName, known, t } from "./words.ts";

const card = byId("timeline-card");

/** One line for each record, the newest first. */
export function showTimeline(now: Held): void {
  const { found, contents } = now;
  const notes = found.records.filter((record) => record.kind === "note");
  const entries = found.records.map((record) => {
    const what = record.kind === "note" ? contents.notes[notes.indexOf(record)]?.what ?? "note" : record.kind;
    return [record.day, known(`story.event.${what}`, t("story.event.other"))] as const;
  });
  const later = contents.notes.slice(notes.length).map((note) => [note.day, known(`story.event.${note.what}`, t("story.event.other"))] as const);
  part(card, "timeline").replaceChildren(...[...entries, ...later].reverse().map(([day, what]) => {
    const entry = document.createElement("li");
    const when = document.createElement("span");
    const name = document.createElement("span");
    when.className = "quiet";
    say(when, dayName(day));
    say(name, what);
    entry.append(when, " ", name);
    return entry;
  }));
}

export const clearTimeline = (): void => part(card, "timeline").replaceChildren();
