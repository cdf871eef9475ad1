// OGG/Opus from Opus packets (RFC 3533, RFC 7845): what Telegram shows as a voice message and browsers play.

const RATE = 48_000;
const FRAME = 960;
/** Packets in a page: one second. */
const A_PAGE = 50;
const SERIAL = 0x48414d52;
const FIRST = 2;
const LAST = 4;
/** What encoders need before the sound proper, where they do not say (libopus at 48 kHz). */
const USUAL_SKIP = 312;

/** `packets`: 20 ms each; `samples`: how many of them are sound, at 48 kHz; `head`: the encoder's own OpusHead, where it has one. */
export function oggOf(packets: readonly Uint8Array[], samples: number, head?: Uint8Array): Uint8Array<ArrayBuffer> {
  const skip = head && head.length >= 19 ? (head[10] ?? 0) + 256 * (head[11] ?? 0) : USUAL_SKIP;
  const pages = [page([headOf(skip)], 0, 0, FIRST), page([tags()], 0, 1, 0)];
  for (let at = 0; at < packets.length; at += A_PAGE) {
    const last = at + A_PAGE >= packets.length;
    const ends = Math.min((at + A_PAGE) * FRAME, samples + skip);
    pages.push(page(packets.slice(at, at + A_PAGE), ends, pages.length, last ? LAST : 0));
  }
  return joined(pages);
}

/** Whether a file is what we keep: it then stays as it came. */
export function isOggOpus(file: Uint8Array): boolean {
  const begins = (at: number, text: string): boolean => [...text].every((one, n) => file[at + n] === one.charCodeAt(0));
  return begins(0, "OggS") && begins(28, "OpusHead");
}

function headOf(skip: number): Uint8Array {
  const head = new Uint8Array(19);
  head.set(letters("OpusHead"));
  const view = new DataView(head.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, 1);
  view.setUint16(10, skip, true);
  view.setUint32(12, RATE, true);
  return head;
}

function tags(): Uint8Array {
  const vendor = letters("hamrah");
  const told = new Uint8Array(8 + 4 + vendor.length + 4);
  told.set(letters("OpusTags"));
  new DataView(told.buffer).setUint32(8, vendor.length, true);
  told.set(vendor, 12);
  return told;
}

function page(packets: readonly Uint8Array[], position: number, number: number, kind: number): Uint8Array {
  const sizes = packets.flatMap((one) => [...Array<number>(Math.floor(one.length / 255)).fill(255), one.length % 255]);
  const made = joined([new Uint8Array(27), Uint8Array.from(sizes), ...packets]);
  made.set(letters("OggS"));
  const view = new DataView(made.buffer);
  view.setUint8(5, kind);
  view.setBigUint64(6, BigInt(position), true);
  view.setUint32(14, SERIAL, true);
  view.setUint32(18, number, true);
  view.setUint8(26, sizes.length);
  view.setUint32(22, checksum(made), true);
  return made;
}

/** Ogg's own CRC: polynomial 04c11db7, neither reflected nor inverted. */
function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, one) => size + one.length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

function letters(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
