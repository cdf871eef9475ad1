// Sending: in parts that may be repeated, closed by one message; nothing counts before that (reliability §4b).
// The sealed report stays in memory until the receipt has come, and nowhere else.

import { bigEndian, concat, sha256, type Bytes } from "../sealing/bytes.ts";
import { newId } from "../sealing/context.ts";
import { pause, postBytes, Refused, untilReached } from "./net.ts";
import { closingMessage, type SealedReport } from "./seal.ts";

const PART_BYTES = 256 * 1024;
const MOST_REVISIONS = 5;
/** While somebody floods this door, parts that wait are dropped by chance: then it takes some tries, and is not refused. */
const MOST_TRIES = 20;

export interface Receipt {
  readonly receipt: string;
  /** What the child is told, in the language of the report. */
  readonly lines: readonly string[];
}

/** One upload: its parts, and whatever closes it. */
export class Upload {
  readonly id = newId();
  readonly #parts: string;
  readonly #waiting: (yes: boolean) => void;

  constructor(address: string, waiting: (yes: boolean) => void) {
    this.#parts = `${address}/part`;
    this.#waiting = waiting;
  }

  /** Send `bytes` in parts, and close it; `close` gets their hashes, and is asked again when parts got lost. */
  async deliver<T>(bytes: Bytes, revision: number, close: (parts: readonly Bytes[]) => Promise<T>): Promise<T> {
    const parts: Bytes[] = [];
    for (let at = 0; at < bytes.length; at += PART_BYTES) parts.push(bytes.slice(at, at + PART_BYTES));
    const hashes = await Promise.all(parts.map((part) => sha256(part)));
    let wanted = [...parts.keys()];
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      for (const at of wanted) {
        const body = concat(this.id, bigEndian(revision, 2), bigEndian(at, 2), hashes[at] as Bytes, parts[at] as Bytes);
        await untilReached(() => postBytes(this.#parts, body), this.#waiting);
      }
      try {
        return await untilReached(() => close(hashes), this.#waiting);
      } catch (error) {
        if (!(error instanceof Refused && error.why === "parts")) throw error;
        wanted = error.missing.filter((at) => at < parts.length); // lost on the way, by a restart or in a flood: only those again
      }
    }
    throw new Refused("parts");
  }
}

/** A report on its way.  The revision rises when it had to be sealed anew; the number of the submission stays. */
export class Submission {
  readonly #upload: Upload;
  readonly #close: string;
  readonly #waiting: (yes: boolean) => void;
  #revision = 0;
  #sealed: SealedReport | undefined;

  constructor(address: string, waiting: (yes: boolean) => void) {
    this.#upload = new Upload(address, waiting);
    this.#close = `${address}/close`;
    this.#waiting = waiting;
  }

  /**
   * Seal and send until there is a receipt.  Throws what cannot be mended by trying again here; called once more, it sends
   * the very same bytes, for the server may have them already.
   */
  async send(seal: () => Promise<SealedReport>): Promise<Receipt> {
    for (let tries = 0; tries < MOST_REVISIONS; tries += 1) {
      const sealed = (this.#sealed ??= await untilReached(seal, this.#waiting));
      try {
        return await this.#upload.deliver(sealed.upload, this.#revision, (parts) => {
          return postBytes<Receipt>(this.#close, closingMessage(sealed, { submission: this.#upload.id, revision: this.#revision, parts }));
        });
      } catch (error) {
        if (!(error instanceof Refused && error.why === "readers")) throw error;
        this.#sealed = undefined;
        this.#revision += 1; // the list of officers changed meanwhile: look again, seal anew
        await pause(1000 * 2 ** tries); // replicas take a new list over within seconds
      }
    }
    throw new Refused("readers");
  }
}
