// How often the key was used in the last minute: the vault slows a script that would open everything (S28).

const WINDOW_MS = 60_000;

export class Meter {
  private uses: number[] = [];

  constructor(readonly most: number) {}

  /** Count one use, unless the minute is full. */
  use(now: number): boolean {
    this.forget(now);
    if (this.uses.length >= this.most) return false;
    this.uses.push(now);
    return true;
  }

  count(now: number): number {
    this.forget(now);
    return this.uses.length;
  }

  private forget(now: number): void {
    this.uses = this.uses.filter((at) => now - at < WINDOW_MS);
  }
}
