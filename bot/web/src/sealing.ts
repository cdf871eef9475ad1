// What only its addressee can read, in the browser: the twin of bot/sealing (docs/sealing.md).
// Argon2id is apart, in argon.ts, because only the key-derivation worker and the vault may run it.

export * from "./sealing/audit.ts";
export * from "./sealing/bytes.ts";
export * from "./sealing/case_code.ts";
export * from "./sealing/chain.ts";
export * from "./sealing/chunks.ts";
export * from "./sealing/context.ts";
export * from "./sealing/errors.ts";
export { canonical } from "./sealing/fields.ts";
export * from "./sealing/mailbox.ts";
export * from "./sealing/note.ts";
export * from "./sealing/officer_keys.ts";
export * from "./sealing/padding.ts";
export * from "./sealing/passphrase.ts";
export { openRecord, recordHash, sealRecord } from "./sealing/record.ts";
export * from "./sealing/reply.ts";
export * from "./sealing/roster.ts";
export * from "./sealing/roster_document.ts";
export { newSigningSeed, sign, signedBy, signingPublic } from "./sealing/signing.ts";
export * from "./sealing/slot.ts";
export * from "./sealing/slot_list.ts";
export * from "./sealing/stretch.ts";
export { keyId, newSeed, publicKey } from "./sealing/suite.ts";
