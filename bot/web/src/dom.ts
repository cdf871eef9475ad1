// The only ways text reaches a page: as text, each untrusted value in an element of its own direction (S29, S31).
// Nothing here or elsewhere writes HTML; lint forbids the sinks.

/** Addresses of scripts this code may start as workers; everything else is refused by the browser (Trusted Types). */
const WORKERS = /^(?:https?:\/\/[^/]+)?\/(?:[\w.-]+\/)*(?:vault|derive)\.js(?:\?v=[0-9a-f]+)?$/;

interface Policy {
  createScriptURL(url: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy;
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;

const policy: Policy = factory
  ? factory.createPolicy("hamrah", { createScriptURL: own })
  : { createScriptURL: own };

function own(url: string): string {
  if (!WORKERS.test(url)) throw new TypeError("not a script of ours");
  return url;
}

/** Start one of our own workers. */
export function startWorker(url: string): Worker {
  return new Worker(policy.createScriptURL(url) as string);
}

/** Controls that reorder what stands around them, by the name they are shown as (S31). */
const REORDERING: Readonly<Record<string, string>> = {
  "\u202A": "LRE", "\u202B": "RLE", "\u202C": "PDF", "\u202D": "LRO", "\u202E": "RLO",
  "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
};

// Controls that show nothing and only hide; tab, newline, ZWJ and ZWNJ carry meaning and stay.
const HIDING = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\uFEFF\uFFF9-\uFFFB]/g;

/** What `text` is shown as, in order: plain runs, and marks for the controls in it. */
export function runs(text: string): { plain?: string; mark?: string; code?: string }[] {
  const clean = text.normalize("NFC").replace(/\r\n?/g, "\n").replace(HIDING, "");
  return clean.split(/([\u202A-\u202E\u2066-\u2069])/).filter((part) => part !== "").map((part) => {
    if (!Object.hasOwn(REORDERING, part)) return { plain: part };
    const mark = REORDERING[part] ?? "";
    return { mark, code: part.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") };
  });
}

/** Put untrusted words into `element`: isolated, direction by their own first letter, controls as marks. */
export function show(element: Element, words: string): void {
  const value = document.createElement("bdi");
  value.dir = "auto";
  for (const run of runs(words)) {
    if (run.plain !== undefined) {
      value.append(run.plain);
    } else {
      const mark = document.createElement("span");
      mark.className = "control-mark";
      mark.dir = "ltr";
      mark.title = `U+${run.code ?? ""}`;
      mark.textContent = run.mark ?? "";
      value.append(mark);
    }
  }
  element.replaceChildren(value);
}

const LATIN = /\p{Script=Latin}/u;
const LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/** Whether a word mixes letters that look alike but are not, as forged names and addresses do (S31). */
export function looksForged(words: string): boolean {
  return words.split(/[\s\p{P}]+/u).some((word) => LATIN.test(word) && LOOKALIKE.test(word));
}

/** The element with this id; its absence is a mistake of ours. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found as T;
}

/** The part of `root` marked `data-part="name"`. */
export function part<T extends HTMLElement = HTMLElement>(root: ParentNode, name: string): T {
  const found = root.querySelector(`[data-part="${name}"]`);
  if (found === null) throw new Error(`no part ${name}`);
  return found as T;
}

/** A copy of the one element inside `<template id>`. */
export function copyOf(id: string): HTMLElement {
  const first = byId<HTMLTemplateElement>(id).content.firstElementChild;
  if (first === null) throw new Error(`empty template ${id}`);
  return document.importNode(first, true) as HTMLElement;
}

/** Put our own text (from the catalog, or a number) into a part. */
export function say(element: Element, text: string): void {
  element.textContent = text;
}

/** Shown or not; hidden things are out of the way of keyboard and screen reader too. */
export function visible(element: HTMLElement, yes: boolean): void {
  element.hidden = !yes;
}
