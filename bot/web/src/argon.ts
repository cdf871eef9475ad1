// Argon2id in WebAssembly: for the key-derivation worker and the vault only, whose responses alone may run it (S24).

import { argon2id as argon2idWasm } from "hash-wasm";
import type { Bytes } from "./sealing/bytes.ts";
import type { Cost } from "./sealing/stretch.ts";

/** 32 bytes from `secret`; takes about a second on a phone and as much memory as `cost` says. */
export async function argon2id(secret: Uint8Array, salt: Uint8Array, cost: Cost): Promise<Bytes> {
  if (salt.length < 16) throw new RangeError("a salt has 16 bytes or more");
  const stretched = await argon2idWasm({
    password: secret,
    salt,
    iterations: cost.passes,
    memorySize: cost.memoryKib,
    parallelism: 1,
    hashLength: 32,
    outputType: "binary",
  });
  return stretched as Bytes;
}
