// Plain forms whose fields become one sealed object, and back; nothing of it leaves the page unsealed.

export type Values = Readonly<Record<string, unknown>>;

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const fieldsOf = (form: HTMLFormElement): Field[] =>
  [...form.elements].filter((one): one is Field => one instanceof HTMLInputElement || one instanceof HTMLSelectElement || one instanceof HTMLTextAreaElement)
    .filter((one) => one.name !== "" && one.type !== "checkbox");

/** What stands in the form, by name, without empty fields; ticked boxes of one name as a list. */
export function read(form: HTMLFormElement): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const field of fieldsOf(form)) {
    const value = field.value.normalize("NFC").trim();
    if (value !== "") found[field.name] = value;
  }
  for (const box of form.querySelectorAll<HTMLInputElement>("input[type=checkbox]:checked")) {
    const list = Array.isArray(found[box.name]) ? (found[box.name] as string[]) : [];
    found[box.name] = [...list, box.value];
  }
  return found;
}

/** Put `values` into the form; what is not among them is emptied. */
export function fill(form: HTMLFormElement, values: Values): void {
  for (const field of fieldsOf(form)) field.value = text(values, field.name);
  for (const box of form.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) box.checked = list(values, box.name).includes(box.value);
}

/** A text of a sealed object; anybody could have written it, so everything is asked for by type. */
export function text(values: Values | null, name: string): string {
  const value = values !== null && Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === "string" ? value : "";
}

export function list(values: Values | null, name: string): string[] {
  const value = values !== null && Object.hasOwn(values, name) ? values[name] : undefined;
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

export function number(values: Values | null, name: string): number {
  const value = values !== null && Object.hasOwn(values, name) ? values[name] : undefined;
  return typeof value === "number" && Number.isSafeInteger(value) ? value : 0;
}
