// Ed25519 signatures with a label before the message, so that one signed for a purpose serves no other.
// The browser's own where it has one; old phones' browsers do not, and must still be able to check a roster.

import { getPublicKeyAsync, signAsync, verifyAsync } from "@noble/ed25519";
import { type Bytes, ascii, concat, random } from "./bytes.ts";

export const SIGNATURE_BYTES = 64;

export const ROSTER = ascii("hamrah roster 1\n");
export const EPOCH_KEY = ascii("hamrah epoch key 1\n");
export const REPLY = ascii("hamrah reply 1\n");
export const NOTE = ascii("hamrah note 1\n");

// RFC 8410: what stands before the 32 bytes of a private key in PKCS #8.
const PKCS8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

/** A fresh signing key: a seed of 32 bytes. */
export function newSigningSeed(): Bytes {
  return random(32);
}

/** 32 bytes. */
export async function signingPublic(seed: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await getPublicKeyAsync(seed));
}

/** 64 bytes over `label` and `message`. */
export async function sign(seed: Uint8Array, label: Uint8Array, message: Uint8Array): Promise<Bytes> {
  const signed = concat(label, message);
  const key = await native(() => crypto.subtle.importKey("pkcs8", concat(PKCS8, seed), "Ed25519", false, ["sign"]));
  if (key) return new Uint8Array(await crypto.subtle.sign("Ed25519", key, signed));
  return new Uint8Array(await signAsync(signed, seed));
}

/** Whether `signature` is that of `publicBytes`; a malformed key or signature is simply not. */
export async function signedBy(
  publicBytes: Uint8Array,
  label: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicBytes.length !== 32 || signature.length !== SIGNATURE_BYTES) return false;
  const signed = concat(label, message);
  const raw = concat(publicBytes);
  const key = await native(() => crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]));
  try {
    if (key) return await crypto.subtle.verify("Ed25519", key, concat(signature), signed);
    return await verifyAsync(signature, signed, publicBytes, { zip215: false });
  } catch {
    return false;
  }
}

/** The browser's key, or undefined where it does not know Ed25519 (or not this key: then the other one decides). */
async function native(load: () => Promise<CryptoKey>): Promise<CryptoKey | undefined> {
  try {
    return await load();
  } catch {
    return undefined;
  }
}
