// The officer's key over time: before it ends a new one is made, every kept case is sealed to it, the old one is destroyed (S13).
// Each step can be cut off and goes on at the next sign-in; until the last one the old key opens what it opened before.

import { fromBase64, hex } from "../sealing/bytes.ts";
import { livingKey } from "../sealing/roster.ts";
import type { ReaderKey } from "../sealing/roster_document.ts";
import { handOn } from "./match_key.ts";
import { get, post, Refused } from "./net.ts";
import { tell, warn } from "./notice.ts";
import { caseSeed, refreshRoster, rosterNow, slotOf } from "./opening.ts";
import type { CaseLine, SealedSlot, Session } from "./shapes.ts";
import * as vault from "./vault.ts";
import { t } from "./words.ts";
import { wrap } from "./wrapping.ts";

const EPOCH_S = 90 * 86_400;

interface Waiting {
  cases: string[];
  count: number;
}

interface Sealed extends CaseLine {
  slots: SealedSlot[];
  listed: string;
}

/** Unlock the older keys too, and make the next one where it is time; what wraps keys is forgotten afterwards. */
export async function unlockAll(session: Session): Promise<void> {
  try {
    for (const { shard, wrapped, key } of session.older) {
      await vault.ask("unlock", { shard, wrapped, key, officer: session.officer.id });
    }
    if (session.renew) await renew(session);
  } catch {
    warn(t("key.not-renewed"));
  } finally {
    await vault.ask("settle");
  }
}

async function renew(session: Session): Promise<void> {
  const starts = session.now;
  const ends = starts + EPOCH_S;
  const made = await vault.ask("renew", { deployment: session.deployment, starts, ends });
  const { shard } = await post<{ shard: string }>("key/shard", { key: made.key });
  const { wrapped } = await vault.ask("wrap", { shard });
  const { roster } = await post<{ roster: string }>("key/announce", {
    public: made.public, starts, ends, signature: made.signature, wrapped,
  });
  session.roster = roster;
  if (session.bundle !== null) session.older.unshift(session.bundle);
  session.bundle = { key: String(made.key), shard, wrapped: String(wrapped) };
  session.renew = false;
}

/** Seal to the newest key what only older ones open, then have those destroyed, if it is time. */
export async function finish(session: Session, now: () => number): Promise<void> {
  if (session.older.length === 0) return;
  try {
    const mine = await ownKey(session, now);
    if (mine === null) return;
    const kept = await sealAll(session, mine);
    const roster = rosterNow();
    if (roster !== null) await handOn(roster, now);
    if (kept === 0) await post("key/retire", {});
    else warn(t("key.kept", { count: String(kept) }));
  } catch (error) {
    if (!(error instanceof vault.VaultRefused) && !(error instanceof Refused)) throw error;
    warn(t("key.later"));
  }
}

/** The newest key as the signed roster says it: nothing is sealed to a key that only the server names. */
async function ownKey(session: Session, now: () => number): Promise<ReaderKey | null> {
  await refreshRoster();
  const officer = rosterNow()?.officers.find(({ id }) => id === session.officer.id);
  const key = officer && livingKey(officer, now());
  return key && hex(key.id) === session.bundle?.key ? key : null;
}

/** How many could not be sealed anew, because their slots are not those that were listed. */
async function sealAll(session: Session, mine: ReaderKey): Promise<number> {
  const refused = new Set<string>();
  let told = 0;
  for (;;) {
    const { cases, count } = await get<Waiting>("key/waiting", true);
    const next = cases.filter((id) => !refused.has(id));
    if (next.length === 0) return refused.size;
    if (told === 0) tell(t("key.sealing", { count: String((told = count)) }));
    for (const id of next) {
      if (!(await sealOne(id, session, mine))) refused.add(id);
    }
  }
}

async function sealOne(id: string, session: Session, mine: ReaderKey): Promise<boolean> {
  const roster = rosterNow();
  if (roster === null) throw new vault.VaultRefused("wrong");
  const found = await post<Sealed>(`case/${id}/key/slots`, {});
  let seed;
  try {
    seed = await caseSeed(found, slotOf(found.slots, session));
  } catch (error) {
    if (error instanceof vault.VaultRefused && error.why === "wrong") return false;
    throw error;
  }
  const made = await wrap(found, seed, roster, [mine]);
  const slot = made.slots[hex(mine.id)];
  if (!made.clean || slot === undefined || fromBase64(slot).length === 0) return false;
  try {
    await post(`case/${id}/key/rewrap`, { slot, listed: made.listed, roster: roster.version });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 409) throw error;
    await refreshRoster(); // a colleague changed who reads it, or the roster: the next round takes it up again
  }
  return true;
}
