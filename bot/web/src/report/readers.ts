// Who reads: the teams a report goes to and the keys its case is sealed to; the twin of bot/core/routing.py (D6, S12).

import { hex } from "../sealing/bytes.ts";
import { livingKey, living } from "../sealing/roster.ts";
import type { ReaderKey, Roster, Team } from "../sealing/roster_document.ts";
import type { Keys, Routing } from "./content.ts";

const LIVING_AT_LEAST = 2;

/** `keys`: one slot each, the recovery key last. */
export interface Readers {
  readonly teams: Keys;
  readonly keys: readonly ReaderKey[];
}

type Living = (officers: Keys) => ReadonlyMap<string, ReaderKey>;

/** Teams and living keys for a report; none when fewer than two keys live, recovery key included. */
export function chooseReaders(roster: Roster, routing: Routing, now: number): Readers | undefined {
  const shunned = new Set(roster.teams.filter(({ id }) => routing.avoid.includes(id)).flatMap((team) => team.officers));
  const allowed = roster.teams.filter(({ id }) => !routing.avoid.includes(id));
  const alive: Living = (officers) => livingOf(roster, officers.filter((id) => !shunned.has(id)), now);
  const duty = allowed.find((team) => team.duty);
  const found: (readonly [Team, ReadonlyMap<string, ReaderKey>])[] = [];
  if (routing.pairOnly && duty !== undefined) {
    const pair = alive(duty.pair);
    found.push([duty, pair.size >= LIVING_AT_LEAST ? pair : alive(duty.officers)]);
  } else {
    for (const team of called(allowed, routing, alive)) found.push([team, alive(team.officers)]);
  }
  const keys = new Map(found.flatMap(([, ofTeam]) => [...ofTeam]));
  const teams = found.filter(([, ofTeam]) => ofTeam.size > 0).map(([team]) => team.id);
  const recovery = roster.recovery !== undefined && living(roster.recovery, now) ? [roster.recovery] : [];
  if (teams.length === 0 || keys.size + recovery.length < LIVING_AT_LEAST) return undefined;
  return { teams, keys: [...keys.values(), ...recovery] };
}

/** The teams whose keys `chooseReaders` looks at first: those that fit, and the duty team behind them. */
export function teamsToAskFor(teams: readonly Team[], routing: Routing): Keys {
  const allowed = teams.filter(({ id }) => !routing.avoid.includes(id));
  return allowed.filter((team) => team.duty || fits(team, routing)).map((team) => team.id);
}

function called(allowed: readonly Team[], routing: Routing, alive: Living): readonly Team[] {
  const teams = allowed.filter((team) => !team.duty && fits(team, routing));
  const short = teams.some((team) => alive(team.officers).size < LIVING_AT_LEAST);
  if (teams.length === 0 || short) teams.push(...allowed.filter((team) => team.duty));
  return alive(teams.flatMap((team) => team.officers)).size >= LIVING_AT_LEAST ? teams : allowed;
}

function fits(team: Team, routing: Routing): boolean {
  const served = [...routing.places, ...routing.places.map((place) => place.slice(0, 2))];
  return served.some((place) => team.places.includes(place)) && (team.concerns.length === 0 || team.concerns.includes(routing.concern));
}

function livingOf(roster: Roster, officers: Keys, now: number): ReadonlyMap<string, ReaderKey> {
  const found = new Map<string, ReaderKey>();
  for (const id of officers) {
    const officer = roster.officers.find((one) => one.id === id);
    const key = officer && livingKey(officer, now);
    if (key) found.set(hex(key.id), key);
  }
  return found;
}
