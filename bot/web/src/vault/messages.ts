// What the console may ask of the vault, and nothing else: every message is checked before it is acted on (S28).

export type Ask =
  | { n: number; ask: "derive"; phrase: string; salt: string; cost: string }
  | { n: number; ask: "unlock"; wrapped: string; shard: string; officer: string; key: string }
  | { n: number; ask: "found"; deployment: string; officer: string; cost: string; starts: number; ends: number }
  | { n: number; ask: "renew"; deployment: string; starts: number; ends: number }
  | { n: number; ask: "wrap"; shard: string }
  | { n: number; ask: "settle" }
  | { n: number; ask: "open"; deployment: string; roster: number; case: string; caseKey: string; key: string; slot: string }
  | { n: number; ask: "sign"; deployment: string; roster: number; case: string; mailbox: string; record: string; seq: number; previous: string; day: number; words: string }
  | { n: number; ask: "note"; deployment: string; roster: number; case: string; caseKey: string; record: string; seq: number; previous: string; day: number; what: string; words: string }
  | { n: number; ask: "awake" }
  | { n: number; ask: "lock" };

type Check = (value: unknown) => boolean;

const MOST_TEXT = 16_384;
const text: Check = (value) => typeof value === "string" && value.length <= MOST_TEXT;
const whole: Check = (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

const FORMS: Readonly<Record<Ask["ask"], Readonly<Record<string, Check>>>> = {
  derive: { phrase: text, salt: text, cost: text },
  unlock: { wrapped: text, shard: text, officer: text, key: text },
  found: { deployment: text, officer: text, cost: text, starts: whole, ends: whole },
  renew: { deployment: text, starts: whole, ends: whole },
  wrap: { shard: text },
  settle: {},
  open: { deployment: text, roster: whole, case: text, caseKey: text, key: text, slot: text },
  sign: {
    deployment: text, roster: whole, case: text, mailbox: text, record: text, seq: whole, previous: text, day: whole, words: text,
  },
  note: {
    deployment: text, roster: whole, case: text, caseKey: text, record: text, seq: whole, previous: text, day: whole, what: text,
    words: text,
  },
  awake: {},
  lock: {},
};

/** The message, if it is one of ours to the letter; a missing, further or misformed field makes it none. */
export function read(message: unknown): Ask | null {
  if (!isPlain(message) || typeof message.ask !== "string" || !Object.hasOwn(FORMS, message.ask)) return null;
  const form = FORMS[message.ask as Ask["ask"]];
  return exactly(message, { n: whole, ask: text, ...form }) ? (message as Ask) : null;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function exactly(value: Record<string, unknown>, form: Readonly<Record<string, Check>>): boolean {
  const names = Object.keys(value);
  return names.length === Object.keys(form).length && names.every((name) => form[name]?.(value[name]) === true);
}
