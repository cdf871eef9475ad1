// Opening what is sealed, in the page: rows of the queue, whole cases; and sealing an answer.  Whatever does not fit is
// an alarm, never a guess (S12, S52).

import { base64, concat, fromBase64, fromHex, hex, random, type Bytes } from "../sealing/bytes.ts";
import { fileHash, openFile } from "../sealing/chunks.ts";
import { checkChain, type Head, type Link } from "../sealing/chain.ts";
import { HASH_BYTES, NOTHING_BEFORE, newId, type Context } from "../sealing/context.ts";
import { verifyNote, type Note } from "../sealing/note.ts";
import { REPLY, TEXT, asWords } from "../sealing/padding.ts";
import { KEY_BYTES, openRecord, recordHash, sealRecord } from "../sealing/record.ts";
import { mailboxOf, sealReply, verifyReply } from "../sealing/reply.ts";
import { LivingRoster, readFingerprint } from "../sealing/roster.ts";
import type { ReaderKey, Roster } from "../sealing/roster_document.ts";
import { checkSlots } from "../sealing/slot_list.ts";
import { keyId } from "../sealing/suite.ts";
import { awayHoldSlot } from "./kept_away.ts";
import { get, getBytes, postForBytes } from "./net.ts";
import { readersOf } from "./readers.ts";
import type { CaseLine, OpenCase, QueueRow, SealedRecord, SealedSlot, Session } from "./shapes.ts";
import * as vault from "./vault.ts";
import { wrap, type Wrapped } from "./wrapping.ts";

/** What a queue row shows; every field was pressed, none was written (D11). */
export interface Cover {
  age: string;
  reasons: string[];
  concern: string;
}

/** `why`: "not-ours" (no slot for this officer's key) or "damaged". */
export interface Opened {
  cover: Cover | null;
  why: "" | "not-ours" | "damaged";
}

/** Words of the reporter (`officer` null) or a verified answer.  `ask`: the question they answer, if any. */
export interface Told {
  ask: string;
  text: string;
  day: number;
  officer: string | null;
  /** Instead of words: the report was taken back ("stop"), or the helpers may go on ("none"). */
  wish?: "stop" | "none";
  /** Instead of words: a voice note. */
  voice?: Voice;
  /** Instead of words: a picture. */
  picture?: SealedFile;
}

const SOUNDS = new Set(["audio/ogg", "audio/webm", "audio/mp4"]);

/** `record`: whose file it is; `roster`: version it was sealed under; `hash`: of the sealed file. */
export interface SealedFile {
  record: string;
  roster: number;
  hash: string;
}

export interface Voice extends SealedFile {
  /** What the reporter's phone called it, if that is one we play. */
  type: string;
  seconds: number;
}

/** `body`: for the server.  `sent`: call it once the server has it, so that the next one follows it. */
export interface SealedAnswer {
  body: Record<string, unknown>;
  sent(): void;
}

export interface Contents {
  cover: Cover | null;
  answers: Record<string, string[]>;
  words: Told[];
  /** The question that proves who is writing, and its answer (S54). */
  check: Told[];
  talk: Told[];
  /** What officers wrote for one another, verified, in its order. */
  notes: Note[];
  alarms: string[];
  /** Fetch and open a voice note; a sound that is not the one its record names is refused. */
  hear(voice: Voice): Promise<Bytes>;
  /** The same for a picture; that somebody looked is recorded. */
  look(picture: SealedFile): Promise<Bytes>;
  /** How many answers there ever were. */
  answered: number;
  /** Seal the case's key to further readers of the roster. */
  wrap(roster: Roster, readers: readonly ReaderKey[]): Promise<Wrapped>;
  /** Seal an answer twice, to the mailbox and to the case, as the server takes it. */
  seal(words: string, day: number, officer: string, prepared: boolean): Promise<SealedAnswer>;
}

const CHECKS = new Set(["check-question", "check-answer"]);

let deployment: Bytes = new Uint8Array(0);
let rosters: LivingRoster | null = null;
let clock = (): number => 0;
/** How far each case went when it was last seen here: taking the end away shows (D7). */
const seen = new Map<string, Head>();

