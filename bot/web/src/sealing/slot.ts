// A slot: the private half of one case key, sealed to one reader.  One unwrap opens the whole case.

import { type Bytes, concat, equal } from "./bytes.ts";
import { type Context, NOTHING_BEFORE } from "./context.ts";
import { SealingError } from "./errors.ts";
import { ENC_BYTES, Form, HEADER_BYTES, SEED_BYTES, TAG_BYTES, checkHeader, header } from "./suite.ts";
import { hpkeOpen, hpkeSeal, keyId, publicKey } from "./suite.ts";

export const SLOT_BYTES = HEADER_BYTES + ENC_BYTES + SEED_BYTES + TAG_BYTES;

/** `caseKey`, `readerKey`: key ids; the case key takes the place of a record id. */
export function slotContext(place: {
  readonly deployment: Uint8Array;
  readonly rosterVersion: number;
  readonly caseId: Uint8Array;
  readonly caseKey: Uint8Array;
  readonly readerKey: Uint8Array;
}): Context {
  return {
    deployment: place.deployment,
    rosterVersion: place.rosterVersion,
    caseId: place.caseId,
    recordId: place.caseKey,
    kind: "slot",
    seq: 0,
    recipient: place.readerKey,
    previous: NOTHING_BEFORE,
  };
}

/** Seal the case's private key to one reader: 1180 bytes. */
export async function sealSlot(readerPublic: Uint8Array, context: Context, caseSeed: Uint8Array): Promise<Bytes> {
  if (context.kind !== "slot" || caseSeed.length !== SEED_BYTES) {
    throw new SealingError("Damaged", "a slot holds one case key, in the context of a slot");
  }
  return concat(header(Form.Slot), await hpkeSeal(readerPublic, Form.Slot, context, caseSeed));
}

/** The case's private key.  A slot that holds another key than the case's own is refused. */
export async function openSlot(readerSeed: Uint8Array, context: Context, slot: Uint8Array): Promise<Bytes> {
  checkHeader(slot, Form.Slot);
  if (slot.length !== SLOT_BYTES) throw new SealingError("Damaged", `${slot.length} bytes is not the size of a slot`);
  const caseSeed = await hpkeOpen(readerSeed, Form.Slot, context, slot.subarray(HEADER_BYTES));
  if (!equal(await keyId(await publicKey(caseSeed)), context.recordId)) {
    throw new SealingError("Damaged", "the slot holds the key of another case");
  }
  return caseSeed;
}
