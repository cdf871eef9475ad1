// The vault: an officer's private key lives here and nowhere else, in a worker without a page (D13).
// It derives, unlocks, opens one slot, signs one reply, makes the next key; it never gives a key away, and empties itself when
// left alone.

import { argon2id } from "../argon.ts";
import { base64, fromBase64, fromHex, hex, random, type Bytes } from "../sealing/bytes.ts";
import { loginProof, passphraseBytes, unwrap, wrap } from "../sealing/officer_keys.ts";
import { newPassphrase } from "../sealing/passphrase.ts";
import { asBytes } from "../sealing/padding.ts";
import { signNote, writeNote } from "../sealing/note.ts";
import { signReply, writeReply } from "../sealing/reply.ts";
import { epochKeyMessage } from "../sealing/roster_document.ts";
import { EPOCH_KEY, newSigningSeed, sign, signingPublic } from "../sealing/signing.ts";
import { SealingError } from "../sealing/errors.ts";
import { openSlot, slotContext } from "../sealing/slot.ts";
import { PASSPHRASE_COST, readCost } from "../sealing/stretch.ts";
import { keyId, newSeed, publicKey } from "../sealing/suite.ts";
import { read, type Ask } from "../vault/messages.ts";
import { Meter } from "../vault/meter.ts";

const IDLE_MS = 15 * 60_000;
const LOOK_MS = 1_000;
const SALT_BYTES = 16;
const EPOCH_S = 90 * 86_400;

/** S28: opening more cases than this in a minute is not reading; the key goes, and the pass phrase is the gesture that brings it back. */
const MOST_PER_MINUTE = 120;

/** `seeds`: private key of each epoch that is not over, by key id in hexadecimal. */
interface Open {
  readonly signingSeed: Bytes;
  readonly officer: string;
  readonly seeds: Map<string, Bytes>;
}

/** A key that was made and is not wrapped yet. */
interface Fresh {
  readonly seed: Bytes;
  readonly key: string;
}

type Answer = Record<string, unknown>;

const meter = new Meter(MOST_PER_MINUTE);
let stretched: Bytes | null = null;
let open: Open | null = null;
let fresh: Fresh | null = null;
let awakeAt = Date.now();

