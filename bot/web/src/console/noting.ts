// Sealing what officers write for one another: signed in the vault, sealed to the case key, sent to the case and nowhere else.

import { base64, fromBase64, hex, type Bytes } from "../sealing/bytes.ts";
import { newId } from "../sealing/context.ts";
import { sealNote, type Note } from "../sealing/note.ts";
import { recordHash } from "../sealing/record.ts";
import { contextOf, grown, rosterNow, type Contents } from "./opening.ts";
import type { OpenCase } from "./shapes.ts";
import * as vault from "./vault.ts";

/** `body`: for the server.  `sent`: call it once the server has it, so that the next record follows it. */
export interface SealedNote {
  body: { roster: number; record: { id: string; seq: number; envelope: string } };
  sent(): void;
}

/** Sign and seal one note; nothing is sealed without a roster that the root signed. */
export async function seal(found: OpenCase, into: Contents, said: Note): Promise<SealedNote> {
  const roster = rosterNow();
  if (roster === null) throw new vault.VaultRefused("wrong");
  const note = { ...said, text: said.text.normalize("NFC") };
  const record = { id: hex(newId()), seq: found.seq, kind: "note", roster: roster.version, previous: found.head };
  const context = contextOf(found, record);
  const answer = await vault.ask("note", {
    deployment: hex(context.deployment), roster: roster.version, case: found.id, caseKey: found.key, record: record.id,
    seq: record.seq, previous: found.head, day: note.day, what: note.what, words: note.text,
  });
  const envelope = await sealNote(fromBase64(found.public), context, fromBase64(String(answer.signed)));
  const head: Bytes = await recordHash(envelope);
  return {
    body: { roster: roster.version, record: { id: record.id, seq: record.seq, envelope: base64(envelope) } },
    sent: () => {
      into.notes.push(note);
      grown(found, head);
    },
  };
}

/** The newest note that says `what`, read as an object; none when there is none or it is no object. */
export function newest(contents: Contents, what: string): Record<string, unknown> | null {
  const found = contents.notes.filter((note) => note.what === what).at(-1);
  if (found === undefined) return null;
  try {
    const value: unknown = JSON.parse(found.text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
