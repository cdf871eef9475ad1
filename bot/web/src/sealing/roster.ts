// The signed roster: without it a server could hand out its own key and read everything (D4, S11).
// The page verifies it before it seals, with the root fingerprint it was built for.

import { type Bytes, ascii, base64, concat, equal, fromHex, hex, sha256 } from "./bytes.ts";
import { SealingError, type Why } from "./errors.ts";
import { type Document, type Officer, type ReaderKey, type RootKeys, type Roster } from "./roster_document.ts";
import { epochKeyMessage, readBody, readDocument, readRoot, readerKey } from "./roster_document.ts";
import { EPOCH_KEY, ROSTER, signedBy } from "./signing.ts";

const DAY_S = 86_400;
const EPOCH_S = 90 * DAY_S;
const YEAR_S = 366 * DAY_S;
const CLOCK_SKEW_S = 600;

/** The fingerprint of a deployment's id, root keys and threshold: 32 bytes. */
export async function rootFingerprint(deployment: Uint8Array, root: RootKeys): Promise<Bytes> {
  const listed = root.keys.map(hex).sort().map(fromHex);
  const head = concat(ascii("hamrah root 1\n"), deployment, Uint8Array.of(root.threshold, root.keys.length));
  return sha256(head, ...listed);
}

/** A fingerprint as it is published: 64 hexadecimal digits, spaces and dashes allowed. */
export function readFingerprint(text: string): Bytes {
  const plain = text.replace(/[ -]/g, "");
  if (!/^[0-9a-f]{64}$/i.test(plain)) throw new SealingError("Damaged", "a root fingerprint has 64 hexadecimal digits");
  return fromHex(plain);
}

/** Whether slots may be sealed to a key now (epoch seconds UTC). */
export function living(key: ReaderKey, now: number): boolean {
  return key.starts <= now && now < key.ends;
}

/** The newest key of an officer that is valid now; none for a suspended one. */
export function livingKey(officer: Officer, now: number): ReaderKey | undefined {
  if (officer.suspended) return undefined;
  return officer.keys.filter((key) => living(key, now)).sort((one, other) => other.ends - one.ends)[0];
}

/** The roster if root, signatures, version, dates and shape are right; else a `SealingError`. */
export async function verifyRoster(
  document: Uint8Array,
  fingerprint: Uint8Array,
  now: number,
  newestSeen = 0,
): Promise<Roster> {
  const { read, roster } = await believe(document, fingerprint);
  checkDates(roster, now);
  if (roster.version < newestSeen) refuse("RosterSuperseded", `version ${roster.version}, ${newestSeen} has been seen`);
  checkShape(roster);
  return { ...roster, officers: await withOwnKeys(roster, read) };
}

/** The roster in use: `current` compares two dates before each seal, `load` refuses to go back. */
export class LivingRoster {
  readonly #fingerprint: Uint8Array;
  #roster: Roster | undefined;
  #bodyHash: Uint8Array = new Uint8Array(0);

  constructor(fingerprint: Uint8Array) {
    this.#fingerprint = fingerprint;
  }

