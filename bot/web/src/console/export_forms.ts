// A case in the shapes of other systems: a Primero case and an HTCDS 2.0 row with its events.  Codes are quoted exactly;
// what is not known is left out, and nothing an officer did not code is guessed.

import { text, list, type Values } from "./fields.ts";
import { newest } from "./noting.ts";
import type { Contents } from "./opening.ts";
import { goals, SERVICES } from "./plan.ts";
import type { OpenCase } from "./shapes.ts";

type Row = Record<string, unknown>;

/** Code of our scheme → [HTCDS exploitation, HTCDS kind of sexual exploitation, Primero protection concern]. */
const FORMS: Readonly<Record<string, readonly [string, string, string]>> = {
  SX1: ["SexualExploitation", "", "sexually_exploited"], SX2: ["SexualExploitation", "", "sexually_exploited"], SX3: ["SexualExploitation", "", "sexually_exploited"],
  SX4: ["SexualExploitation", "", "sexually_exploited"], SX5: ["SexualExploitation", "RemoteInteractiveServices", "sexually_exploited"],
  SX6: ["SexualExploitation", "Pornography", "sexually_exploited"], LB1: ["ForcedLabour", "", "worst_forms_of_child_labor"],
  LB2: ["Servitude", "", "worst_forms_of_child_labor"], LB3: ["ForcedLabour", "", "worst_forms_of_child_labor"], LB4: ["ForcedBegging", "", "worst_forms_of_child_labor"],
  LB5: ["ChildLabour", "", "worst_forms_of_child_labor"], MR1: ["ForcedMarriage", "", "gbv_survivor"], MR2: ["ForcedMarriage", "", "gbv_survivor"],
  SL1: ["Other", "", "trafficked_smuggled"], SL2: ["ForcedAdoption", "", "other"], CR1: ["Other", "", "other"], AR1: ["ForcedMilitaryByNonStateActors", "", "caafag"],
  SP1: ["ForcedLabour", "", "worst_forms_of_child_labor"], OR1: ["OrganRemoval", "", "trafficked_smuggled"], OT1: ["Other", "", "other"],
  RK1: ["", "", "other"], RK2: ["", "", "migrant"], RK3: ["", "", "trafficked_smuggled"], RK5: ["", "", "street_child"], OC1: ["", "", "physically_or_mentally_abused"],
  OC2: ["", "", "gbv_survivor"], OC3: ["", "", "mentally_distressed"], OC4: ["", "", "arrested_detained"], OC5: ["", "", "other"],
};

/** ISO 639-2; Saraiki has no code there and stays out. */
const LANGUAGES: Readonly<Record<string, string>> = {
  en: "eng", ur: "urd", "ur-Latn": "urd", sd: "snd", ps: "pus", "pa-Arab": "pan", bal: "bal", bn: "ben", hi: "hin", ne: "nep", si: "sin", ta: "tam", "fa-AF": "per", dz: "dzo", dv: "div",
};
const GENDERS: Readonly<Record<string, readonly [string, string]>> = {
  girl: ["Feminine", "female"], boy: ["Masculine", "male"], another: ["NonConforming", ""], unsaid: ["NonSpecifiedUnknown", ""],
};
const STATUSES: Readonly<Record<string, string>> = {
  told: "PossibleVictimOfTrafficking", suspected: "PossibleVictimOfTrafficking", identified: "ActualVictimOfTrafficking", excluded: "NotAVictimOfTrafficking",
};
const SUPPORT: Readonly<Record<string, string>> = {
  shelter: "SocialCare", health: "Health", psychologist: "Health", social: "SocialCare", legal: "Legal", school: "Education", cash: "Financial", tracing: "SocialCare", return: "SocialCare",
};
const ROLES: readonly (readonly [string, string, string])[] = [
  ["origin", "place-from", "Recruitment"], ["transit", "place-through", "Transit"], ["destination", "place-to", "Exploitation"],
];
const REPORTERS: Readonly<Record<string, string>> = {
  me: "self", friend: "peer", "my-child": "parent", "other-child": "neighbour", "saw-it": "witness", work: "professional",
};
/** Urgency → [urgent concern, risk level], as Primero knows them. */
const RISKS: Readonly<Record<string, readonly [string, string]>> = {
  U0: ["true", "high"], U1: ["true", "high"], U2: ["false", "medium"], U3: ["false", "low"],
};
const DAY_MS = 86_400_000;

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
const known = (table: Readonly<Record<string, string>>, key: string): string => (Object.hasOwn(table, key) ? (table[key] as string) : "");
const distinct = (values: readonly string[]): string[] => [...new Set(values.filter((value) => value !== ""))];

/** What a spreadsheet would take for a formula, in full-width forms too (S35): the file often becomes a table elsewhere. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20\t\r]/;

/** Text stays text: an apostrophe goes before what would run. */
function harmless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(harmless);
  return typeof value === "string" && FORMULA.test(value) ? `'${value}` : value;
}