/** Believe the roster only if the root signed it; without one nothing is sealed, and an alarm says so. */
export async function trust(session: Session, now: () => number): Promise<void> {
  deployment = fromHex(session.deployment);
  clock = now;
  rosters = new LivingRoster(readFingerprint(session.root));
  await rosters.load(fromBase64(session.roster), now());
}

/** Take over a newer roster, if the root signed it; officers come and go while a page is open. */
export async function refreshRoster(): Promise<void> {
  const { roster } = await get<{ roster: string }>("roster", true);
  await rosters?.load(fromBase64(roster), clock());
}

/** The signed roster of now, or none: then nothing is sealed. */
export function rosterNow(): Roster | null {
  try {
    return rosters?.current(clock()) ?? null;
  } catch {
    return null;
  }
}

/** The cover of one row, in one use of the key. */
export async function coverOf(row: QueueRow): Promise<Opened> {
  if (row.slot === null || row.cover === null) return { cover: null, why: "not-ours" };
  try {
    const seed = await caseSeed(row, row.slot);
    return { cover: readCover(await openOne(row, seed, row.cover)), why: "" };
  } catch (error) {
    if (error instanceof vault.VaultRefused && error.why !== "wrong") throw error;
    return { cover: null, why: "damaged" };
  }
}

/** Everything in a case, checked: chain, readers, signatures. */
export async function openCase(found: OpenCase, session: Session): Promise<Contents> {
  const mine = slotOf(found.slots, session);
  const seed = await caseSeed(found, mine);
  const contents: Contents = {
    cover: null, answers: {}, words: [], check: [], talk: [], notes: [], answered: 0, alarms: [], seal: () => Promise.reject(new vault.VaultRefused("wrong")),
    wrap: (trusted, readers) => wrap(found, seed, trusted, readers),
    hear: async (voice) => openSealed(found, mine, "voice", voice, await getBytes(`case/${found.id}/sound/${voice.record}`)),
    look: async (picture) => openSealed(found, mine, "picture", picture, await postForBytes(`case/${found.id}/picture/${picture.record}`)),
  };
  const roster = rosterNow();
  if (roster === null) contents.alarms.push("roster");
  if (!(await chainHolds(found))) contents.alarms.push("chain");
  contents.alarms.push(...(await readerAlarms(found, seed, roster)));
  await readRecords(found, seed, roster, contents);
  if (roster !== null && awayHoldSlot(roster, contents, found.slots.map((slot) => slot.key))) contents.alarms.push("kept-away");
  return contents;
}

/** This officer's slot, of the newest key that has one. */
export function slotOf(slots: readonly SealedSlot[], session: Session): SealedSlot {
  const keys = [session.bundle, ...session.older].map((bundle) => bundle?.key);
  const mine = keys.map((key) => slots.find((slot) => slot.key === key)).find((slot) => slot !== undefined);
  if (mine === undefined) throw new vault.VaultRefused("wrong");
  return mine;
}

export async function caseSeed(line: CaseLine, slot: SealedSlot): Promise<Bytes> {
  const answer = await vault.ask("open", {
    deployment: hex(deployment), roster: slot.roster, case: line.id, caseKey: line.key, key: slot.key,
    slot: slot.slot,
  });
  return fromBase64(String(answer.seed));
}

/** The context of a record of this case. */
export function contextOf(line: CaseLine, record: Omit<SealedRecord, "envelope" | "day">): Context {
  return {
    deployment, rosterVersion: record.roster, caseId: fromHex(line.id), recordId: fromHex(record.id), kind: record.kind,
    seq: record.seq, recipient: fromHex(line.key), previous: fromHex(record.previous),
  };
}

function openOne(line: CaseLine, seed: Bytes, record: SealedRecord): Promise<Bytes> {
  const buckets = record.kind === "reply" ? REPLY : TEXT;
  return openRecord(seed, contextOf(line, record), fromBase64(record.envelope), buckets);
}

async function chainHolds(found: OpenCase): Promise<boolean> {
  const links: Link[] = found.records.map((record) => ({ context: contextOf(found, record), envelope: fromBase64(record.envelope) }));
  const head = await checkChain(links, undefined, seen.get(found.id));
  if ("why" in head) return false;
  const whole = head.count === found.seq && hex(head.last) === found.head;
  if (whole) seen.set(found.id, head);
  return whole;
}

