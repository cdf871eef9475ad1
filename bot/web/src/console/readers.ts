// Who may hold a slot of a case: the officers of its teams, the duty team where too few of them live, and recovery (S12).

import { hex } from "../sealing/bytes.ts";
import type { Roster } from "../sealing/roster_document.ts";

/** Ids of every key that the roster lets read a case of these teams, in hexadecimal. */
export function readersOf(roster: Roster, teams: readonly string[]): ReadonlySet<string> {
  const named = roster.teams.filter((team) => teams.includes(team.id) || team.duty);
  const officers = new Set(named.flatMap((team) => team.officers));
  const keys = roster.officers.filter((officer) => officers.has(officer.id)).flatMap((officer) => officer.keys);
  const recovery = roster.recovery ? [roster.recovery] : [];
  return new Set([...keys, ...recovery].map((key) => hex(key.id)));
}
