// A file that leaves the service: sealed with six words of which two persons know three each; any common tool opens it.
// PBKDF2 is enough for words that were drawn (77 bits) and is in every language's library, unlike Argon2id.

import { ascii, base64, concat, random, type Bytes } from "./bytes.ts";
import { canonical } from "./fields.ts";

export const FORMAT = "hamrah export 1";
const ITERATIONS = 600_000;

/** The file, as UTF-8 JSON.  `words`: six, as `newPassphrase` makes them. */
export async function sealExport(words: string, content: unknown): Promise<Bytes> {
  const salt = random(16);
  const nonce = random(12);
  const known = { format: FORMAT, kdf: "PBKDF2-HMAC-SHA-256", iterations: ITERATIONS, salt: base64(salt), cipher: "AES-256-GCM", nonce: base64(nonce) };
  const base = await crypto.subtle.importKey("raw", ascii(words), "PBKDF2", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS }, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"],
  );
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: ascii(FORMAT) }, key, concat(canonical(content)));
  return canonical({ ...known, sealed: base64(new Uint8Array(sealed)) });
}
