// The one suite we seal with, and the header that says so in every envelope (S5): HPKE (RFC 9180) base mode,
// X-Wing, HKDF-SHA256, AES-256-GCM.  There is nothing to negotiate.

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { type Bytes, ascii, bigEndian, concat, equal, hex, random, sha256 } from "./bytes.ts";
import { type Context, canonicalContext } from "./context.ts";
import { SealingError } from "./errors.ts";

export const HEADER_BYTES = 12;
export const ENC_BYTES = 1120;
export const TAG_BYTES = 16;
export const SEED_BYTES = 32;
export const PUBLIC_BYTES = 1216;

const KEM_XWING = 0x647a;
const KDF_HKDF_SHA256 = 0x0001;
const AEAD_AES_256_GCM = 0x0002;

/** What an envelope is; part of its header, so that one can never be taken for another. */
export const Form = { Record: 1, Slot: 2, File: 3 } as const;
export type Form = (typeof Form)[keyof typeof Form];

const kem = new XWing();
const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Aes256Gcm() });

/** A fresh private key. */
export function newSeed(): Bytes {
  return random(SEED_BYTES);
}

/** The public half of `seed`: ML-KEM-768 key (1184 bytes), then X25519 key (32). */
export async function publicKey(seed: Uint8Array): Promise<Bytes> {
  const pair = await kem.generateKeyPairDerand(seed.slice());
  return new Uint8Array(await kem.serializePublicKey(pair.publicKey));
}

/** First 16 bytes of the SHA-256 of a public key. */
export async function keyId(publicBytes: Uint8Array): Promise<Bytes> {
  return (await sha256(publicBytes)).slice(0, 16);
}

/** 12 bytes: magic, format version, form, and the HPKE ids of KEM, KDF and AEAD. */
export function header(form: Form): Bytes {
  return concat(
    ascii("HMRH"),
    Uint8Array.of(1, form),
    bigEndian(KEM_XWING, 2),
    bigEndian(KDF_HKDF_SHA256, 2),
    bigEndian(AEAD_AES_256_GCM, 2),
  );
}

/** Refuse what is not an envelope of ours, or names another version, form or algorithm. */
export function checkHeader(envelope: Uint8Array, form: Form): void {
  if (envelope.length < HEADER_BYTES || !equal(envelope.subarray(0, 4), ascii("HMRH"))) {
    throw new SealingError("Damaged", "not an envelope");
  }
  const found = envelope.subarray(0, HEADER_BYTES);
  if (!equal(found, header(form))) throw new SealingError("Unknown", `header ${hex(found.subarray(4))}`);
}

/** What every key and every ciphertext of an envelope is tied to: header, then context (D7). */
export function bound(form: Form, context: Context): Bytes {
  return concat(header(form), canonicalContext(context));
}

/** `enc` (1120 bytes), then ciphertext and tag.  The context must name this very key as its recipient. */
export async function hpkeSeal(
  publicBytes: Uint8Array,
  form: Form,
  context: Context,
  plain: Uint8Array,
): Promise<Bytes> {
  if (publicBytes.length !== PUBLIC_BYTES || !equal(context.recipient, await keyId(publicBytes))) {
    throw new SealingError("Damaged", "the context names another recipient than the key");
  }
  const sender = await suite.createSenderContext({
    recipientPublicKey: await kem.deserializePublicKey(publicBytes.slice().buffer),
    info: bound(form, context).buffer,
  });
  const sealed = await sender.seal(plain.slice().buffer);
  return concat(new Uint8Array(sender.enc), new Uint8Array(sealed));
}

/** Refused as "NotMine" when the key does not fit, or the envelope was moved or changed: HPKE cannot tell which. */
export async function hpkeOpen(seed: Uint8Array, form: Form, context: Context, sealed: Uint8Array): Promise<Bytes> {
  const info = bound(form, context).buffer;
  try {
    const recipient = await suite.createRecipientContext({
      recipientKey: await kem.deserializePrivateKey(seed.slice().buffer),
      enc: sealed.slice(0, ENC_BYTES).buffer,
      info,
    });
    return new Uint8Array(await recipient.open(sealed.slice(ENC_BYTES).buffer));
  } catch {
    throw new SealingError("NotMine", "this key does not open it here");
  }
}

/** AES-256-GCM by the browser. */
export async function aesSeal(key: Bytes, nonce: Bytes, plain: Bytes, tiedTo: Bytes): Promise<Bytes> {
  const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  const algorithm = { name: "AES-GCM", iv: nonce, additionalData: tiedTo };
  return new Uint8Array(await crypto.subtle.encrypt(algorithm, cipher, plain));
}

export async function aesOpen(key: Bytes, nonce: Bytes, sealed: Bytes, tiedTo: Bytes): Promise<Bytes> {
  const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  try {
    const algorithm = { name: "AES-GCM", iv: nonce, additionalData: tiedTo };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, cipher, sealed));
  } catch {
    throw new SealingError("Damaged", "changed or moved");
  }
}
