// Listens to the server's stream of news: that something changed, never what.  While it is down, others ask by the clock.

import { address, refuse } from "./net.ts";

/** What a page does about news. */
export interface Heard {
  lists(): void;
  /** A case that is open here stands at `version`, with `seq` records. */
  caseAt(id: string, version: number, seq: number): void;
  /** Ids of colleagues who have it open, and of those of them who write. */
  company(id: string, viewing: readonly string[], typing: readonly string[]): void;
}

/** News that come in a heap are told once, and pages do not all ask in one moment. */
const SETTLE_MS = 300;
const LEAST_MS = 2_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** The server says something every 15 s; after three silences the line is dead. */
const SILENCE_MS = 45_000;
/** Ends after which coming back is of no use: another page took this one's place, or an older release has no stream. */
const FOR_GOOD = new Set(["many", "absent"]);

let heard: Heard | null = null;
let line: AbortController | null = null;
let up = false;
let pause = FIRST_PAUSE_MS;
let again = 0;
let soon = 0;
let toldAt = 0;
let watchdog = 0;

/** Whether news come by themselves now. */
export const isUp = (): boolean => up;

/** Listen from now on, for whoever signed in. */
export function begin(told: Heard): void {
  forget();
  heard = told;
  pause = FIRST_PAUSE_MS;
  void listen();
}

/** Nobody listens any more. */
export function forget(): void {
  heard = null;
  window.clearTimeout(again);
  window.clearTimeout(soon);
  soon = 0;
  hangUp();
}

function hangUp(): void {
  up = false;
  window.clearTimeout(watchdog);
  line?.abort();
  line = null;
}

async function listen(): Promise<void> {
  const ours = new AbortController();
  line = ours;
  stayAwake();
  let why = "";
  try {
    const response = await fetch(address("live"), { headers: { accept: "text/event-stream", "x-quiet": "1" }, signal: ours.signal });
    if (response.ok && response.body !== null) why = await read(response.body.getReader(), ours);
    else if (response.status === 401) why = await reason(response);
    else if (response.status === 404) why = "absent";
  } catch {
    // the line broke, or was hung up
  }
  if (line !== ours) return; // somebody else listens since, or nobody
  hangUp();
  if (why === "locked" || why === "signed_out") refuse(why);
  else if (!FOR_GOOD.has(why)) comeBack();
}

async function reason(response: Response): Promise<string> {
  const told = (await response.json().catch(() => ({}))) as { error?: string };
  return told.error ?? "";
}

/** Each time twice as late, and never all pages at once. */
function comeBack(): void {
  if (heard === null) return;
  again = window.setTimeout(() => void listen(), pause * (0.5 + Math.random()));
  pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
}

/** At once where nothing was told just now; what comes while that waits is part of it. */
function lists(): void {
  if (soon !== 0) return;
  const wait = Math.max(SETTLE_MS * (0.5 + Math.random()), toldAt + LEAST_MS - Date.now());
  soon = window.setTimeout(() => {
    soon = 0;
    toldAt = Date.now();
    heard?.lists();
  }, wait);
}

function stayAwake(): void {
  window.clearTimeout(watchdog);
  watchdog = window.setTimeout(() => line?.abort(), SILENCE_MS);
}

/** Read to the end; why it ended, where the server said so. */
async function read(reader: ReadableStreamDefaultReader<Uint8Array>, ours: AbortController): Promise<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done || line !== ours) return "";
    stayAwake();
    const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const why = take(block);
      if (why !== "") return why;
    }
  }
}

/** One event; a comment is only a sign of life. */
function take(block: string): string {
  const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
  if (name === undefined || data === undefined || heard === null) return "";
  const told = JSON.parse(data) as { id: string; version: number; seq: number; viewing: string[]; typing: string[]; why: string };
  up = true;
  pause = FIRST_PAUSE_MS;
  if (name === "over") return told.why;
  if (name === "lists") lists();
  else if (name === "case") heard.caseAt(told.id, told.version, told.seq);
  else if (name === "company") heard.company(told.id, told.viewing, told.typing);
  return "";
}
