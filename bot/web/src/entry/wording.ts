// The translators' desk with a script: chips, length, preview and keys.  Every step works without it, as a plain form.

const form = document.querySelector<HTMLFormElement>("#edit");
const area = document.querySelector<HTMLTextAreaElement>("#words");
if (form && area) begin(form, area);

for (const part of document.querySelectorAll<HTMLElement>(".scripted")) part.hidden = false;
document.querySelector<HTMLInputElement>("#file")?.addEventListener("change", (event) => void fill(event));

/** Put the chosen file where the form sends it from. */
async function fill(event: Event): Promise<void> {
  const file = (event.target as HTMLInputElement).files?.[0];
  const content = document.querySelector<HTMLTextAreaElement>("#file-content");
  if (!file || !content) return;
  const large = file.size > 8 * 1024 * 1024;
  for (const told of document.querySelectorAll<HTMLElement>("#file-large")) told.hidden = !large;
  if (!large) content.value = await file.text();
}

function begin(form: HTMLFormElement, area: HTMLTextAreaElement): void {
  const saved = area.value;
  const place = ["of", "text"].map((name) => field(form, name)).join("/") + "@" + (form.dataset["version"] ?? "");
  const kept = sessionStorage.getItem(place);
  if (kept !== null && kept !== saved) area.value = kept;
  const follow = (): void => {
    sessionStorage.setItem(place, area.value);
    show(form, area.value);
  };
  area.addEventListener("input", follow);
  form.addEventListener("submit", (event) => {
    const lost = chips(form).some((chip) => !area.value.includes(chip.dataset["chip"] ?? ""));
    const saving = (event.submitter as HTMLButtonElement | null)?.value.startsWith("save") ?? true;
    if (saving && lost) {
      event.preventDefault();
      chips(form).find((chip) => chip.dataset["lost"] !== undefined)?.focus();
      return;
    }
    sessionStorage.removeItem(place);
  });
  for (const chip of chips(form)) chip.addEventListener("click", () => put(area, chip.dataset["chip"] ?? "", follow));
  for (const use of document.querySelectorAll<HTMLElement>("[data-use]")) {
    use.addEventListener("click", () => {
      area.value = use.dataset["use"] ?? "";
      follow();
      area.focus();
    });
  }
  document.addEventListener("keydown", (event) => press(event, area, follow));
  show(form, area.value);
}

/** With Alt and Shift: which button or link of the page a key presses. */
const LEADS: Readonly<Record<string, string>> = { KeyA: "approve", KeyP: "publish", KeyW: "withdraw", KeyL: "list", KeyR: "recording" };

function press(event: KeyboardEvent, area: HTMLTextAreaElement, follow: () => void): void {
  if (event.ctrlKey && event.key === "Enter") return take(event, "save-next");
  if (event.altKey && event.key === "PageUp") return take(event, "before");
  if (event.altKey && event.key === "PageDown") return take(event, "after");
  if (event.altKey && event.shiftKey) {
    const where = LEADS[event.code];
    if (where !== undefined) return take(event, where);
    const number = /^Digit([1-9])$/.exec(event.code);
    if (number) return use(event, Number(number[1]));
  }
  if (event.altKey && event.shiftKey && event.code === "KeyC") {
    event.preventDefault();
    area.value = document.querySelector("#english")?.textContent ?? "";
    follow();
  }
}

/** The suggestion of this number takes the place of the words. */
function use(event: KeyboardEvent, number: number): void {
  event.preventDefault();
  document.querySelectorAll<HTMLElement>("[data-use]")[number - 1]?.click();
}

function take(event: KeyboardEvent, where: string): void {
  event.preventDefault();
  document.querySelector<HTMLElement>(`[data-go="${where}"]`)?.click();
}

function show(form: HTMLFormElement, words: string): void {
  const limit = Number(form.dataset["limit"]);
  const length = Array.from(words).length;
  const meter = form.querySelector<HTMLElement>("#meter");
  if (meter) {
    const text = meter.dataset["words"] ?? "";
    meter.textContent = text.replace("{count}", String(length)).replace("{most}", String(limit));
    meter.classList.toggle("error", length > limit);
  }
  const bar = form.querySelector<HTMLMeterElement>("#bar");
  if (bar) bar.value = length;
  for (const chip of chips(form)) {
    if (words.includes(chip.dataset["chip"] ?? "")) delete chip.dataset["lost"];
    else chip.dataset["lost"] = "";
  }
  for (const live of document.querySelectorAll("[data-live]")) live.textContent = words;
}

function put(area: HTMLTextAreaElement, text: string, follow: () => void): void {
  area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  follow();
  area.focus();
}

function chips(form: HTMLFormElement): HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>("[data-chip]")];
}

function field(form: HTMLFormElement, name: string): string {
  return form.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value ?? "";
}
