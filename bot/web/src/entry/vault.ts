// The vault: an officer's private key lives here and nowhere else, in a worker without a page (D13).
// It derives, unlocks, opens one slot, signs one reply; it never gives the key away, and empties itself when left alone.

import { argon2id } from "../argon.ts";
import { base64, fromBase64, fromHex, hex, type Bytes } from "../sealing/bytes.ts";
import { loginProof, passphraseBytes, unwrap, type OfficerSecrets } from "../sealing/officer_keys.ts";
import { asBytes } from "../sealing/padding.ts";
import { signNote, writeNote } from "../sealing/note.ts";
import { signReply, writeReply } from "../sealing/reply.ts";
import { SealingError } from "../sealing/errors.ts";
import { openSlot, slotContext } from "../sealing/slot.ts";
import { PASSPHRASE_COST, readCost } from "../sealing/stretch.ts";
import { keyId, publicKey } from "../sealing/suite.ts";
import { read, type Ask } from "../vault/messages.ts";
import { Meter } from "../vault/meter.ts";

const IDLE_MS = 15 * 60_000;
const LOOK_MS = 1_000;

/** S28: opening more cases than this in a minute is not reading. */
const MOST_PER_MINUTE = 120;

interface Open {
  readonly secrets: OfficerSecrets;
  readonly officer: string;
  readonly key: Bytes;
}

type Answer = Record<string, unknown>;

const meter = new Meter(MOST_PER_MINUTE);
let stretched: Bytes | null = null;
let open: Open | null = null;
let awakeAt = Date.now();

self.addEventListener("message", (event: MessageEvent<unknown>) => void hear(event.data));
self.setInterval(() => {
  if (open !== null && Date.now() - awakeAt >= IDLE_MS) lock();
}, LOOK_MS);

async function hear(message: unknown): Promise<void> {
  const ask = read(message);
  if (ask === null) {
    self.postMessage({ n: -1, refused: "ask" });
    return;
  }
  try {
    self.postMessage({ n: ask.n, ...(await answer(ask)), used: meter.count(Date.now()), most: meter.most });
  } catch (error) {
    self.postMessage({ n: ask.n, refused: error instanceof Refusal ? error.why : "wrong" });
  }
}

class Refusal extends Error {
  constructor(readonly why: "locked" | "slow") {
    super(why);
  }
}

function answer(ask: Ask): Answer | Promise<Answer> {
  switch (ask.ask) {
    case "derive":
      return derive(ask);
    case "unlock":
      return unlock(ask);
    case "open":
      return openOne(ask);
    case "sign":
      return signOne(ask);
    case "note":
      return signOneNote(ask);
    case "awake":
      awakeAt = Date.now();
      return {};
    case "lock":
      lock();
      return {};
  }
}

/** Stretch the pass phrase once; the proof goes to the server, what unwraps the key stays here until it has. */
async function derive(ask: Extract<Ask, { ask: "derive" }>): Promise<Answer> {
  const cost = readCost(ask.cost, PASSPHRASE_COST);
  stretched = await argon2id(passphraseBytes(ask.phrase), fromBase64(ask.salt), cost);
  return { proof: base64(await loginProof(stretched)) };
}

async function unlock(ask: Extract<Ask, { ask: "unlock" }>): Promise<Answer> {
  if (stretched === null) throw new Refusal("locked");
  const key = fromHex(ask.key);
  const owner = { officer: ask.officer, epochKey: key };
  const secrets = await unwrap(fromBase64(ask.wrapped), stretched, fromBase64(ask.shard), owner);
  if (hex(await keyId(await publicKey(secrets.seed))) !== ask.key) throw new SealingError("NotMine", "another key");
  stretched.fill(0);
  stretched = null;
  open = { secrets, officer: ask.officer, key };
  awakeAt = Date.now();
  return {};
}

/** One slot, one case key: whoever holds that reads this case and no other. */
async function openOne(ask: Extract<Ask, { ask: "open" }>): Promise<Answer> {
  const { secrets, key } = unlocked();
  if (!meter.use(Date.now())) throw new Refusal("slow");
  const context = slotContext({
    deployment: fromHex(ask.deployment), rosterVersion: ask.roster, caseId: fromHex(ask.case),
    caseKey: fromHex(ask.caseKey), readerKey: key,
  });
  return { seed: base64(await openSlot(secrets.seed, context, fromBase64(ask.slot))) };
}

/** The payload is written here, so that nothing but a reply is ever signed. */
async function signOne(ask: Extract<Ask, { ask: "sign" }>): Promise<Answer> {
  const { secrets, officer } = unlocked();
  const words = new TextDecoder().decode(asBytes(ask.words));
  const context = {
    deployment: fromHex(ask.deployment), rosterVersion: ask.roster, caseId: fromHex(ask.case), recordId: fromHex(ask.record),
    kind: "reply", seq: ask.seq, recipient: fromHex(ask.mailbox), previous: fromHex(ask.previous),
  };
  return { signed: base64(await signReply(secrets.signingSeed, writeReply(context, officer, ask.day, words))) };
}

/** Under a label of its own: what is signed here never passes as a reply. */
async function signOneNote(ask: Extract<Ask, { ask: "note" }>): Promise<Answer> {
  const { secrets, officer } = unlocked();
  const text = new TextDecoder().decode(asBytes(ask.words));
  const context = {
    deployment: fromHex(ask.deployment), rosterVersion: ask.roster, caseId: fromHex(ask.case), recordId: fromHex(ask.record),
    kind: "note", seq: ask.seq, recipient: fromHex(ask.caseKey), previous: fromHex(ask.previous),
  };
  const payload = writeNote(context, { officer, day: ask.day, what: ask.what, text });
  return { signed: base64(await signNote(secrets.signingSeed, payload)) };
}

function unlocked(): Open {
  if (open === null) throw new Refusal("locked");
  return open;
}

function lock(): void {
  open?.secrets.seed.fill(0);
  open?.secrets.signingSeed.fill(0);
  stretched?.fill(0);
  open = null;
  stretched = null;
  self.postMessage({ tell: "locked" });
}
