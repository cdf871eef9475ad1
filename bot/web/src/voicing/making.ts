// A recording or a file as a clip: OGG/Opus in mono, levelled; a file that is OGG/Opus already stays as it is.

import { levelled, measure } from "./level.ts";
import { isOggOpus, oggOf } from "./ogg.ts";

const RATE = 48_000;
const FRAME = 960;
const BITS_PER_SECOND = 24_000;

export interface Clip {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly seconds: number;
  readonly level: number;
}

/** Why there is no clip: the word names a text of the page. */
export class Unfit extends Error {
  constructor(readonly why: string) {
    super(why);
  }
}

/** `ready`: the file was made elsewhere; it is kept as it is where that is possible.  Throws `Unfit`. */
export async function clipOf(file: Blob, ready: boolean): Promise<Clip> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const samples = await decoded(bytes);
  const { level, clipped } = measure(samples);
  if (level === -99) throw new Unfit("noSilent");
  if (clipped) throw new Unfit("noLoud");
  if (ready && isOggOpus(bytes)) return { bytes, seconds: samples.length / RATE, level };
  const even = levelled(samples);
  if (typeof AudioEncoder === "undefined") {
    if (isOggOpus(bytes)) return { bytes, seconds: samples.length / RATE, level };
    throw new Unfit("noEncoder");
  }
  return { bytes: await encoded(even), seconds: even.length / RATE, level: measure(even).level };
}

/** One channel at 48 kHz, whatever the file is; `Unfit` where the browser plays no such file. */
async function decoded(bytes: Uint8Array<ArrayBuffer>): Promise<Float32Array<ArrayBuffer>> {
  let heard: AudioBuffer;
  try {
    heard = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes.slice().buffer);
  } catch {
    throw new Unfit("unheard");
  }
  if (heard.length === 0) throw new Unfit("unheard");
  const mono = new Float32Array(heard.length);
  for (let channel = 0; channel < heard.numberOfChannels; channel += 1) {
    heard.getChannelData(channel).forEach((one, at) => { mono[at] = (mono[at] ?? 0) + one / heard.numberOfChannels; });
  }
  return mono;
}

async function encoded(samples: Float32Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packets: Uint8Array[] = [];
  let head: Uint8Array | undefined;
  let wrong: DOMException | undefined;
  const encoder = new AudioEncoder({
    output: (chunk, told) => {
      const packet = new Uint8Array(chunk.byteLength);
      chunk.copyTo(packet);
      packets.push(packet);
      const description = told?.decoderConfig?.description;
      if (description instanceof ArrayBuffer) head = new Uint8Array(description);
    },
    error: (fault) => { wrong = fault; },
  });
  try {
    encoder.configure({ codec: "opus", sampleRate: RATE, numberOfChannels: 1, bitrate: BITS_PER_SECOND });
    for (let at = 0; at < samples.length; at += FRAME) {
      const data = new Float32Array(FRAME); // the last frame is filled up with silence
      data.set(samples.subarray(at, at + FRAME));
      const frame = { format: "f32-planar", sampleRate: RATE, numberOfFrames: FRAME, numberOfChannels: 1, data } as const;
      const sound = new AudioData({ ...frame, timestamp: Math.round((at / RATE) * 1e6) });
      encoder.encode(sound);
      sound.close();
    }
    await encoder.flush();
  } catch {
    throw new Unfit("noEncoder");
  }
  encoder.close();
  if (wrong !== undefined || packets.length === 0) throw new Unfit("noEncoder");
  return oggOf(packets, samples.length, head);
}