async function readerAlarms(found: OpenCase, seed: Bytes, roster: Roster | null): Promise<string[]> {
  const present = found.slots.map((slot) => ({ reader: fromHex(slot.key), slot: fromBase64(slot.slot) }));
  const strangers = roster === null ? [] : found.slots.filter((slot) => !readersOf(roster, found.teams).has(slot.key));
  try {
    const check = await checkSlots(seed, fromBase64(found.listed), { deployment, caseId: fromHex(found.id) }, present);
    return check.extra.length + check.changed.length + strangers.length > 0 ? ["extra-slot"] : [];
  } catch {
    return ["extra-slot"];
  }
}

async function readRecords(found: OpenCase, seed: Bytes, roster: Roster | null, into: Contents): Promise<void> {
  const answers: Bytes[] = [];
  for (const record of found.records) {
    try {
      const text = await openOne(found, seed, record);
      if (record.kind === "reply") await readAnswer(found, text, answers, roster, into);
      else if (record.kind === "note") await readNote(found, record, text, roster, into);
      else readTold(record, text, into);
    } catch {
      into.alarms.push("record");
    }
  }
  if (!mailboxFits(found, answers)) into.alarms.push("reply");
  into.answered = answers.length;
  into.seal = (words, day, officer, prepared) =>
    sealAnswer(found, { answers, into, told: { ask: "", text: words, day, officer }, prepared: prepared && answers.length === 0 });
  into.alarms = [...new Set(into.alarms)];
}

/** What lies in the mailbox must be what was sent: an answer nobody here wrote, or another one in its place, shows. */
function mailboxFits(found: OpenCase, answers: readonly Bytes[]): boolean {
  return (found.mailbox?.messages ?? []).every(({ seq, digest }) => {
    const sent = answers[seq];
    return sent !== undefined && hex(sent) === digest;
  });
}

function readTold(record: SealedRecord, text: Bytes, into: Contents): void {
  const plain = JSON.parse(asWords(text)) as Record<string, unknown>;
  const told = { ask: string(plain.ask), text: string(plain.text), day: record.day, officer: null };
  if (record.kind === "cover") into.cover = readCover(text);
  else if (record.kind === "answers") into.answers = plain.answers as Record<string, string[]>;
  else if (record.kind === "voice") (told.ask === "" ? into.talk : into.words).push({ ...told, voice: voiceOf(record, plain) });
  else if (record.kind === "picture") into.words.push({ ...told, picture: fileOf(record, plain) });
  else if (CHECKS.has(told.ask)) into.check.push(told);
  else if (record.kind === "words") into.words.push(told);
  else if (record.kind === "message") into.talk.push(plain.wish === "stop" || plain.wish === "none" ? { ...told, wish: plain.wish } : told);
}

function voiceOf(record: SealedRecord, plain: Record<string, unknown>): Voice {
  const type = string(plain.type);
  return { ...fileOf(record, plain), type: SOUNDS.has(type) ? type : "audio/ogg", seconds: Number(plain.seconds) };
}

const fileOf = (record: SealedRecord, plain: Record<string, unknown>): SealedFile =>
  ({ record: record.id, roster: Number(plain.roster), hash: string(plain.hash) });

/** The key is asked for again: it opened the case, and is not kept for sounds and pictures. */
async function openSealed(found: OpenCase, mine: SealedSlot, kind: string, file: SealedFile, sealed: Bytes): Promise<Bytes> {
  if (hex(await fileHash(sealed)) !== file.hash) throw new vault.VaultRefused("wrong");
  const context = contextOf(found, { id: file.record, kind, seq: 0, roster: file.roster, previous: hex(NOTHING_BEFORE) });
  return openFile(await caseSeed(found, mine), context, sealed);
}

/** Only a note that an officer of the roster signed for this place is shown. */
async function readNote(found: OpenCase, record: SealedRecord, text: Bytes, roster: Roster | null, into: Contents): Promise<void> {
  const note = roster === null ? null : await verifyNote(contextOf(found, record), text, roster);
  if (note === null || "unsigned" in note) into.alarms.push("note");
  else into.notes.push(note);
}