/** Without what is empty: "not known" is not a value. */
function filled(row: Row): Row {
  const told = Object.entries(row).filter(([, value]) => value !== "" && value !== undefined && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(told.map(([name, value]) => [name, harmless(value)]));
}

interface Told {
  readonly found: OpenCase;
  readonly contents: Contents;
  readonly story: Values | null;
  readonly plan: Values | null;
}

/** Both shapes of one case. */
export function exported(found: OpenCase, contents: Contents): { primero: Row; htcds: { row: Row; events: Row[] } } {
  const told = { found, contents, story: newest(contents, "story"), plan: newest(contents, "plan") };
  return { primero: primero(told), htcds: { row: htcds(told), events: events(told) } };
}

const gender = ({ contents }: Told): readonly [string, string] => {
  const pressed = contents.answers.gender?.[0] ?? "";
  return Object.hasOwn(GENDERS, pressed) ? (GENDERS[pressed] as readonly [string, string]) : ["NonSpecifiedUnknown", ""];
};

const codes = ({ story }: Told): (readonly [string, string, string])[] =>
  list(story, "forms").filter((code) => Object.hasOwn(FORMS, code)).map((code) => FORMS[code] as readonly [string, string, string]);

const consent = ({ contents }: Told): boolean => contents.notes.some((note) => note.what === "export" && note.text.includes("\"consent\":\"given\""));

const closed = ({ found }: Told): string => (found.status === "closed" ? "Closed" : "Active");

function primero(told: Told): Row {
  const { found, plan, contents } = told;
  const risk = Object.hasOwn(RISKS, found.urgency) ? (RISKS[found.urgency] as readonly [string, string]) : ["", ""];
  const services = SERVICES.map((kind) => [kind, text(plan, `service-${kind}`)] as const).filter(([, state]) => state !== "");
  return {
    data: filled({
      status: found.status === "closed" ? "closed" : "open",
      module_id: "primeromodule-cp",
      other_agency_id: found.handle,
      other_agency_name: "Hamrah",
      registration_date: dateOf(contents.notes[0]?.day ?? Math.floor(found.hour / 86_400)),
      sex: gender(told)[1],
      protection_concerns: distinct(codes(told).map(([, , concern]) => concern)),
      urgent_protection_concern: risk[0],
      risk_level: risk[1],
      consent_for_services: consent(told),
      services_section: services.map(([kind, state]) => filled({
        service_type: primeroService(kind), service_implemented: state === "given" ? "implemented" : "not_implemented",
        service_referral_notes: state === "none" ? "Needed, but not available here" : "",
      })),
    }),
  };
}

/** Primero's default look-up of service types, quoted exactly: the slip in "seunification" is theirs. */
const PRIMERO_SERVICES: Readonly<Record<string, string>> = {
  shelter: "safehouse_service", health: "health_medical_service", psychologist: "psychosocial_service", social: "child_protection_service",
  legal: "legal_assistance_service", school: "education_service", tracing: "family_seunification_service", cash: "livelihoods_service",
};
const primeroService = (kind: string): string => known(PRIMERO_SERVICES, kind) || "other_service";

function htcds(told: Told): Row {
  const { found, contents, story, plan } = told;
  const given = SERVICES.filter((kind) => text(plan, `service-${kind}`) !== "");
  return filled({
    prs_Gender: gender(told)[0],
    prs_PrimaryLanguage: known(LANGUAGES, found.language),
    vic_TraffickingStatus: known(STATUSES, text(story, "status")),
    vic_TypeOfExploitation: distinct(codes(told).map(([form]) => form)),
    vic_TypeOfSexExploitation: distinct(codes(told).map(([, kind]) => kind)),
    vic_MethodsOfControl: list(story, "forms").includes("LB3") ? ["DebtBondage"] : [],
    cas_Status: closed(told),
    cas_ReasonForOutgoingReferral: contents.notes.some((note) => note.what === "referral") ? "AdditionalServicesRequired" : "",
    spl_Objectives: text(plan, "words"),
    spl_ActionPlan: plan === null ? "" : goals(plan).join("\n"),
    spl_Type: distinct(given.map((kind) => known(SUPPORT, kind))),
    con_Consent: consent(told),
    x_AgeBand: contents.cover?.age ?? "",
    x_Channel: found.channel,
    x_ContactLanguage: found.language,
    x_Urgency: found.urgency,
    x_ImminentDanger: found.urgency === "U0",
    x_ReporterRole: known(REPORTERS, contents.answers.who?.[0] ?? ""),
    x_ForcedCriminality: list(story, "forms").includes("CR1") ? true : undefined,
  });
}

/** One row for each place in the chain. */
function events({ story, contents }: Told): Row[] {
  return ROLES.map(([name, ask, type]) => {
    const code = contents.answers[ask]?.[0] ?? "";
    const told = text(story, name);
    if (code === "" && told === "") return {};
    return filled({ hte_Type: type, hte_Country: /^[A-Z]{2}/.test(code) ? code.slice(0, 2) : "", hte_State: code.includes("-") ? code : "", hte_Description: told });
  }).filter((row) => Object.keys(row).length > 1);
}
