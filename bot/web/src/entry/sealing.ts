// Sealing by itself: what the tests open the shared vectors with, and what a check of a phone can load.  No page of
// the service loads it.

import { argon2id } from "../argon.ts";
import * as sealing from "../sealing.ts";

Object.assign(globalThis, { hamrahSealing: { ...sealing, argon2id } });
