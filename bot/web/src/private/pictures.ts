// A picture of one's own: drawn anew in this page, so that only its pixels go on (S32); looked at and deleted before sending.

import { say } from "../dom.ts";
import { MOST_EDGE, barePicture } from "../jpeg.ts";
import { kindOf } from "../kinds.ts";
import type { Bytes } from "../sealing/bytes.ts";
import { button, filled, lines } from "./pieces.ts";

export interface Picture {
  readonly bytes: Bytes;
  readonly width: number;
  readonly height: number;
}

/** `told`: those of this question; `count`, `held`: pictures, and bytes of pictures and recordings, in the whole report. */
export interface Picturing {
  readonly told: Picture[];
  readonly count: () => number;
  readonly held: () => number;
  readonly most: { readonly pictures: number; readonly bytes: number; readonly file: number };
  readonly t: (id: string) => string;
}

interface Drawing extends Picturing {
  readonly say: (text: string) => void;
}

const QUALITY = 0.8;
const THUMB = 96;
const MOST_BYTES = 768 * 1024;

/** Edges that are tried until a picture is small enough: one picture must not take the place of all others. */
const EDGES = [MOST_EDGE, 1280, 800];

export function picturesOf(picturing: Picturing): HTMLElement[] {
  const box = document.createElement("div");
  box.className = "recorder pictures";
  const inside = document.createElement("div");
  const said = document.createElement("p"); // here, where the eye is: what helps takes more than a line
  said.setAttribute("role", "status");
  box.append(inside, said);
  draw(inside, { ...picturing, say: (text) => { say(said, text); said.scrollIntoView({ block: "nearest" }); } });
  return [box];
}

function draw(box: HTMLElement, picturing: Drawing): void {
  const { t, told, most } = picturing;
  const field = document.createElement("input");
  Object.assign(field, { type: "file", accept: "image/*", hidden: true, tabIndex: -1 });
  field.addEventListener("change", () => void take(field.files?.[0], box, picturing));
  const choose = button({ label: t("private.picture"), key: "picture", press: () => field.click() });
  const list = document.createElement("ul");
  list.append(...told.map((picture, at) => {
    const item = document.createElement("li");
    const away = button({ label: t("private.record-away"), key: `picture-away:${at}`, press: () => {
      told.splice(at, 1)[0]?.bytes.fill(0);
      draw(box, picturing);
      box.querySelector<HTMLElement>("[data-key=picture]")?.focus();
    } });
    item.append(thumb(picture, t("private.picture-one")), away);
    return item;
  }));
  box.replaceChildren(...lines(filled(t("private.picture-hint"), { count: most.pictures }), "hint"), ...(told.length > 0 ? [list] : []), choose, field);
}

async function take(file: File | undefined, box: HTMLElement, picturing: Drawing): Promise<void> {
  if (file === undefined) return;
  const { t, told, most } = picturing;
  const tell = picturing.say;
  tell(t("private.picture-wait"));
  box.setAttribute("aria-busy", "true");
  const picture = file.size > most.file ? undefined : await redrawn(file);
  if (picture === undefined || picture === "heic") tell(t(picture === undefined ? "private.picture-kind" : "private.picture-heic"));
  else if (picturing.count() >= most.pictures || picturing.held() + picture.bytes.length > most.bytes) tell(t("private.picture-full"));
  else {
    told.push(picture);
    tell("");
  }
  box.removeAttribute("aria-busy");
  if (!box.isConnected) return;
  draw(box, picturing);
  box.querySelector<HTMLElement>("[data-key=picture]")?.focus();
}

/** Only pixels; nothing for what is no picture of these kinds; "heic": a phone's own kind, which this browser does not draw. */
async function redrawn(file: Blob): Promise<Picture | "heic" | undefined> {
  const content = new Uint8Array(await file.arrayBuffer());
  const type = kindOf(content);
  if (type === undefined) return undefined;
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(new Blob([content], { type }));
  } catch {
    return type === "image/heic" ? "heic" : undefined;
  }
  try {
    return await encoded(image);
  } finally {
    image.close();
    content.fill(0);
  }
}

/** As large as its edge and its share of the report allow; white where it lets through. */
async function encoded(image: ImageBitmap): Promise<Picture | undefined> {
  for (const edge of EDGES) {
    const canvas = drawn(image, edge);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    const bare = blob === null ? undefined : barePicture(new Uint8Array(await blob.arrayBuffer()));
    canvas.width = 0;
    if (bare === undefined) return undefined;
    if (bare.bytes.length <= MOST_BYTES || edge === EDGES.at(-1)) return bare;
  }
  return undefined;
}

function drawn(image: ImageBitmap, edge: number): HTMLCanvasElement {
  const scale = Math.min(1, edge / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const pen = canvas.getContext("2d");
  if (pen !== null) {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  }
  return canvas;
}

/** Small, so that whoever looks over the shoulder sees little. */
function thumb(picture: Picture, label: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, THUMB / Math.max(picture.width, picture.height));
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  void createImageBitmap(new Blob([picture.bytes], { type: "image/jpeg" })).then((image) => {
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
  });
  return canvas;
}
