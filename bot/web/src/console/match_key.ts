// The officers' common key for finding the same matter: made by the first of them, sealed to each, signed so that the server
// cannot slip in one of its own (with which it could try out telephone numbers).

import { base64, fromBase64, fromHex, hex, ascii, type Bytes } from "../sealing/bytes.ts";
import { NOTHING_BEFORE, newId, type Context } from "../sealing/context.ts";
import { verifyNote } from "../sealing/note.ts";
import { livingKey } from "../sealing/roster.ts";
import type { ReaderKey, Roster } from "../sealing/roster_document.ts";
import { sealSlot, slotContext } from "../sealing/slot.ts";
import { keyId, newSeed, publicKey } from "../sealing/suite.ts";
import type { Held } from "./held.ts";
import { today } from "./held.ts";
import { get, post } from "./net.ts";
import type { SealedSlot } from "./shapes.ts";
import * as vault from "./vault.ts";

/** Takes the place of a case in what is sealed and signed; 16 bytes. */
const PLACE = ascii("hamrah matching!");
const WHAT = "match-key";
const AT_ONCE = 40;

interface Given {
  match: string;
  signed: string;
  mine: SealedSlot | null;
  given: string[];
}

/** "missing": nobody who has it has been here since this officer came; "forged": no officer signed for it. */
export type NoKey = "missing" | "forged";

/** The common key, made if there is none; given to every officer of the roster who has none yet. */
export async function matchKey(held: Held, roster: Roster): Promise<Bytes | NoKey> {
  const found = await get<Given>("match");
  return found.match === "" ? first(held, roster) : share(found, held, roster);
}

/** Give the common key, where there is one, to whoever lacks it: an officer's own next key too. */
export async function handOn(roster: Roster, now: () => number): Promise<void> {
  const found = await get<Given>("match");
  if (found.match !== "") await share(found, { now }, roster);
}

async function share(found: Given, held: Pick<Held, "now">, roster: Roster): Promise<Bytes | NoKey> {
  const signed = fromBase64(found.signed);
  const match = fromHex(found.match);
  const said = await verifyNote(contextOf(roster, match), signed, roster);
  if ("unsigned" in said || said.what !== WHAT || said.text !== found.match) return "forged";
  if (found.mine === null) return "missing";
  const answer = await vault.ask("open", {
    deployment: hex(roster.deployment), roster: found.mine.roster, case: hex(PLACE), caseKey: found.match, key: found.mine.key,
    slot: found.mine.slot,
  });
  const seed = fromBase64(String(answer.seed));
  await give(held, roster, { seed, match, signed, given: new Set(found.given) });
  return seed;
}

async function first(held: Held, roster: Roster): Promise<Bytes> {
  const seed = newSeed();
  const match = await keyId(await publicKey(seed));
  const answer = await vault.ask("note", {
    deployment: hex(roster.deployment), roster: roster.version, case: hex(PLACE), caseKey: hex(match), record: hex(newId()),
    seq: 0, previous: hex(NOTHING_BEFORE), day: today(held), what: WHAT, words: hex(match),
  });
  await give(held, roster, { seed, match, signed: fromBase64(String(answer.signed)), given: new Set() });
  return seed;
}

interface Common {
  readonly seed: Bytes;
  readonly match: Bytes;
  readonly signed: Bytes;
  readonly given: ReadonlySet<string>;
}

async function give(held: Pick<Held, "now">, roster: Roster, common: Common): Promise<void> {
  const keys = roster.officers.map((officer) => livingKey(officer, held.now())).filter((key): key is ReaderKey => key !== undefined);
  const missing = keys.filter((key) => !common.given.has(hex(key.id))).slice(0, AT_ONCE);
  if (missing.length === 0) return;
  const slots = await Promise.all(missing.map(async (key) => {
    const context = slotContext({ deployment: roster.deployment, rosterVersion: roster.version, caseId: PLACE, caseKey: common.match, readerKey: key.id });
    return [hex(key.id), base64(await sealSlot(key.public, context, common.seed))] as const;
  }));
  await post("match/give", { match: hex(common.match), signed: base64(common.signed), roster: roster.version, slots: Object.fromEntries(slots) });
}

function contextOf(roster: Roster, match: Bytes): Context {
  return {
    deployment: roster.deployment, rosterVersion: roster.version, caseId: PLACE, recordId: newId(), kind: "note", seq: 0, recipient: match,
    previous: NOTHING_BEFORE,
  };
}
