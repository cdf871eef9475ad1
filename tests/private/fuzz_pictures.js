// Files by chance, through what decides whether a file is a picture, and through what leaves only its pixels.
// `fuzzPictures({ seeds, refused, count, chance })`: seeds and refused files as base64; returns what went wrong, and how many of each kind.

globalThis.fuzzPictures = ({ seeds, refused, count, chance }) => {
  const { kindOf, barePicture } = globalThis.hamrahPictures;
  const read = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const files = seeds.map(read);
  const others = refused.map(read);
  let state = chance >>> 0;
  const next = () => { // mulberry32: the same files on each machine
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  const pick = (list) => list[below(list.length)];
  const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const noise = () => Uint8Array.from({ length: below(400) }, () => below(256));
  const at = (file) => (next() < 0.5 ? below(Math.min(64, file.length + 1)) : below(file.length + 1));
  const changes = [
    (file) => { const made = file.slice(); if (made.length > 0) made[Math.min(at(file), made.length - 1)] ^= 1 << below(8); return made; },
    (file) => { const made = file.slice(); if (made.length > 0) made[Math.min(at(file), made.length - 1)] = below(256); return made; },
    (file) => file.slice(0, at(file)),
    (file) => file.slice(at(file)),
    (file) => { const where = at(file); return joined(file.subarray(0, where), noise(), file.subarray(where)); },
    (file) => { const where = at(file); return joined(file.subarray(0, where), file.subarray(where + below(200))); },
    (file) => { const other = pick([...files, ...others]); return joined(file.subarray(0, at(file)), other.subarray(at(other))); },
    (file) => joined(file, noise()),
    (file) => joined(pick(files).subarray(0, 12), file.subarray(Math.min(12, file.length))),
  ];
  const changed = (file) => { let made = file; for (let n = 1 + below(4); n > 0; n -= 1) made = pick(changes)(made); return made; };

  // The allow-list once more, by bytes: what is none of these must be no picture.
  const begins = (file, bytes, from = 0) => bytes.every((byte, n) => file[from + n] === byte);
  const letters = (text) => [...text].map((c) => c.charCodeAt(0));
  const allowed = (file) => {
    if (begins(file, [0xff, 0xd8, 0xff])) return "image/jpeg";
    if (begins(file, [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])) return "image/png";
    if (begins(file, letters("RIFF")) && begins(file, letters("WEBP"), 8)) return "image/webp";
    if (["ftypheic", "ftypheix", "ftyphevc", "ftypmif1"].some((kind) => begins(file, letters(kind), 4))) return "image/heic";
    return undefined;
  };
  /** Markers of parts in a JPEG that are no part of a picture; found by looking, not by walking as the code does. */
  const strangers = (bytes) => {
    const found = [];
    let where = 2;
    while (where < bytes.length - 2) {
      const kind = bytes[where + 1];
      if (bytes[where] !== 0xff || ![0xc0, 0xc1, 0xc2, 0xc4, 0xdb, 0xdd, 0xda].includes(kind)) { found.push(where); break; }
      where += 2 + bytes[where + 2] * 256 + bytes[where + 3];
      if (kind === 0xda) while (where < bytes.length - 1 && !(bytes[where] === 0xff && bytes[where + 1] !== 0 && (bytes[where + 1] & 0xf8) !== 0xd0)) where += 1;
    }
    return found;
  };

  const wrong = [];
  const kinds = {};
  let bare = 0;
  for (let number = 0; number < count; number += 1) {
    const by = next();
    const file = by < 0.1 ? noise() : changed(by < 0.7 ? pick(files) : pick(others));
    try {
      const kind = kindOf(file);
      if (kind !== allowed(file)) wrong.push(`file ${number}: ${kind} is not ${allowed(file)}`);
      kinds[kind ?? "none"] = (kinds[kind ?? "none"] ?? 0) + 1;
      const pixels = barePicture(file);
      if (pixels === undefined) continue;
      bare += 1;
      const { bytes } = pixels;
      const again = barePicture(bytes)?.bytes;
      if (bytes.length > file.length) wrong.push(`file ${number}: it grew`);
      if (!begins(bytes, [0xff, 0xd8]) || !begins(bytes, [0xff, 0xd9], bytes.length - 2)) wrong.push(`file ${number}: not whole`);
      if (strangers(bytes).length > 0) wrong.push(`file ${number}: a part that is no picture`);
      if (again === undefined || again.length !== bytes.length || again.some((byte, n) => byte !== bytes[n])) wrong.push(`file ${number}: not bare at once`);
    } catch (error) {
      wrong.push(`file ${number}: ${error}`);
    }
  }
  return { wrong, kinds, bare, count };
};
