// The checks that each case of tests/sealing/vectors.json names, in the browser; tests/sealing/vectors.py is the same
// in Python.  `runVectors(book)` resolves to the names of the cases that failed, with what they gave.

const s = globalThis.hamrahSealing;
const raw = s.fromBase64;
const sha = async (bytes) => s.hex(await s.sha256(bytes));
const utf8 = (text) => new TextEncoder().encode(text);

const contextOf = (given) => ({
  ...given,
  deployment: raw(given.deployment),
  caseId: raw(given.caseId),
  recordId: raw(given.recordId),
  recipient: raw(given.recipient),
  previous: raw(given.previous),
});

/** What somebody did to an envelope on its way. */
function edited(envelope, edits) {
  let bytes = envelope.slice();
  for (const edit of edits) {
    if ("flip" in edit) bytes[edit.flip] ^= 1;
    else if ("put" in edit) bytes.set(raw(edit.put), edit.at);
    else if ("cut" in edit) bytes = bytes.slice(0, edit.cut);
    else if ("add" in edit) bytes = s.concat(bytes, raw(edit.add));
    else if ("swap" in edit) {
      const blocks = [];
      for (let at = edit.from; at < bytes.length; at += edit.size) blocks.push(bytes.slice(at, at + edit.size));
      const [one, other] = edit.swap;
      [blocks[one], blocks[other]] = [blocks[other], blocks[one]];
      bytes = s.concat(bytes.slice(0, edit.from), ...blocks);
    }
  }
  return bytes;
}

function patterned({ repeat, size }) {
  const pattern = raw(repeat);
  return Uint8Array.from({ length: size }, (_, at) => pattern[at % pattern.length]);
}

const head = (given) => given && { count: given.count, last: raw(given.last) };

