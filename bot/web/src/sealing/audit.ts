// Checks of the audit log that an officer's browser makes itself (S37): hashing and proofs as in RFC 6962.

import { type Bytes, equal, sha256 } from "./bytes.ts";
import { canonical } from "./fields.ts";

/** Hash of one entry, written canonically. */
export function leafHash(entry: Readonly<Record<string, unknown>>): Promise<Bytes> {
  return sha256(Uint8Array.of(0), canonical(entry));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Bytes> {
  return sha256(Uint8Array.of(1), left, right);
}

/** A log of which size, and its root then. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether the newer log only added to the older one (RFC 9162, 2.1.4.2). */
export async function checkConsistency(old: TreeHead, now: TreeHead, proof: readonly Uint8Array[]): Promise<boolean> {
  if (old.size > now.size || old.size < 0) return false;
  if (old.size === now.size) return equal(old.root, now.root) && proof.length === 0;
  if (old.size === 0) return equal(old.root, await sha256()) && proof.length === 0;
  const path = isPowerOfTwo(old.size) ? [old.root, ...proof] : [...proof];
  let [first, last] = [old.size - 1, now.size - 1];
  while (first % 2) [first, last] = [half(first), half(last)];
  let [oldRoot, newRoot] = [path[0], path[0]];
  if (!oldRoot || !newRoot) return false;
  for (const node of path.slice(1)) {
    if (last === 0) return false;
    if (first % 2 || first === last) {
      oldRoot = await nodeHash(node, oldRoot);
      newRoot = await nodeHash(node, newRoot);
      while (first && first % 2 === 0) [first, last] = [half(first), half(last)];
    } else {
      newRoot = await nodeHash(newRoot, node);
    }
    [first, last] = [half(first), half(last)];
  }
  return last === 0 && equal(oldRoot, old.root) && equal(newRoot, now.root);
}

/** Whether `leaf` is entry `index` of the log (RFC 9162, 2.1.3.2). */
export async function checkInclusion(
  leaf: Uint8Array,
  index: number,
  log: TreeHead,
  proof: readonly Uint8Array[],
): Promise<boolean> {
  if (index < 0 || index >= log.size) return false;
  let [here, last] = [index, log.size - 1];
  let computed = leaf;
  for (const node of proof) {
    if (last === 0) return false;
    if (here % 2 || here === last) {
      computed = await nodeHash(node, computed);
      while (here && here % 2 === 0) [here, last] = [half(here), half(last)];
    } else {
      computed = await nodeHash(computed, node);
    }
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && equal(computed, log.root);
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return 2 ** Math.round(Math.log2(value)) === value;
}
