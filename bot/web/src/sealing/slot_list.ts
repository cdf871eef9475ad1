// Which slots a case has, sealed against additions: an extra reader shows as soon as anybody opens the case (S12).

import { type Bytes, base64, concat, equal, hex, sha256 } from "./bytes.ts";
import { SealingError } from "./errors.ts";
import { canonical, parseObject } from "./fields.ts";
import { expand } from "./stretch.ts";

const FORMAT = "hamrah slots 1";
const MAC_BYTES = 32;
const MOST_BYTES = 256 * 1024;

/** One slot and the id of the key it is sealed to. */
export interface HeldSlot {
  readonly reader: Uint8Array;
  readonly slot: Uint8Array;
}

/** `extra` and `changed` are alarms, `missing` slots were dropped by the server; reader key ids in hexadecimal. */
export interface SlotCheck {
  readonly version: number;
  readonly rosterVersion: number;
  readonly extra: readonly string[];
  readonly changed: readonly string[];
  readonly missing: readonly string[];
}

interface ListedCase {
  readonly deployment: Uint8Array;
  readonly caseId: Uint8Array;
}

/** The list to be stored beside the slots: MAC (32 bytes), then JSON. */
export async function listSlots(
  caseSeed: Bytes,
  place: ListedCase & { readonly version: number; readonly rosterVersion: number },
  slots: readonly HeldSlot[],
): Promise<Bytes> {
  const sorted = [...slots].sort((one, other) => (hex(one.reader) < hex(other.reader) ? -1 : 1));
  const entries = sorted.map(async ({ reader, slot }) => ({ reader: base64(reader), hash: base64(await sha256(slot)) }));
  const body = canonical({
    format: FORMAT,
    version: place.version,
    roster: place.rosterVersion,
    slots: await Promise.all(entries),
  });
  return concat(await mac(caseSeed, place, body), body);
}

/** Compare the slots present with the list; refused when nobody who can open the case wrote it. */
export async function checkSlots(
  caseSeed: Bytes,
  listed: Uint8Array,
  place: ListedCase,
  present: readonly HeldSlot[],
): Promise<SlotCheck> {
  const body = listed.slice(MAC_BYTES);
  if (!equal(listed.subarray(0, MAC_BYTES), await mac(caseSeed, place, body))) {
    throw new SealingError("Damaged", "the list of slots was not written by anybody who can open the case");
  }
  const fields = parseObject(body, MOST_BYTES);
  if (fields.text("format") !== FORMAT) throw new SealingError("Damaged", "the list of slots has another format");
  const hashes = new Map(fields.objects("slots").map((slot) => [hex(slot.raw("reader", 16)), slot.raw("hash", 32)]));
  const extra: string[] = [];
  const changed: string[] = [];
  for (const { reader, slot } of present) {
    const hash = hashes.get(hex(reader));
    if (!hash) extra.push(hex(reader));
    else if (!equal(hash, await sha256(slot))) changed.push(hex(reader));
  }
  const here = new Set(present.map(({ reader }) => hex(reader)));
  const missing = [...hashes.keys()].filter((reader) => !here.has(reader));
  return { version: fields.number("version"), rosterVersion: fields.number("roster"), extra, changed, missing };
}

async function mac(caseSeed: Bytes, place: ListedCase, body: Uint8Array): Promise<Bytes> {
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", await expand(caseSeed, "slot-list"), hmac, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, concat(place.deployment, place.caseId, body)));
}
