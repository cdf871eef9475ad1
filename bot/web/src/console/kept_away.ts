// Who must never read a case: whoever works at an office the reporter named, and whoever a complaint is about (S40).

import { hex } from "../sealing/bytes.ts";
import { livingKey } from "../sealing/roster.ts";
import type { ReaderKey, Roster } from "../sealing/roster_document.ts";
import type { Contents } from "./opening.ts";

const PERSON = "person";

/** Teams the reporter asked to keep it from. */
export function awayTeams(roster: Roster, contents: Pick<Contents, "answers">): ReadonlySet<string> {
  const named = contents.answers.avoid ?? [];
  return new Set(roster.teams.filter((team) => named.includes(team.id)).map((team) => team.id));
}

/** A person was named in words: somebody has to think before anybody is added. */
export const personNamed = (contents: Pick<Contents, "answers">): boolean => (contents.answers.avoid ?? []).includes(PERSON);

/** Ids of officers who get no slot, whatever team they are in. */
export function awayOfficers(roster: Roster, contents: Pick<Contents, "answers" | "notes">): ReadonlySet<string> {
  const teams = awayTeams(roster, contents);
  const there = roster.teams.filter((team) => teams.has(team.id)).flatMap((team) => team.officers);
  const named = contents.notes.filter((note) => note.what === "referral").flatMap((note) => listOf(note.text));
  return new Set([...there, ...named]);
}

/** Whether somebody who must not read holds a slot. */
export function awayHoldSlot(roster: Roster, contents: Pick<Contents, "answers" | "notes">, keys: readonly string[]): boolean {
  const away = awayOfficers(roster, contents);
  const theirs = roster.officers.filter((one) => away.has(one.id)).flatMap((one) => one.keys.map((key) => hex(key.id)));
  return theirs.some((key) => keys.includes(key));
}

/** Living officers of a team who may read, with their keys. */
export function mayRead(roster: Roster, contents: Pick<Contents, "answers" | "notes">, team: string, now: number): [string, ReaderKey][] {
  if (awayTeams(roster, contents).has(team)) return [];
  const away = awayOfficers(roster, contents);
  const officers = roster.teams.find((one) => one.id === team)?.officers ?? [];
  return officers.filter((id) => !away.has(id)).flatMap((id) => {
    const officer = roster.officers.find((one) => one.id === id);
    const key = officer && livingKey(officer, now);
    return key === undefined ? [] : [[id, key] as [string, ReaderKey]];
  });
}

function listOf(text: string): string[] {
  try {
    const away = (JSON.parse(text) as { away?: unknown }).away;
    return Array.isArray(away) ? away.filter((one): one is string => typeof one === "string") : [];
  } catch {
    return [];
  }
}
