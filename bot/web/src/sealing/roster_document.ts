// The roster as bytes: what the root signs, what officers sign themselves, and what the server may add (D4).
// Reading here believes nothing; `verifyRoster` does the believing.

import { type Bytes, base64 } from "./bytes.ts";
import { SealingError } from "./errors.ts";
import { Fields, canonical, parseObject } from "./fields.ts";
import { EPOCH_KEY, SIGNATURE_BYTES, sign } from "./signing.ts";
import { PUBLIC_BYTES, keyId } from "./suite.ts";

const FORMAT = "hamrah roster 1";
const MOST_BYTES = 8 * 1024 * 1024;

/** A public key that slots are sealed to; valid from `starts` to before `ends`, epoch seconds UTC. */
export interface ReaderKey {
  readonly id: Bytes;
  readonly public: Bytes;
  readonly starts: number;
  readonly ends: number;
}

export interface Officer {
  readonly id: string;
  readonly signing: Bytes;
  readonly keys: readonly ReaderKey[];
  readonly suspended: boolean;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly places: readonly string[];
  readonly officers: readonly string[];
  readonly concerns: readonly string[];
  readonly duty: boolean;
  readonly pair: readonly string[];
}

export interface Roster {
  readonly deployment: Bytes;
  readonly version: number;
  readonly issued: number;
  readonly expires: number;
  readonly teams: readonly Team[];
  readonly officers: readonly Officer[];
  readonly recovery?: ReaderKey;
}

/** An epoch key as its officer announced it. */
export interface SignedKey {
  readonly officer: string;
  readonly public: Bytes;
  readonly starts: number;
  readonly ends: number;
  readonly signature: Bytes;
}

export interface Document {
  readonly body: Bytes;
  readonly signatures: readonly { readonly key: Bytes; readonly signature: Bytes }[];
  readonly keys: readonly SignedKey[];
  readonly suspended: readonly string[];
}

/** The keys that may sign rosters, and how many of them must. */
export interface RootKeys {
  readonly keys: readonly Bytes[];
  readonly threshold: number;
}

/** What the signature of an epoch key covers. */
export function epochKeyMessage(deployment: Uint8Array, key: Omit<SignedKey, "signature">): Bytes {
  return canonical({
    deployment: base64(deployment),
    officer: key.officer,
    public: base64(key.public),
    starts: key.starts,
    ends: key.ends,
  });
}

/** What an officer does at the start of an epoch; no root is needed. */
export async function signEpochKey(
  signingSeed: Uint8Array,
  deployment: Uint8Array,
  key: Omit<SignedKey, "signature">,
): Promise<SignedKey> {
  return { ...key, signature: await sign(signingSeed, EPOCH_KEY, epochKeyMessage(deployment, key)) };
}

export function readDocument(text: Uint8Array): Document {
  const fields = parseObject(text, MOST_BYTES);
  if (fields.text("format") !== FORMAT) throw new SealingError("Damaged", "format is not one we know");
  return {
    body: fields.raw("body"),
    signatures: fields
      .objects("signatures")
      .map((entry) => ({ key: entry.raw("key", 32), signature: entry.raw("signature", SIGNATURE_BYTES) })),
    keys: fields.objects("keys").map(readKey),
    suspended: fields.words("suspended"),
  };
}

/** The root keys that a body names, and its deployment. */
export function readRoot(body: Uint8Array): { root: RootKeys; deployment: Bytes } {
  const fields = parseObject(body, MOST_BYTES);
  const root = fields.object("root");
  const keys = root.raws("keys", 32);
  const threshold = root.number("threshold");
  const distinct = new Set(keys.map(base64)).size === keys.length;
  if (!distinct || keys.length > 9 || threshold > keys.length || threshold * 2 <= keys.length) {
    throw new SealingError("Damaged", "root keys must be distinct, and more than half of them must sign");
  }
  return { root: { keys, threshold }, deployment: fields.raw("deployment", 16) };
}

/** The signed part as a roster whose officers have no keys yet. */
export async function readBody(body: Uint8Array): Promise<Roster> {
  const fields = parseObject(body, MOST_BYTES);
  const recovery = fields.objectOrNone("recovery");
  return {
    deployment: fields.raw("deployment", 16),
    version: fields.number("version"),
    issued: fields.number("issued"),
    expires: fields.number("expires"),
    teams: fields.objects("teams").map(readTeam),
    officers: fields.objects("officers").map(readOfficer),
    ...(recovery ? { recovery: await readReaderKey(recovery) } : {}),
  };
}

export async function readerKey(key: Omit<ReaderKey, "id">): Promise<ReaderKey> {
  return { id: await keyId(key.public), public: key.public, starts: key.starts, ends: key.ends };
}

function readOfficer(fields: Fields): Officer {
  return { id: readId(fields, "id"), signing: fields.raw("signing", 32), keys: [], suspended: fields.truth("suspended") };
}

function readTeam(fields: Fields): Team {
  return {
    id: readId(fields, "id"),
    name: fields.text("name"),
    places: fields.words("places"),
    officers: fields.words("officers"),
    concerns: fields.words("concerns"),
    duty: fields.truth("duty"),
    pair: fields.words("pair"),
  };
}

function readKey(fields: Fields): SignedKey {
  return {
    officer: readId(fields, "officer"),
    public: fields.raw("public", PUBLIC_BYTES),
    starts: fields.number("starts"),
    ends: fields.number("ends"),
    signature: fields.raw("signature", SIGNATURE_BYTES),
  };
}

function readReaderKey(fields: Fields): Promise<ReaderKey> {
  return readerKey({
    public: fields.raw("public", PUBLIC_BYTES),
    starts: fields.number("starts"),
    ends: fields.number("ends"),
  });
}

function readId(fields: Fields, name: string): string {
  const value = fields.text(name);
  if (!/^[\x20-\x7e]{1,64}$/.test(value)) throw new SealingError("Damaged", `${name} is not an id`);
  return value;
}
