// Writing to the helpers with the code: sealed here to the case's own key, which the code proves, and added to the case once.

import { base64, concat, equal, fromBase64, type Bytes } from "../sealing/bytes.ts";
import type { Head } from "../sealing/chain.ts";
import { canonical } from "../sealing/fields.ts";
import { isTheCasesKey, type Mailbox } from "../sealing/mailbox.ts";
import { newId } from "../sealing/context.ts";
import { keyId } from "../sealing/suite.ts";
import { pause, postBytes, Refused, untilReached } from "./net.ts";
import type { Door, Stored } from "./reading.ts";
import type { Sound } from "./recorder.ts";
import { sealFiles, sealRecords, whole, type Piece } from "./records.ts";
import { Upload } from "./send.ts";

const MOST_REVISIONS = 5;
/** Recordings in one report, those written back included; the twin of MOST_NOTES in bot/core/note.py. */
const MOST_NOTES = 10;

/** What is sent.  `ask`: what the words answer, if anything (S54). */
export interface Outgoing {
  readonly words?: string;
  readonly ask?: "check-question" | "check-answer";
  readonly wish?: "stop" | "none";
  readonly sounds?: readonly Sound[];
}

type Look = () => Promise<Stored | undefined>;

/** An open mailbox that can be written to; everything that came after the code was typed goes through it. */
export class Writing {
  readonly #asking: Bytes;
  readonly #caseId: Bytes;
  readonly #casePublic: Bytes;
  readonly #door: Door;
  readonly #look: Look;
  #head: Head;
  #notes: number;

  /** `asking`: locator, id and proof.  `look`: reads the mailbox again. */
  private constructor(asking: Bytes, caseId: Bytes, at: NonNullable<Stored["write"]>, door: Door, look: Look) {
    this.#asking = asking;
    this.#caseId = caseId;
    this.#casePublic = fromBase64(at.public);
    this.#door = door;
    this.#look = look;
    this.#head = headOf(at);
    this.#notes = at.notes;
  }

  /** None where the mailbox is older than the proof of its case's key; "unsure" where the proof does not hold: a swapped key. */
  static async open(mailbox: Mailbox, stored: Stored, asking: Bytes, door: Door, look: Look): Promise<Writing | "unsure" | undefined> {
    if (stored.write === undefined) return undefined;
    const key = { caseId: fromBase64(stored.case), casePublic: fromBase64(stored.write.public) };
    if (!(await isTheCasesKey(mailbox, key, fromBase64(stored.write.mark)))) return "unsure";
    return new Writing(asking, key.caseId, stored.write, door, look);
  }

  /** How many recordings can still be sent. */
  get left(): number {
    return Math.max(0, MOST_NOTES - this.#notes);
  }

  letter(told: Outgoing): Letter {
    return new Letter(this, told);
  }

  /** What lies in the mailbox now; none when it was closed since.  A key that is not the one proved before is not believed. */
  async refreshed(): Promise<Stored | undefined> {
    const stored = await this.#look();
    if (stored?.write === undefined || !equal(fromBase64(stored.write.public), this.#casePublic)) return undefined;
    this.#head = headOf(stored.write);
    this.#notes = stored.write.notes;
    return stored;
  }

  /** Ciphertext, and what says how it is cut; the list of officers is verified before each seal (S11). */
  async seal(told: Outgoing): Promise<{ upload: Bytes; fields: Readonly<Record<string, unknown>> }> {
    const roster = await this.#door.trust.signed();
    const place = { deployment: roster.deployment, rosterVersion: roster.version, caseId: this.#caseId };
    const target = { place, casePublic: this.#casePublic, caseKey: await keyId(this.#casePublic) };
    const files = (told.sounds ?? []).map(({ bytes, type, seconds }) => ({ kind: "voice", bytes, content: { ask: "", type, seconds } }));
    const { sounds, spoken } = await sealFiles(target, files);
    const { records } = await sealRecords(target, [...messages(told), ...spoken], this.#head);
    return {
      upload: concat(...records.map(({ envelope }) => envelope), ...sounds),
      fields: {
        format: "hamrah message 1",
        asking: base64(this.#asking),
        seq: this.#head.count,
        roster: roster.version,
        records: records.map(({ id, kind, envelope }) => ({ id: base64(id), kind, size: envelope.length })),
        sounds: spoken.map(({ id }, at) => ({ id: base64(id), size: sounds[at]?.length ?? 0 })),
        wish: told.wish ?? "",
      },
    };
  }

  get door(): Door {
    return this.#door;
  }
}

/** One message on its way.  Sent again, it is the same message: whatever got lost, it is kept once. */
export class Letter {
  readonly #writing: Writing;
  readonly #told: Outgoing;
  readonly #upload: Upload;
  #revision = 0;
  #sealed: Awaited<ReturnType<Writing["seal"]>> | undefined;

  constructor(writing: Writing, told: Outgoing) {
    this.#writing = writing;
    this.#told = told;
    this.#upload = new Upload(writing.door.report, writing.door.waiting);
  }

  /** Until it is kept.  Throws `Refused` "gone" when the mailbox was closed meanwhile, and what cannot be mended here. */
  async send(): Promise<void> {
    const { report, waiting } = this.#writing.door;
    for (let tries = 0; tries < MOST_REVISIONS; tries += 1) {
      const sealed = (this.#sealed ??= await untilReached(() => this.#writing.seal(this.#told), waiting));
      const close = async (parts: readonly Bytes[]): Promise<void> => {
        const sent = { submission: base64(this.#upload.id), revision: this.#revision, parts: parts.map(base64) };
        const answer = await postBytes<{ kept?: true; why?: string; missing?: number[] }>(`${report}/message`, canonical({ ...sealed.fields, ...sent }));
        if (answer.kept !== true) throw new Refused(answer.why ?? "other", answer.missing ?? []);
      };
      try {
        return await this.#upload.deliver(sealed.upload, this.#revision, close);
      } catch (error) {
        if (!(error instanceof Refused && error.why === "moved")) throw error;
      }
      // Somebody wrote meanwhile, or the list of officers changed: look again, seal anew.
      this.#sealed = undefined;
      this.#revision += 1;
      await pause(250 * 2 ** tries);
      if ((await this.#writing.refreshed()) === undefined) throw new Refused("gone");
    }
    throw new Refused("moved");
  }
}

function messages({ words, ask, wish }: Outgoing): Piece[] {
  if (wish !== undefined) return [{ id: newId(), kind: "message", content: { wish } }];
  if (words === undefined || words === "") return [];
  const text = whole(words);
  return [{ id: newId(), kind: "message", content: ask === undefined ? { text } : { text, ask } }];
}

function headOf({ seq, head }: NonNullable<Stored["write"]>): Head {
  return { count: seq, last: fromBase64(head) };
}
