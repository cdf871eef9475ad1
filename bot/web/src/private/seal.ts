// The report, sealed here: records padded and chained under a case key of its own, the key sealed to each reader
// (docs/sealing.md).  What comes out is ciphertext, and a closing message that says how it is cut.

import { base64, concat, type Bytes } from "../sealing/bytes.ts";
import { START } from "../sealing/chain.ts";
import { newId } from "../sealing/context.ts";
import { canonical } from "../sealing/fields.ts";
import { caseMark } from "../sealing/mailbox.ts";
import { sealSlot, slotContext } from "../sealing/slot.ts";
import { listSlots, type HeldSlot } from "../sealing/slot_list.ts";
import { keyId, newSeed, publicKey } from "../sealing/suite.ts";
import type { Answers, Keys, Routing } from "../report/content.ts";
import type { Picture } from "./pictures.ts";
import type { Sound } from "./recorder.ts";
import type { NewMailbox } from "./mailbox.ts";
import { sealFiles, sealRecords, whole, type Piece, type Spoken } from "./records.ts";
import type { Trusted } from "./trust.ts";

/** `answers`: those that count; `words`: (question, text) in the order they were written. */
export interface Told {
  readonly language: string;
  readonly answers: Answers;
  readonly words: readonly (readonly [string, string])[];
  /** (question, what was said to it). */
  readonly sounds: readonly (readonly [string, Sound])[];
  /** (question, what was shown to it). */
  readonly pictures: readonly (readonly [string, Picture])[];
  readonly urgency: string;
  readonly reasons: Keys;
  readonly gist: Keys;
  readonly routing: Routing;
}

/** `upload`: ciphertext; `closing`: the closing message but for submission, revision and parts. */
export interface SealedReport {
  readonly upload: Bytes;
  readonly closing: Readonly<Record<string, unknown>>;
}

export async function sealReport(told: Told, mailbox: NewMailbox, { roster, readers }: Trusted): Promise<SealedReport> {
  const seed = newSeed();
  const casePublic = await publicKey(seed);
  const caseKey = await keyId(casePublic);
  const place = { deployment: roster.deployment, rosterVersion: roster.version, caseId: newId() };
  const target = { place, casePublic, caseKey };
  const { sounds, spoken } = await sealFiles(target, filesOf(told));
  const { records } = await sealRecords(target, piecesOf(told, spoken), START);
  const slots: HeldSlot[] = [];
  for (const reader of readers.keys) {
    const context = slotContext({ ...place, caseKey, readerKey: reader.id });
    slots.push({ reader: reader.id, slot: await sealSlot(reader.public, context, seed) });
  }
  const listed = await listSlots(seed, { ...place, version: 1 }, slots);
  seed.fill(0);
  const mark = await caseMark(mailbox.markKey, mailbox.id, { caseId: place.caseId, casePublic });
  return {
    upload: concat(...records.map(({ envelope }) => envelope), ...slots.map(({ slot }) => slot), listed, ...sounds),
    closing: {
      format: "hamrah submission 1",
      case: base64(place.caseId),
      public: base64(casePublic),
      roster: roster.version,
      records: records.map(({ id, kind, envelope }) => ({ id: base64(id), kind, size: envelope.length })),
      readers: slots.map(({ reader }) => base64(reader)),
      listed: listed.length,
      sounds: spoken.map(({ id }, at) => ({ id: base64(id), size: sounds[at]?.length ?? 0 })),
      mailbox: {
        id: base64(mailbox.id), auth: base64(mailbox.auth), kem: base64(mailbox.kem), locator: mailbox.locator, cost: mailbox.cost,
        mark: base64(mark),
      },
      routing: { places: told.routing.places, concern: told.routing.concern, avoid: told.routing.avoid, pair: told.routing.pairOnly },
      language: told.language,
      urgency: told.urgency,
    },
  };
}

/** The closing message as bytes: one way to write it, so that a repeat is known as one. */
export function closingMessage(sealed: SealedReport, sent: { submission: Bytes; revision: number; parts: readonly Bytes[] }): Bytes {
  const { submission, revision, parts } = sent;
  return canonical({ ...sealed.closing, submission: base64(submission), revision, parts: parts.map(base64) });
}

/** What was said and shown, and what its record says of it beside its hash. */
function filesOf({ sounds, pictures }: Told): Spoken[] {
  return [
    ...sounds.map(([ask, { bytes, type, seconds }]) => ({ kind: "voice", bytes, content: { ask, type, seconds } })),
    ...pictures.map(([ask, { bytes }]) => ({ kind: "picture", bytes, content: { ask, type: "image/jpeg" } })),
  ];
}

/** What each record holds, in order: the same as the chat seals (bot/services/report.py). */
function piecesOf(told: Told, spoken: readonly Piece[]): Piece[] {
  const { answers, gist } = told;
  const words = told.words.map(([ask, text]): Piece => {
    return { id: newId(), kind: "words", content: { ask, text: whole(text), edited: false } };
  });
  const cover = {
    v: 1,
    age: answers.age?.[0] ?? "unknown",
    urgency: told.urgency,
    reasons: told.reasons,
    concern: told.routing.concern,
    gist: Object.fromEntries(gist.filter((ask) => answers[ask] !== undefined).map((ask) => [ask, answers[ask]])),
  };
  return [...words, ...spoken, { id: newId(), kind: "answers", content: { answers } }, { id: newId(), kind: "cover", content: cover }];
}
