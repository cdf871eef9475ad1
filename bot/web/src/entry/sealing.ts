// Sealing, the report's engine and the look at pictures by themselves: what the tests open the shared vectors and play the
// shared cases with, and what a check of a phone can load.  No page of the service loads it.

import { argon2id } from "../argon.ts";
import { barePicture } from "../jpeg.ts";
import { kindOf } from "../kinds.ts";
import * as engine from "../report/engine.ts";
import { chooseReaders } from "../report/readers.ts";
import { warningsIn } from "../console/warnings.ts";
import * as sealing from "../sealing.ts";

Object.assign(globalThis, {
  hamrahSealing: { ...sealing, argon2id },
  hamrahEngine: { ...engine, chooseReaders, fromHex: sealing.fromHex, hex: sealing.hex },
  hamrahPictures: { barePicture, kindOf },
  hamrahWarnings: { warningsIn },
});