const checks = {
  async key({ seed }) {
    const publicBytes = await s.publicKey(raw(seed));
    return { public: await sha(publicBytes), id: s.hex(await s.keyId(publicBytes)) };
  },
  async text({ json }) {
    return { bytes: s.base64(s.asBytes(JSON.parse(json))) };
  },
  async padding({ text, reply }) {
    const bytes = patterned(text);
    const buckets = reply ? s.REPLY : s.TEXT;
    const padded = s.pad(bytes, buckets);
    return { padded: await sha(padded), size: padded.length, back: s.equal(s.unpad(padded, buckets), bytes) };
  },
  async unpadding({ size, edits }) {
    return { text: s.base64(s.unpad(edited(new Uint8Array(size), edits))) };
  },
  async record({ seed, context, envelope, edits }) {
    const bytes = edited(raw(envelope), edits);
    const text = await s.openRecord(raw(seed), contextOf(context), bytes);
    return { text: s.asWords(text), hash: s.hex(await s.recordHash(bytes)) };
  },
  async slot({ seed, context, slot, edits }) {
    return { seed: s.base64(await s.openSlot(raw(seed), contextOf(context), edited(raw(slot), edits))) };
  },
  async file({ seed, context, envelope, edits }) {
    const content = await s.openFile(raw(seed), contextOf(context), edited(raw(envelope), edits));
    return { content: await sha(content), size: content.length };
  },
  async code({ typed }) {
    const read = s.parseCode(typed);
    if (!(read instanceof s.CaseCode)) return { why: read.why, digits: read.digits };
    return { code: read.reveal(), locator: read.locator, display: read.display() };
  },
  async mailbox({ stretched }) {
    const mailbox = await s.mailboxFrom(raw(stretched));
    return {
      id: s.hex(mailbox.id),
      auth: s.hex(mailbox.auth),
      kemPublic: await sha(mailbox.kemPublic),
      kemPrivate: s.hex(mailbox.kemPrivate),
    };
  },
  async "case mark"({ stretched, caseId, caseSeed, mark }) {
    const mailbox = await s.mailboxFrom(raw(stretched));
    const key = { caseId: raw(caseId), casePublic: await s.publicKey(raw(caseSeed)) };
    const made = await s.caseMark(await s.caseMarkKey(mailbox), mailbox.id, key);
    return { mark: s.hex(made), holds: await s.isTheCasesKey(mailbox, key, raw(mark)) };
  },
  async argon({ secret, salt, cost }) {
    const read = s.readCost(cost, s.CODE_COST, true);
    return { stretched: s.hex(await s.argon2id(s.ascii(secret), raw(salt), read)) };
  },
  async cost({ cost }) {
    const { passes, memoryKib } = s.readCost(cost);
    return { passes, memoryKib };
  },
  async expand({ stretched, label }) {
    return { key: s.hex(await s.expand(raw(stretched), label)) };
  },
  async canonical({ json }) {
    return { bytes: s.base64(s.canonical(JSON.parse(json))) };
  },
  async signature({ seed, label, message }) {
    const publicBytes = await s.signingPublic(raw(seed));
    return { public: s.hex(publicBytes), signature: s.hex(await s.sign(raw(seed), utf8(label), raw(message))) };
  },
  async verification({ public: publicBytes, label, message, signature }) {
    return { holds: await s.signedBy(raw(publicBytes), utf8(label), raw(message), raw(signature)) };
  },
  async fingerprint({ document }) {
    const { root, deployment } = s.readRoot(s.readDocument(utf8(document)).body);
    return { fingerprint: s.hex(await s.rootFingerprint(deployment, root)) };
  },
  async roster({ document, fingerprint, now, newestSeen }) {
    const roster = await s.verifyRoster(utf8(document), s.readFingerprint(fingerprint), now, newestSeen);
    const living = roster.officers.map((officer) => {
      const key = s.livingKey(officer, now);
      return [officer.id, key ? s.hex(key.id) : null];
    });
    return {
      version: roster.version,
      living: Object.fromEntries(living),
      teams: Object.fromEntries(roster.teams.map((team) => [team.id, team.officers])),
      suspended: roster.officers.filter((officer) => officer.suspended).map((officer) => officer.id),
      recovery: roster.recovery ? s.hex(roster.recovery.id) : null,
    };
  },
  async rosters({ documents, fingerprint, now, later }) {
    const living = new s.LivingRoster(s.readFingerprint(fingerprint));
    for (const document of documents) await living.load(utf8(document), now);
    return { version: living.current(later).version };
  },
  async reply({ seed, context, envelope, edits, document, fingerprint, now }) {
    const roster = await s.verifyRoster(utf8(document), s.readFingerprint(fingerprint), now);
    return s.openReply(raw(seed), contextOf(context), edited(raw(envelope), edits), roster);
  },
  async chain({ links, seen, after }) {
    const read = links.map((link) => ({ context: contextOf(link.context), envelope: raw(link.envelope) }));
    const end = await s.checkChain(read, head(after) ?? s.START, head(seen) ?? undefined);
    return "why" in end ? { broken: end.why, seq: end.seq } : { count: end.count, last: s.hex(end.last) };
  },
  async "slot list"({ seed, listed, deployment, caseId, present }) {
    const held = present.map(({ reader, slot }) => ({ reader: raw(reader), slot: raw(slot) }));
    const place = { deployment: raw(deployment), caseId: raw(caseId) };
    const check = await s.checkSlots(raw(seed), raw(listed), place, held);
    return { ...check, extra: [...check.extra].sort(), changed: [...check.changed].sort(), missing: [...check.missing].sort() };
  },
  async passphrase({ typed }) {
    return { passphrase: s.readPassphrase(typed) ?? null };
  },
  async "officer keys"({ passphrase, salt, cost, wrapped, shard, officer, epochKey }) {
    const read = s.readCost(cost, s.PASSPHRASE_COST, true);
    const stretched = await s.argon2id(s.passphraseBytes(passphrase), raw(salt), read);
    const own = await s.unwrap(raw(wrapped), stretched, raw(shard), { officer, epochKey: raw(epochKey) });
    const proof = s.hex(await s.loginProof(stretched));
    return { seed: s.hex(own.seed), signingSeed: s.hex(own.signingSeed), loginProof: proof };
  },
  async padme({ length }) {
    return { size: s.padme(length) };
  },
  async leaf({ json }) {
    return { hash: s.hex(await s.leafHash(JSON.parse(json))) };
  },
  async consistency({ old, new: now, proof }) {
    const heads = [old, now].map(({ size, root }) => ({ size, root: raw(root) }));
    return { holds: await s.checkConsistency(heads[0], heads[1], proof.map(raw)) };
  },
  async inclusion({ leaf, index, log, proof }) {
    return { holds: await s.checkInclusion(raw(leaf), index, { size: log.size, root: raw(log.root) }, proof.map(raw)) };
  },
};

async function run({ check, given }) {
  try {
    return await checks[check](given);
  } catch (error) {
    if (error instanceof s.SealingError) return { refused: error.why };
    return { threw: String(error) };
  }
}

const sorted = (value) => JSON.stringify(value, (_, inner) =>
  inner && typeof inner === "object" && !Array.isArray(inner)
    ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
    : inner);

/** `value` with its long texts, which the file holds once, in their places. */
function whole(value, long) {
  if (typeof value === "string") return Object.hasOwn(long, value) ? long[value] : value;
  if (Array.isArray(value)) return value.map((inner) => whole(inner, long));
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, whole(inner, long)]));
}

globalThis.runVectors = async (book) => {
  const cases = whole(book.cases, book.long);
  const failed = [];
  for (const each of cases) {
    const gave = await run(each);
    if (sorted(gave) !== sorted(each.gives)) failed.push({ name: each.name, gave });
  }
  return { opened: cases.length, failed };
};
