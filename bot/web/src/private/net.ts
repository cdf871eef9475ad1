// What the page asks of the server, and what it sends: bytes with one fixed type, never a cookie, never an address that tells.

import type { Bytes } from "../sealing/bytes.ts";

const WITHIN_MS = 60_000;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** The server's answer was no.  `why`: "readers", "parts" and "pictures" can be mended; anything else is a mistake of ours. */
export class Refused extends Error {
  constructor(readonly why: string, readonly missing: readonly number[] = []) {
    super(why);
  }
}

/** Nobody answered, or somebody who could not: worth another try. */
export class Unreached extends Error {}

export async function getJson<T>(address: string): Promise<T> {
  return parsed(await ask(address, {}));
}

/** Bytes, and the server's clock in epoch seconds: a phone's own is often wrong. */
export async function getBytes(address: string): Promise<{ bytes: Bytes; now: number }> {
  const { bytes, head } = await ask(address, {});
  return { bytes, now: Number(head.get("x-time")) };
}

export async function postBytes<T>(address: string, body: Bytes): Promise<T> {
  const headers = { "content-type": "application/octet-stream" };
  return parsed(await ask(address, { method: "POST", headers, body }));
}

interface Answer {
  readonly head: Headers;
  readonly bytes: Bytes;
}

/** An answer counts when all of it is here: a line may be cut between its head and its last byte. */
async function ask(address: string, how: RequestInit): Promise<Answer> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), WITHIN_MS);
  let response: Response;
  let bytes: Bytes;
  try {
    response = await fetch(address, { ...how, credentials: "omit", cache: "no-store", redirect: "error", signal: stop.signal });
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Unreached();
  } finally {
    clearTimeout(timer);
  }
  if (response.status >= 500) throw new Unreached();
  const answer = { head: response.headers, bytes };
  if (response.ok) return answer;
  const told = refusal(answer);
  throw new Refused(told.why ?? String(response.status), told.missing ?? []);
}

/** What is no answer of ours came from something in between, as in a café that wants a sign-in: nobody has answered yet. */
function parsed<T>({ bytes }: Answer): T {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    throw new Unreached();
  }
}

function refusal(answer: Answer): { why?: string; missing?: number[] } {
  try {
    return parsed(answer);
  } catch {
    return {};
  }
}

/** Try until somebody answers: after 1, 2, 4 … 60 s, each a little more or less, so that not all phones come at once. */
export async function untilReached<T>(attempt: () => Promise<T>, waiting: (yes: boolean) => void): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      const answer = await attempt();
      waiting(false);
      return answer;
    } catch (error) {
      if (!(error instanceof Unreached)) throw error;
      waiting(true);
      await pause(wait * (0.75 + Math.random() / 2));
    }
  }
}

/** A while, or until the phone says that it is connected again. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      removeEventListener("online", over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    addEventListener("online", over);
  });
}
