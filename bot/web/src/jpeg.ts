// A JPEG reduced to what its pixels need.  Place, camera, comment, thumbnail, colour profile and whatever hangs behind the
// picture lie in parts of their own: none of them is kept (S32), so what is a picture and a page at once is a picture only (S34).

import { concat, type Bytes } from "./sealing/bytes.ts";

export interface Bare {
  readonly bytes: Bytes;
  readonly width: number;
  readonly height: number;
}

/** The longest edge that is sent and shown, in pixels. */
export const MOST_EDGE = 2048;

const [START, END, SCAN] = [0xd8, 0xd9, 0xda];
/** Frames that every browser draws: baseline, extended and progressive. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
/** Tables of the picture: Huffman codes, quantities, restart interval. */
const TABLES = new Set([0xc4, 0xdb, 0xdd]);
/** JFIF, EXIF, XMP, ICC and their like (APP0 to APP15), and comments. */
const dropped = (kind: number): boolean => (kind >= 0xe0 && kind <= 0xef) || kind === 0xfe;

/** Nothing for what is no whole JPEG, or a kind of it that a canvas never writes. */
export function barePicture(file: Bytes): Bare | undefined {
  if (file[0] !== 0xff || file[1] !== START) return undefined;
  const kept = [file.subarray(0, 2)];
  let size: { width: number; height: number } | undefined;
  let scans = 0;
  for (let at = 2; file[at] === 0xff; ) {
    const kind = file[at + 1] ?? 0;
    if (kind === END) return size !== undefined && scans > 0 ? { bytes: concat(...kept, file.subarray(at, at + 2)), ...size } : undefined;
    const length = number(file, at + 2);
    let end = at + 2 + length;
    if (length < 2 || end > file.length) return undefined;
    if (FRAMES.has(kind)) {
      if (size !== undefined || length < 8) return undefined;
      size = { height: number(file, at + 5), width: number(file, at + 7) };
    } else if (kind === SCAN) {
      end = endOfScan(file, end);
      scans += 1;
    } else if (!TABLES.has(kind) && !dropped(kind)) return undefined;
    if (!dropped(kind)) kept.push(file.subarray(at, end));
    at = end;
  }
  return undefined;
}

const number = (file: Bytes, at: number): number => ((file[at] ?? 0) << 8) | (file[at + 1] ?? 0);

/** Inside a scan 0xff is followed by 0 or by a restart mark; anything else begins the next part. */
function endOfScan(file: Bytes, at: number): number {
  for (let end = at; end < file.length - 1; end += 1) {
    const next = file[end + 1] ?? 0;
    if (file[end] === 0xff && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return end;
  }
  return file.length;
}
