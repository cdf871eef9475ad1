// Seals what make_vectors.py asks for, with the browser's code, so that vectors of both makers stand in one file.
// node make_vectors.mjs <bundle>  reads jobs from standard input and writes what was sealed, base64, in order.

import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";
import { runInThisContext } from "node:vm";

globalThis.crypto ??= webcrypto;
runInThisContext(readFileSync(process.argv[2], "utf8"));
const s = globalThis.hamrahSealing;
const raw = s.fromBase64;
const bytesOf = ["deployment", "caseId", "recordId", "recipient", "previous"];
const contextOf = (given) => ({ ...given, ...Object.fromEntries(bytesOf.map((name) => [name, raw(given[name])])) });

const makers = {
  record: (job) => s.sealRecord(raw(job.public), contextOf(job.context), s.asBytes(job.text)),
  slot: (job) => s.sealSlot(raw(job.public), contextOf(job.context), raw(job.seed)),
  file: (job) => s.sealFile(raw(job.public), contextOf(job.context), new Uint8Array(job.size).fill(job.fill)),
  async reply(job) {
    const context = contextOf(job.context);
    const signed = await s.signReply(raw(job.signingSeed), s.writeReply(context, job.officer, job.day, job.text));
    return s.sealReply(raw(job.public), context, signed);
  },
  list: (job) =>
    s.listSlots(
      raw(job.seed),
      { deployment: raw(job.deployment), caseId: raw(job.caseId), version: job.version, rosterVersion: job.rosterVersion },
      job.slots.map(({ reader, slot }) => ({ reader: raw(reader), slot: raw(slot) })),
    ),
  async wrap(job) {
    const cost = s.readCost(job.cost, s.PASSPHRASE_COST, true);
    const stretched = await s.argon2id(s.passphraseBytes(job.passphrase), raw(job.salt), cost);
    const secrets = { seed: raw(job.seed), signingSeed: raw(job.signingSeed) };
    return s.wrap(secrets, stretched, raw(job.shard), { officer: job.officer, epochKey: raw(job.epochKey) });
  },
};

const made = [];
for (const job of JSON.parse(readFileSync(0, "utf8"))) made.push(s.base64(await makers[job.make](job)));
process.stdout.write(JSON.stringify(made));
