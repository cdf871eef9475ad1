// How loud a voice is, and a voice brought to the level of all others.

const BLOCK = 2_400; // 50 ms at 48 kHz
const QUIET = 10 ** (-55 / 20);
const WANTED = 10 ** (-20 / 20);
const MOST = 10 ** (-1 / 20);
/** Twenty-four decibels: more would raise the noise of a room to the level of a voice. */
const MOST_GAIN = 10 ** (24 / 20);
const CLIPPED = 0.995;
const CLIPPED_PART = 0.002;
const KEPT = 9_600; // 0.2 s of silence at both ends

export interface Measured {
  /** Mean level of what is spoken, in decibels below full scale; -99 where nothing is. */
  readonly level: number;
  readonly clipped: boolean;
}

export function measure(samples: Float32Array): Measured {
  let power = 0;
  let spoken = 0;
  let clipped = 0;
  for (let at = 0; at < samples.length; at += BLOCK) {
    const block = samples.subarray(at, at + BLOCK);
    const mean = meanPower(block);
    for (const one of block) if (Math.abs(one) > CLIPPED) clipped += 1;
    if (Math.sqrt(mean) < QUIET) continue;
    power += mean * block.length;
    spoken += block.length;
  }
  const level = spoken === 0 ? -99 : Math.round(10 * Math.log10(power / spoken));
  return { level, clipped: spoken > 0 && clipped / spoken > CLIPPED_PART };
}

/** The voice without silence around it, as loud as all others, where its noise and its peaks allow. */
export function levelled(samples: Float32Array): Float32Array<ArrayBuffer> {
  const [begin, end] = ends(samples);
  const cut = samples.slice(begin, end);
  const { level } = measure(cut);
  const peak = cut.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  if (level === -99 || peak === 0) return cut;
  const gain = Math.min(WANTED / 10 ** (level / 20), MOST / peak, MOST_GAIN);
  return cut.map((one) => one * gain);
}

function ends(samples: Float32Array): [number, number] {
  let first = samples.length;
  let last = 0;
  for (let at = 0; at < samples.length; at += BLOCK) {
    if (Math.sqrt(meanPower(samples.subarray(at, at + BLOCK))) < QUIET) continue;
    first = Math.min(first, at);
    last = at + BLOCK;
  }
  if (last === 0) return [0, samples.length];
  return [Math.max(0, first - KEPT), Math.min(samples.length, last + KEPT)];
}

function meanPower(block: Float32Array): number {
  let sum = 0;
  for (const one of block) sum += one * one;
  return block.length === 0 ? 0 : sum / block.length;
}
