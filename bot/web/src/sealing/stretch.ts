// What guessing costs, and HKDF that splits the result (S16, S20).  Argon2id itself is in ../argon.ts: it needs
// WebAssembly, which only the key-derivation worker may run.

import { type Bytes, ascii, concat } from "./bytes.ts";
import { SealingError } from "./errors.ts";

/** Argon2id version 1.3, one lane. */
export interface Cost {
  readonly passes: number;
  readonly memoryKib: number;
}

const LEAST: Cost = { passes: 3, memoryKib: 64 * 1024 };
const MOST: Cost = { passes: 16, memoryKib: 1024 * 1024 };

/** What a case code costs now. */
export const CODE_COST: Cost = LEAST;

/** What an officer's passphrase costs now. */
export const PASSPHRASE_COST: Cost = { passes: 3, memoryKib: 128 * 1024 };

/**
 * Read a cost as the server stores it, `argon2id:3:65536:1`.  One that is too low is refused: a server that could
 * name it could buy cheap guesses.  A cost for tests is read only where a test says so.
 */
export function readCost(text: string, least: Cost = LEAST, testsAllowed = false): Cost {
  const found = /^(argon2id|argon2id-test):(\d{1,8}):(\d{1,8}):1$/.exec(text);
  if (!found) throw new SealingError("Unknown", "not a way to derive keys that we know");
  const cost = { passes: Number(found[2]), memoryKib: Number(found[3]) };
  const forTests = found[1] === "argon2id-test";
  const weak = cost.passes < least.passes || cost.memoryKib < least.memoryKib;
  if (forTests ? !testsAllowed : weak) throw new SealingError("Unknown", "this cost is too low");
  if (cost.passes > MOST.passes || cost.memoryKib > MOST.memoryKib || cost.passes < 1 || cost.memoryKib < 8) {
    throw new SealingError("Unknown", "this cost is out of reach");
  }
  return cost;
}

/** HKDF-SHA256 with no salt and `label` as info: 32 bytes, unrelated for every label. */
export async function expand(stretched: Bytes, label: string): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", stretched, "HKDF", false, ["deriveBits"]);
  const info = concat(ascii("hamrah 1 "), ascii(label));
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 256));
}
