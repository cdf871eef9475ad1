// An officer's private keys, wrapped so that neither our server nor the passphrase alone can open them (D14, S20).

import { type Bytes, ascii, concat, random, sha256 } from "./bytes.ts";
import { SealingError } from "./errors.ts";
import { readPassphrase } from "./passphrase.ts";
import { expand } from "./stretch.ts";
import { aesOpen, aesSeal } from "./suite.ts";

export const SHARD_BYTES = 32;
const VERSION = 1;
const NONCE_BYTES = 12;
const WRAPPED_BYTES = 1 + NONCE_BYTES + 64 + 16;

/** `seed`: X-Wing private key of the epoch; `signingSeed`: Ed25519. */
export interface OfficerSecrets {
  readonly seed: Bytes;
  readonly signingSeed: Bytes;
}

/** Whose keys these are; a wrapped key opens for no other officer or epoch. */
export interface Owner {
  readonly officer: string;
  readonly epochKey: Uint8Array;
}

/** What Argon2id is given; a passphrase that cannot be one of ours is refused, so nobody can set an own one. */
export function passphraseBytes(typed: string): Bytes {
  const made = readPassphrase(typed);
  if (made === undefined) throw new SealingError("NotMine", "a passphrase is six words as the console made them");
  return ascii(made);
}

/** What a trial's login sends instead of a passkey: it tells nothing about the wrapping key. */
export function loginProof(stretched: Bytes): Promise<Bytes> {
  return expand(stretched, "login-proof");
}

/** What the server keeps of it. */
export function loginProofHash(proof: Uint8Array): Promise<Bytes> {
  return sha256(proof);
}

/** 93 bytes to keep on the server: version, nonce, and both seeds. */
export async function wrap(secrets: OfficerSecrets, stretched: Bytes, shard: Bytes, owner: Owner): Promise<Bytes> {
  const nonce = random(NONCE_BYTES);
  const plain = concat(secrets.seed, secrets.signingSeed);
  const sealed = await aesSeal(await wrappingKey(stretched, shard), nonce, plain, bound(owner));
  return concat(Uint8Array.of(VERSION), nonce, sealed);
}

/** Refused as "NotMine" when passphrase, shard, officer or epoch do not fit: one cannot tell which. */
export async function unwrap(wrapped: Bytes, stretched: Bytes, shard: Bytes, owner: Owner): Promise<OfficerSecrets> {
  if (wrapped[0] !== VERSION || wrapped.length !== WRAPPED_BYTES) {
    throw new SealingError("Unknown", "not wrapped in a way we know");
  }
  const key = await wrappingKey(stretched, shard);
  const nonce = wrapped.slice(1, 1 + NONCE_BYTES);
  let plain: Bytes;
  try {
    plain = await aesOpen(key, nonce, wrapped.slice(1 + NONCE_BYTES), bound(owner));
  } catch {
    throw new SealingError("NotMine", "passphrase or shard does not fit");
  }
  return { seed: plain.slice(0, 32), signingSeed: plain.slice(32) };
}

function wrappingKey(stretched: Bytes, shard: Bytes): Promise<Bytes> {
  if (shard.length !== SHARD_BYTES) throw new SealingError("Damaged", `a shard has ${SHARD_BYTES} bytes`);
  return expand(concat(stretched, shard), "officer-kek");
}

function bound(owner: Owner): Bytes {
  return concat(ascii("hamrah officer keys 1\n"), owner.epochKey, ascii(owner.officer));
}
