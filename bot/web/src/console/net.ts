// Talks to our own server: JSON in and out, the session's token on every change, one key for each action and its retries.

export interface Refusal {
  error: string;
  [more: string]: unknown;
}

/** The server said no; `status` 0 means that no answer came. */
export class Refused extends Error {
  constructor(readonly status: number, readonly answer: Refusal) {
    super(answer.error);
  }
}

let token = "";
let base = "/";

/** Where the console is mounted; its addresses are relative to it. */
export function setBase(path: string): void {
  base = path.endsWith("/") ? path : `${path}/`;
}

export const address = (path: string): string => base + path;

/** The token that changes must carry, handed out with the session (S22). */
export function setToken(value: string): void {
  token = value;
}

/** Called when the server no longer knows us: "locked" (the pass phrase is needed) or "signed_out". */
let onShut: (why: string) => void = () => undefined;

export function listen(shut: (why: string) => void): void {
  onShut = shut;
}

/** Fetch something; `quiet` says that nobody pressed anything, so that a session left alone still ends. */
export async function get<T>(path: string, quiet = false): Promise<T> {
  return answered<T>(fetch(address(path), { headers: quiet ? { "x-quiet": "1" } : {} }));
}

/** Fetch something sealed that is too large for a text. */
export async function getBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return bytesOf(fetch(address(path)));
}

/** The same, where fetching leaves a trace. */
export async function postForBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return bytesOf(fetch(address(path), { method: "POST", headers: { "content-type": "application/json", "x-token": token }, body: "{}" }));
}

async function bytesOf(sent: Promise<Response>): Promise<Uint8Array<ArrayBuffer>> {
  const response = await sent.catch(() => undefined);
  if (response?.ok !== true) return answered(sent);
  return new Uint8Array(await response.arrayBuffer());
}

/** Do something.  `key` makes repeating it harmless; the same key for the same action, also after a lost connection. */
export async function post<T>(path: string, body: unknown, key = "", more: RequestInit = {}): Promise<T> {
  const headers: Record<string, string> = { "content-type": "application/json", "x-token": token };
  if (key !== "") headers["idempotency-key"] = key;
  return answered<T>(fetch(address(path), { ...more, method: "POST", headers, body: JSON.stringify(body) }));
}

async function answered<T>(sent: Promise<Response>): Promise<T> {
  let response: Response;
  try {
    response = await sent;
  } catch {
    throw new Refused(0, { error: "offline" });
  }
  const answer: unknown = await response.json().catch(() => ({ error: "unforeseen" }));
  if (!response.ok) throw refused(response.status, answer as Refusal);
  return answer as T;
}

/** The server said that the session is over or locked. */
export function refuse(why: string): void {
  onShut(why);
}

function refused(status: number, answer: Refusal): Refused {
  if (status === 401 && (answer.error === "locked" || answer.error === "signed_out")) onShut(answer.error);
  return new Refused(status, answer);
}

export function newKey(): string {
  return crypto.randomUUID();
}
