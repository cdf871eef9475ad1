// What an officer and whoever signs the roster compare, face to face or by voice; computed from the keys, never told by a server.

import { ascii, concat, hex, sha256 } from "../sealing/bytes.ts";

/** Eight groups of four digits or letters a to f. */
export async function fingerprintOf(officer: string, signing: Uint8Array, publicKey: Uint8Array): Promise<string> {
  const digest = hex(await sha256(concat(ascii("hamrah card 1\n"), signing, publicKey, ascii(officer))));
  return (digest.slice(0, 32).match(/.{4}/g) ?? []).join(" ");
}
