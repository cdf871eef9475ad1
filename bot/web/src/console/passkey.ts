// Passkeys: the browser's own JSON forms where it has them, ours where it does not yet.

import { get, post } from "./net.ts";
import type { Session } from "./shapes.ts";

interface Challenge {
  ticket: string;
  options: Record<string, unknown>;
}

interface CredentialDescriptor {
  id: string;
  type: string;
}

/** Sign in with a passkey; the vault is still to be unlocked. */
export async function present(): Promise<{ token: string }> {
  const { ticket, options } = await post<Challenge>("passkey/start", {});
  const publicKey = { ...options, challenge: bytes(options.challenge) } as unknown as PublicKeyCredentialRequestOptions;
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential | null;
  if (credential === null) throw new DOMException("no passkey", "NotAllowedError");
  await post("passkey", { ticket, credential: asserted(credential) });
  return get<{ token: string }>("me");
}

/**
 * Register the first passkey of an account with the proof of its pass phrase; the answer is an unlocked session.
 * `code`: of whoever has one-time codes already.
 */
export async function enrol(login: string, proof: string, code: string): Promise<Session> {
  const { ticket, options } = await post<Challenge>("passkey/enrol/start", code === "" ? { login, proof } : { login, proof, code });
  const user = options.user as { id: string };
  const excluded = (options.excludeCredentials ?? []) as CredentialDescriptor[];
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: excluded.map((one) => ({ ...one, id: bytes(one.id) })),
  } as unknown as PublicKeyCredentialCreationOptions;
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential | null;
  if (credential === null) throw new DOMException("no passkey", "NotAllowedError");
  return post<Session>("passkey/enrol", { ticket, credential: attested(credential) });
}

function asserted(credential: PublicKeyCredential): unknown {
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle === null ? null : text(response.userHandle),
    },
  };
}

function attested(credential: PublicKeyCredential): unknown {
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

function bytes(value: unknown): Uint8Array {
  const plain = atob(String(value).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