  async load(document: Uint8Array, now: number): Promise<Roster> {
    const roster = await verifyRoster(document, this.#fingerprint, now, this.#roster?.version);
    const bodyHash = await sha256(readDocument(document).body);
    if (this.#roster?.version === roster.version && !equal(bodyHash, this.#bodyHash)) {
      refuse("RosterSuperseded", `two different rosters carry version ${roster.version}`);
    }
    this.#roster = roster;
    this.#bodyHash = bodyHash;
    return roster;
  }

  current(now: number): Roster {
    if (!this.#roster) return refuse("RosterForged", "no roster has been accepted yet");
    checkDates(this.#roster, now);
    return this.#roster;
  }
}

async function believe(document: Uint8Array, fingerprint: Uint8Array): Promise<{ read: Document; roster: Roster }> {
  try {
    const read = readDocument(document);
    await checkSignatures(read, fingerprint);
    return { read, roster: await readBody(read.body) };
  } catch (error) {
    if (error instanceof SealingError && error.why === "Damaged") return refuse("RosterMalformed", error.message);
    throw error;
  }
}

async function checkSignatures(read: Document, fingerprint: Uint8Array): Promise<void> {
  const { root, deployment } = readRoot(read.body);
  if (!equal(await rootFingerprint(deployment, root), fingerprint)) {
    refuse("RosterForged", "it names another root than the one this page was built for");
  }
  const named = new Set(root.keys.map(base64));
  const signers = new Set<string>();
  for (const { key, signature } of read.signatures) {
    if (named.has(base64(key)) && (await signedBy(key, ROSTER, read.body, signature))) signers.add(base64(key));
  }
  if (signers.size < root.threshold) refuse("RosterForged", `${signers.size} valid signatures, ${root.threshold} needed`);
}

function checkDates(roster: Roster, now: number): void {
  if (now >= roster.expires) refuse("RosterExpired", `version ${roster.version} expired`);
  if (roster.issued > now + CLOCK_SKEW_S) refuse("RosterExpired", `version ${roster.version} is dated in the future`);
}

function checkShape(roster: Roster): void {
  const officers = new Set(roster.officers.map((officer) => officer.id));
  const signing = new Set(roster.officers.map((officer) => base64(officer.signing)));
  const teams = new Set(roster.teams.map((team) => team.id));
  if (officers.size !== roster.officers.length || teams.size !== roster.teams.length) {
    refuse("RosterMalformed", "an id is used twice");
  }
  if (signing.size !== officers.size) refuse("RosterMalformed", "two officers share a signing key");
  if (roster.teams.filter((team) => team.duty).length !== 1) refuse("RosterMalformed", "one team must be the duty team");
  if (roster.expires - roster.issued > YEAR_S) refuse("RosterMalformed", "it is valid for more than a year");
  for (const team of roster.teams) {
    const unknown = team.officers.some((id) => !officers.has(id)) || team.pair.some((id) => !team.officers.includes(id));
    if (unknown) refuse("RosterMalformed", `team ${team.id} names an officer who is not on it`);
    if (team.pair.length && new Set(team.pair).size !== 2) {
      refuse("RosterMalformed", `the pair of team ${team.id} is not two officers`);
    }
  }
  if (roster.recovery && !livesAtMost(roster.recovery, YEAR_S)) {
    refuse("RosterMalformed", "the recovery key lives for more than a year");
  }
}

/** Give each officer the keys they signed; one bad key means that somebody tampers, so all is refused. */
async function withOwnKeys(roster: Roster, read: Document): Promise<Officer[]> {
  const keys = new Map<string, ReaderKey[]>(roster.officers.map((officer) => [officer.id, []]));
  const signing = new Map(roster.officers.map((officer) => [officer.id, officer.signing]));
  for (const key of read.keys) {
    const signer = signing.get(key.officer);
    if (!signer) return refuse("RosterForged", "an epoch key belongs to nobody on the roster");
    if (!(await signedBy(signer, EPOCH_KEY, epochKeyMessage(roster.deployment, key), key.signature))) {
      refuse("RosterForged", "an epoch key is not signed by its officer");
    }
    if (!livesAtMost(key, EPOCH_S)) refuse("RosterMalformed", "an epoch key lives for more than 90 days");
    keys.get(key.officer)?.push(await readerKey(key));
  }
  const suspended = new Set(read.suspended);
  return roster.officers.map((officer) => ({
    ...officer,
    keys: keys.get(officer.id) ?? [],
    suspended: officer.suspended || suspended.has(officer.id),
  }));
}

function livesAtMost(key: { readonly starts: number; readonly ends: number }, most: number): boolean {
  return key.ends > key.starts && key.ends - key.starts <= most;
}

function refuse(why: Why, message: string): never {
  throw new SealingError(why, message);
}
