/**
 * SCRAM-SHA-256: verifiers, and the server's side of the exchange as pure functions.
 * Owns: the arithmetic and the grammar of messages.  Leaves: where verifiers lie (users-file), mechanisms (users).
 * A verifier proves a password and does not reveal it: PLAIN and LOGIN are checked against the same StoredKey.
 * Sources: RFC 5802 §3, §5, §7; RFC 7677; RFC 5803 §2 (stored form); RFC 4013 (SASLprep, by Unicode categories).
 */
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

export type ScramVerifier = {
  readonly iterations: number;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
};

/** Cost of a new password: the time of one log-on by PLAIN, and of one guess by a thief of the file. */
export const DEFAULT_ITERATIONS = 100_000;

/** RFC 4013: compatibility form, odd blanks as blanks, invisible characters gone; undefined for controls and such. */
export function saslPrepare(text: string): string | undefined {
  const mapped = text
    .replace(/\p{Zs}/gu, ' ')
    .replace(/\u034f|[\u180b-\u180d]|[\ufe00-\ufe0f]|[\u00ad\u1806\u200b-\u200d\u2060\ufeff]/g, '')
    .normalize('NFKC');
  return /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u2028\u2029\ufff9-\ufffd]/u.test(mapped) ? undefined : mapped;
}

/** PBKDF2 runs on the thread pool. `password` as the user typed it; undefined when it holds what no password may. */
export async function makeVerifier(
  password: string,
  salt: Buffer,
  iterations: number,
): Promise<ScramVerifier | undefined> {
  const prepared = saslPrepare(password);
  if (prepared === undefined || prepared === '') return undefined;
  const salted = await derive(prepared, salt, iterations, 32, 'sha256');
  return {
    iterations,
    salt,
    storedKey: hash(hmac(salted, 'Client Key')),
    serverKey: hmac(salted, 'Server Key'),
  };
}

export async function passwordFits(password: string, verifier: ScramVerifier): Promise<boolean> {
  const made = await makeVerifier(password, verifier.salt, verifier.iterations);
  return made !== undefined && timingSafeEqual(made.storedKey, verifier.storedKey);
}

/** RFC 5803 §2: `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`. */
export function printVerifier({ iterations, salt, storedKey, serverKey }: ScramVerifier): string {
  const base64 = (bytes: Buffer): string => bytes.toString('base64');
  return `SCRAM-SHA-256$${iterations}:${base64(salt)}$${base64(storedKey)}:${base64(serverKey)}`;
}

export function parseVerifier(text: string): ScramVerifier | undefined {
  const match =
    /^SCRAM-SHA-256\$([1-9][0-9]{0,8}):([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)$/.exec(
      text,
    );
  if (match === null) return undefined;
  const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');
  return {
    iterations: Number(match[1]),
    salt: bytes(match[2]!),
    storedKey: bytes(match[3]!),
    serverKey: bytes(match[4]!),
  };
}

/** How the client wants to bind the exchange to its connection (gs2-cbind-flag). */
export type BindingFlag =
  /** `n`: it does not. `y`: it would, and thinks we cannot. */
  'n' | 'y' | { readonly type: string };

export type ClientFirst = {
  readonly binding: BindingFlag;
  /** Up to and with the second comma; comes back in the last message. */
  readonly gs2Header: string;
  readonly authorizationId: string | undefined;
  readonly user: string;
  readonly nonce: string;
  /** The message without its gs2 header. */
  readonly bare: string;
};

/** RFC 5802 §7 client-first-message. */
export function parseClientFirst(text: string): ClientFirst | undefined {
  const match = /^((n|y|p=([A-Za-z0-9.-]+)),(?:a=([^,]*))?,)(n=([^,]+),r=([!-+\--~]+)(?:,.*)?)$/s.exec(text);
  if (match === null) return undefined;
  const user = decodeName(match[6]!);
  const authorizationId = match[4] === undefined ? undefined : decodeName(match[4]);
  if (user === undefined || (match[4] !== undefined && authorizationId === undefined)) return undefined;
  return {
    binding: match[3] === undefined ? (match[2] as 'n' | 'y') : { type: match[3] },
    gs2Header: match[1]!,
    authorizationId,
    user,
    nonce: match[7]!,
    bare: match[5]!,
  };
}

/** RFC 5802 §5.1: `=2C` and `=3D` stand for comma and equals; no other `=` may occur. */
function decodeName(text: string): string | undefined {
  if (/=(?!2C|3D)/.test(text)) return undefined;
  return saslPrepare(text.replace(/=2C/g, ',').replace(/=3D/g, '='));
}

export type ClientFinal = {
  readonly channelBinding: Buffer;
  readonly nonce: string;
  readonly proof: Buffer;
  readonly withoutProof: string;
};

/** RFC 5802 §7 client-final-message. */
export function parseClientFinal(text: string): ClientFinal | undefined {
  const match = /^(c=([A-Za-z0-9+/]+=*),r=([!-+\--~]+)(?:,[^,]+)*),p=([A-Za-z0-9+/]{43}=)$/s.exec(text);
  if (match === null) return undefined;
  return {
    channelBinding: Buffer.from(match[2]!, 'base64'),
    nonce: match[3]!,
    proof: Buffer.from(match[4]!, 'base64'),
    withoutProof: match[1]!,
  };
}

/** RFC 5802 §3: the server's signature when the proof fits, undefined when not. */
export function verifyProof(verifier: ScramVerifier, authMessage: string, proof: Buffer): Buffer | undefined {
  const signature = hmac(verifier.storedKey, authMessage);
  const clientKey = Buffer.alloc(32);
  for (let index = 0; index < 32; index += 1) clientKey[index] = proof[index]! ^ signature[index]!;
  return timingSafeEqual(hash(clientKey), verifier.storedKey)
    ? hmac(verifier.serverKey, authMessage)
    : undefined;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function hash(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
