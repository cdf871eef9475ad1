// Stretches one case code and ends: the one script of the private page that may run WebAssembly (S24).

import { argon2id } from "../argon.ts";
import type { Cost } from "../sealing/stretch.ts";

interface Asked {
  readonly secret: Uint8Array;
  readonly salt: Uint8Array;
  readonly cost: Cost;
}

self.addEventListener("message", (event: MessageEvent<Asked>) => {
  const { secret, salt, cost } = event.data;
  argon2id(secret, salt, cost).then(
    (stretched) => self.postMessage(stretched),
    () => self.postMessage(null),
  );
});
