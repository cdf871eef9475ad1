// Who will read: the roster is fetched, believed only with the root's signature, and asked for the keys that are needed.
// It runs before each seal (S11); nothing is sealed to a list that does not verify.

import { readFingerprint, LivingRoster } from "../sealing/roster.ts";
import type { Roster, Team } from "../sealing/roster_document.ts";
import type { Routing } from "../report/content.ts";
import { chooseReaders, teamsToAskFor, type Readers } from "../report/readers.ts";
import { getBytes } from "./net.ts";

/** No list that we can believe, or one that names nobody: then nothing is sealed. */
export class NoReaders extends Error {
  override readonly name = "NoReaders";
}

export interface Trusted {
  readonly roster: Roster;
  readonly readers: Readers;
}

/** One for the page's life, so that an older list than seen before is refused. */
export class Trust {
  readonly #address: string;
  readonly #rosters: LivingRoster;

  constructor(address: string, fingerprint: string) {
    this.#address = address;
    this.#rosters = new LivingRoster(readFingerprint(fingerprint));
  }

  /** The teams of the signed list, without anybody's keys. */
  async teams(): Promise<readonly Team[]> {
    return (await this.signed()).teams;
  }

  /** The signed list without anybody's keys: enough to know who signed an answer. */
  async signed(): Promise<Roster> {
    return (await this.#load([])).roster;
  }

  /** The readers that routing names, and the list they stand on; a page fetches no more keys than it needs. */
  async readers(routing: Routing): Promise<Trusted> {
    const teams = await this.teams();
    for (const wanted of [teamsToAskFor(teams, routing), teams.map((team) => team.id)]) {
      const { roster, now } = await this.#load(wanted);
      const readers = chooseReaders(roster, routing, now);
      const all = wanted.length === teams.length;
      if (readers !== undefined && (all || readers.teams.every((team) => wanted.includes(team)))) return { roster, readers };
      if (all) break;
    }
    throw new NoReaders();
  }

  async #load(teams: readonly string[]): Promise<{ roster: Roster; now: number }> {
    const { bytes, now } = await getBytes(`${this.#address}?teams=${teams.map(encodeURIComponent).join(",")}`);
    return { roster: await this.#rosters.load(bytes, now), now };
  }
}