self.addEventListener("message", (event: MessageEvent<unknown>) => void hear(event.data));
self.setInterval(() => {
  if (open !== null && Date.now() - awakeAt >= IDLE_MS) lock("idle");
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
  constructor(readonly why: "locked" | "pace") {
    super(why);
  }
}

function answer(ask: Ask): Answer | Promise<Answer> {
  switch (ask.ask) {
    case "derive":
      return derive(ask);
    case "unlock":
      return unlock(ask);
    case "found":
      return found(ask);
    case "renew":
      return renew(ask);
    case "wrap":
      return wrapFresh(ask);
    case "settle":
      forgetStretched();
      return {};
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
      lock("asked");
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
  if (open === null || open.officer !== ask.officer) {
    open = { signingSeed: secrets.signingSeed, officer: ask.officer, seeds: new Map() };
  }
  open.seeds.set(ask.key, secrets.seed);
  awakeAt = Date.now();
  return {};
}

/** Make everything a new officer needs; the pass phrase is made here too, and told once, so nobody can choose one (S20). */
async function found(ask: Extract<Ask, { ask: "found" }>): Promise<Answer> {
  const cost = readCost(ask.cost, PASSPHRASE_COST);
  const phrase = newPassphrase();
  const salt = random(SALT_BYTES);
  forgetStretched();
  stretched = await argon2id(passphraseBytes(phrase), salt, cost);
  open = { signingSeed: newSigningSeed(), officer: ask.officer, seeds: new Map() };
  awakeAt = Date.now();
  const { signingSeed } = open;
  const made = await renew({ ...ask, ask: "renew" });
  const proof = base64(await loginProof(stretched));
  return { ...made, phrase, salt: base64(salt), proof, signing: base64(await signingPublic(signingSeed)) };
}

/** Make the key of the next epoch and sign it; it leaves the vault wrapped only, and only after `wrap`. */
async function renew(ask: Extract<Ask, { ask: "renew" }>): Promise<Answer> {
  const { signingSeed, officer } = unlocked();
  if (ask.ends <= ask.starts || ask.ends - ask.starts > EPOCH_S) throw new SealingError("Damaged", "too long an epoch");
  const seed = newSeed();
  const made = await publicKey(seed);
  fresh = { seed, key: hex(await keyId(made)) };
  const message = epochKeyMessage(fromHex(ask.deployment), { officer, public: made, starts: ask.starts, ends: ask.ends });
  return { public: base64(made), key: fresh.key, signature: base64(await sign(signingSeed, EPOCH_KEY, message)) };
}

async function wrapFresh(ask: Extract<Ask, { ask: "wrap" }>): Promise<Answer> {
  const { signingSeed, officer, seeds } = unlocked();
  if (stretched === null || fresh === null) throw new Refusal("locked");
  const { seed, key } = fresh;
  const wrapped = await wrap({ seed, signingSeed }, stretched, fromBase64(ask.shard), { officer, epochKey: fromHex(key) });
  seeds.set(key, seed);
  fresh = null;
  return { wrapped: base64(wrapped) };
}

/** What wraps keys is not needed any more until the next unlocking. */
function forgetStretched(): void {
  stretched?.fill(0);
  stretched = null;
}

/** One slot, one case key: whoever holds that reads this case and no other. */
async function openOne(ask: Extract<Ask, { ask: "open" }>): Promise<Answer> {
  const { seeds } = unlocked();
  if (!meter.use(Date.now())) {
    lock("pace");
    throw new Refusal("pace");
  }
  const seed = seeds.get(ask.key);
  if (seed === undefined) throw new SealingError("NotMine", "no such key here");
  const context = slotContext({
    deployment: fromHex(ask.deployment), rosterVersion: ask.roster, caseId: fromHex(ask.case),
    caseKey: fromHex(ask.caseKey), readerKey: fromHex(ask.key),
  });
  return { seed: base64(await openSlot(seed, context, fromBase64(ask.slot))) };
}

/** The payload is written here, so that nothing but a reply is ever signed. */
async function signOne(ask: Extract<Ask, { ask: "sign" }>): Promise<Answer> {
  const { signingSeed, officer } = unlocked();
  const words = new TextDecoder().decode(asBytes(ask.words));
  const context = {
    deployment: fromHex(ask.deployment), rosterVersion: ask.roster, caseId: fromHex(ask.case), recordId: fromHex(ask.record),
    kind: "reply", seq: ask.seq, recipient: fromHex(ask.mailbox), previous: fromHex(ask.previous),
  };
  return { signed: base64(await signReply(signingSeed, writeReply(context, officer, ask.day, words))) };
}

/** Under a label of its own: what is signed here never passes as a reply. */
async function signOneNote(ask: Extract<Ask, { ask: "note" }>): Promise<Answer> {
  const { signingSeed, officer } = unlocked();
  const text = new TextDecoder().decode(asBytes(ask.words));
  const context = {
    deployment: fromHex(ask.deployment), rosterVersion: ask.roster, caseId: fromHex(ask.case), recordId: fromHex(ask.record),
    kind: "note", seq: ask.seq, recipient: fromHex(ask.caseKey), previous: fromHex(ask.previous),
  };
  const payload = writeNote(context, { officer, day: ask.day, what: ask.what, text });
  return { signed: base64(await signNote(signingSeed, payload)) };
}

function unlocked(): Open {
  if (open === null) throw new Refusal("locked");
  return open;
}

/** `why`: "idle", "asked" or "pace". */
function lock(why: string): void {
  for (const seed of open?.seeds.values() ?? []) seed.fill(0);
  open?.signingSeed.fill(0);
  fresh?.seed.fill(0);
  forgetStretched();
  open = null;
  fresh = null;
  self.postMessage({ tell: "locked", why });
}