/**
 * Only an answer that an officer of the roster signed for this place is shown (S52).  The record holds the hash of what
 * lies in the mailbox, then the signed answer; `answers` gathers the hashes.
 */
async function readAnswer(found: OpenCase, text: Bytes, answers: Bytes[], roster: Roster | null, into: Contents): Promise<void> {
  const context = await mailboxContext(found, answers, newId(), mailboxOf(text.slice(HASH_BYTES)));
  answers.push(text.slice(0, HASH_BYTES));
  if (roster === null) {
    into.alarms.push("reply");
    return;
  }
  const reply = await verifyReply(context, text.slice(HASH_BYTES), roster);
  if ("unverified" in reply) into.alarms.push("reply");
  else into.talk.push({ ask: "", text: reply.text, day: reply.day, officer: reply.officer });
}

/** The place of the next answer in the mailbox, after `answers`; `named`: the mailbox's key id, once it was closed. */
async function mailboxContext(found: OpenCase, answers: readonly Bytes[], recordId: Bytes, named?: Bytes): Promise<Context> {
  const recipient = found.mailbox === null && named !== undefined ? named : await keyId(fromBase64(found.mailbox?.public ?? ""));
  return {
    deployment, rosterVersion: rosterNow()?.version ?? 0, caseId: fromHex(found.id), recordId, kind: "reply",
    seq: answers.length, recipient, previous: answers.at(-1) ?? NOTHING_BEFORE,
  };
}

interface Draft {
  answers: Bytes[];
  into: Contents;
  told: Told;
  /** Made of prepared sentences, which the server may see: the first answer must be (S53). */
  prepared: boolean;
}

/** Sign in the vault, seal to the mailbox, and keep the same signed answer in the case; both have one length (S9). */
async function sealAnswer(found: OpenCase, draft: Draft): Promise<SealedAnswer> {
  const roster = rosters?.current(clock());
  if (roster === undefined || found.mailbox === null) throw new vault.VaultRefused("wrong");
  const { day, text } = draft.told;
  const context = await mailboxContext(found, draft.answers, newId());
  const answer = await vault.ask("sign", {
    deployment: hex(deployment), roster: roster.version, case: found.id, mailbox: hex(context.recipient),
    record: hex(context.recordId), seq: context.seq, previous: hex(context.previous), day, words: text.normalize("NFC"),
  });
  const signed = fromBase64(String(answer.signed));
  const shown = random(KEY_BYTES);
  const message = await sealReply(fromBase64(found.mailbox.public), context, signed, shown);
  const digest = await recordHash(message);
  const record = { id: hex(newId()), seq: found.seq, kind: "reply", roster: roster.version, previous: found.head };
  const envelope = await sealRecord(fromBase64(found.public), contextOf(found, record), concat(digest, signed), REPLY);
  const head = await recordHash(envelope);
  return {
    body: {
      ...(draft.prepared ? { shown: base64(shown) } : {}),
      roster: roster.version,
      message: { id: hex(context.recordId), seq: context.seq, envelope: base64(message) },
      record: { id: record.id, seq: record.seq, envelope: base64(envelope) },
    },
    sent: () => {
      draft.answers.push(digest);
      draft.into.answered = draft.answers.length;
      draft.into.talk.push(draft.told);
      grown(found, head);
    },
  };
}

/** A record of ours was added: the case goes as far as `head` now. */
export function grown(found: OpenCase, head: Bytes): void {
  Object.assign(found, { seq: found.seq + 1, head: hex(head) });
  seen.set(found.id, { count: found.seq, last: head });
}

function readCover(text: Bytes): Cover {
  const plain = JSON.parse(asWords(text)) as Record<string, unknown>;
  const reasons = Array.isArray(plain.reasons) ? plain.reasons.map(string) : [];
  return { age: string(plain.age), reasons, concern: string(plain.concern) };
}

const string = (value: unknown): string => (typeof value === "string" ? value : "");

/** Forget what was seen, with the session. */
export function forgetAll(): void {
  seen.clear();
  rosters = null;
}
