// Signed JSON: one way to write it, and a reader that takes nothing for granted.

import { type Bytes, fromBase64 } from "./bytes.ts";
import { SealingError } from "./errors.ts";
import { asWords } from "./padding.ts";

/** Keys sorted, no spaces, UTF-8, as given: the bytes that are signed, the same as Python's. */
export function canonical(value: unknown): Bytes {
  const text = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
  return new TextEncoder().encode(text);
}

export function parseObject(text: Uint8Array, mostBytes: number): Fields {
  if (text.length > mostBytes) throw malformed(`${text.length} bytes is more than ${mostBytes}`);
  let value: unknown;
  try {
    value = JSON.parse(asWords(text));
  } catch {
    throw malformed("not JSON");
  }
  return new Fields(value, "document");
}

/** A JSON object, read field by field; errors name the field, never its value. */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #where: string;

  constructor(value: unknown, where: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(`${where} is not an object`);
    this.#value = value as Record<string, unknown>;
    this.#where = where;
  }

  /** A whole number from 0 to 2^53 - 1. */
  number(name: string): number {
    const value = this.#own(name);
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw this.#not(name, "a number");
    return value as number;
  }

  text(name: string): string {
    const value = this.#own(name);
    if (typeof value !== "string") throw this.#not(name, "text");
    return value;
  }

  truth(name: string): boolean {
    const value = this.#own(name);
    if (typeof value !== "boolean") throw this.#not(name, "true or false");
    return value;
  }

  /** Bytes written in base64, exactly `size` of them if given. */
  raw(name: string, size?: number): Bytes {
    return this.#decoded(this.text(name), name, size);
  }

  /** A list of such bytes. */
  raws(name: string, size: number): Bytes[] {
    return this.words(name).map((text) => this.#decoded(text, name, size));
  }

  words(name: string): string[] {
    const values = this.#list(name);
    if (!values.every((value) => typeof value === "string")) throw this.#not(name, "a list of texts");
    return values as string[];
  }

  object(name: string): Fields {
    return new Fields(this.#own(name), `${this.#where}.${name}`);
  }

  objectOrNone(name: string): Fields | undefined {
    const value = this.#own(name);
    return value === null || value === undefined ? undefined : new Fields(value, `${this.#where}.${name}`);
  }

  objects(name: string): Fields[] {
    return this.#list(name).map((value) => new Fields(value, `${this.#where}.${name}`));
  }

  #own(name: string): unknown {
    return Object.prototype.hasOwnProperty.call(this.#value, name) ? this.#value[name] : undefined;
  }

  #list(name: string): unknown[] {
    const value = this.#own(name);
    if (!Array.isArray(value)) throw this.#not(name, "a list");
    return value;
  }

  #decoded(text: string, name: string, size?: number): Bytes {
    let bytes: Bytes;
    try {
      bytes = fromBase64(text);
    } catch {
      throw this.#not(name, "base64");
    }
    if (size !== undefined && bytes.length !== size) throw this.#not(name, `${size} bytes long`);
    return bytes;
  }

  #not(name: string, what: string): SealingError {
    return malformed(`${this.#where}.${name} is not ${what}`);
  }
}

function malformed(message: string): SealingError {
  return new SealingError("Damaged", message);
}
