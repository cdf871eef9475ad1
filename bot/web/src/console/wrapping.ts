// Letting others read a case: its key sealed to each new reader, and the list of all slots written anew (S12).
// Only slots that the old list knows are listed again; one that somebody slipped in is an alarm, never laundered here.

import { base64, fromBase64, fromHex, hex, type Bytes } from "../sealing/bytes.ts";
import type { ReaderKey, Roster } from "../sealing/roster_document.ts";
import { sealSlot, slotContext } from "../sealing/slot.ts";
import { checkSlots, listSlots } from "../sealing/slot_list.ts";
import type { OpenCase } from "./shapes.ts";

/** For the server: reader key id → slot, and the list.  `clean`: false where slots do not fit the old list. */
export interface Wrapped {
  readonly clean: boolean;
  readonly slots: Record<string, string>;
  readonly listed: string;
}

/** What is needed of a case to seal its key once more. */
export type Sealed = Pick<OpenCase, "id" | "key" | "slots" | "listed">;

/** Seal the key of `found` to `readers` that have no slot of it yet. */
export async function wrap(found: Sealed, seed: Bytes, roster: Roster, readers: readonly ReaderKey[]): Promise<Wrapped> {
  const place = { deployment: roster.deployment, caseId: fromHex(found.id) };
  const present = found.slots.map((slot) => ({ reader: fromHex(slot.key), slot: fromBase64(slot.slot) }));
  const check = await checkSlots(seed, fromBase64(found.listed), place, present);
  if (check.extra.length + check.changed.length > 0) return { clean: false, slots: {}, listed: "" };
  const here = new Set(found.slots.map((slot) => slot.key));
  const added = await Promise.all(readers.filter((key) => !here.has(hex(key.id))).map(async (key) => {
    const context = slotContext({ ...place, rosterVersion: roster.version, caseKey: fromHex(found.key), readerKey: key.id });
    return { reader: key.id, slot: await sealSlot(key.public, context, seed) };
  }));
  const listed = await listSlots(seed, { ...place, version: check.version + 1, rosterVersion: roster.version }, [...present, ...added]);
  return {
    clean: true,
    slots: Object.fromEntries(added.map(({ reader, slot }) => [hex(reader), base64(slot)])),
    listed: base64(listed),
  };
}
