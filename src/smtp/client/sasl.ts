/**
 * SASL mechanisms from the client's side: PLAIN, LOGIN, CRAM-MD5, SCRAM-SHA-256, XOAUTH2, NTLM.
 * Owns: choice of the mechanism, challenges and responses as bytes.  Leaves: base 64 lines and replies (machine), TLS rules.
 * Fails: a challenge that makes no sense is a value `{ broken }`, never a throw.
 * Sources: RFC 4954 §4; RFC 4616; RFC 2195 §2; RFC 5802 §3, §5; RFC 7677; RFC 2831 is not spoken.
 */
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { ntlmAuthenticate, ntlmNegotiate } from './ntlm.ts';

export type ClientCredentials = {
  readonly user: string;
  readonly password: string;
  /** Use this one and no other, in capitals: `NTLM`. */
  readonly mechanism?: string;
  /** NTLM: the Windows domain of the user. */
  readonly windowsDomain?: string;
  /** An OAuth 2.0 access token for XOAUTH2, instead of the password. */
  readonly accessToken?: string;
  /** The operator's own word: send these over plain text too. */
  readonly allowPlainText?: boolean;
};

/** What happens next in an exchange. Immutable, so that it can live in the machine's state. */
export type SaslStep = { readonly send: Buffer; readonly after: SaslExchange } | { readonly broken: string };

export interface SaslExchange {
  readonly mechanism: string;
  /** True when the server must have proven itself before success counts, and has not. */
  readonly isServerUnproven: boolean;
  respond(challenge: Buffer): SaslStep;
}

/** What must be new in every exchange. */
export type Freshness = {
  /** Printable ASCII without commas, at least 18 random characters. */
  readonly nonce: string;
  /** Wall time in milliseconds. */
  readonly nowMs: number;
};

export type SaslStart = {
  readonly mechanism: string;
  /** Sent with the AUTH command (RFC 4954 §4); undefined when the server speaks first. */
  readonly initial: Buffer | undefined;
  readonly after: SaslExchange;
};

/** Chooses the strongest mechanism that both sides know, or undefined. */
export function startSasl(
  offered: readonly string[],
  credentials: ClientCredentials,
  fresh: Freshness,
): SaslStart | undefined {
  for (const mechanism of wanted(credentials)) {
    if (!offered.includes(mechanism)) continue;
    return MECHANISMS[mechanism]!(credentials, fresh);
  }
  return undefined;
}

function wanted(credentials: ClientCredentials): readonly string[] {
  if (credentials.mechanism !== undefined)
    return Object.hasOwn(MECHANISMS, credentials.mechanism) ? [credentials.mechanism] : [];
  if (credentials.accessToken !== undefined) return ['XOAUTH2'];
  return ['SCRAM-SHA-256', 'PLAIN', 'LOGIN', 'CRAM-MD5', 'NTLM'];
}

const MECHANISMS: Readonly<Record<string, (credentials: ClientCredentials, fresh: Freshness) => SaslStart>> =
  {
    'SCRAM-SHA-256': startScram,
    'CRAM-MD5': (credentials) => ({
      mechanism: 'CRAM-MD5',
      initial: undefined,
      after: exchange('CRAM-MD5', (challenge) => {
        const digest = createHmac('md5', credentials.password).update(challenge).digest('hex');
        return { send: Buffer.from(`${credentials.user} ${digest}`), after: finished('CRAM-MD5') };
      }),
    }),
    PLAIN: ({ user, password }) => ({
      mechanism: 'PLAIN',
      initial: Buffer.from(`\0${user}\0${password}`),
      after: finished('PLAIN'),
    }),
    LOGIN: ({ user, password }) => ({
      mechanism: 'LOGIN',
      initial: undefined,
      // The prompts differ between servers (`Username:`, `User Name`); only their order is certain.
      after: exchange('LOGIN', () => ({
        send: Buffer.from(user),
        after: exchange('LOGIN', () => ({ send: Buffer.from(password), after: finished('LOGIN') })),
      })),
    }),
    XOAUTH2: ({ user, accessToken = '' }) => ({
      mechanism: 'XOAUTH2',
      initial: Buffer.from(`user=${user}\x01auth=Bearer ${accessToken}\x01\x01`),
      // A challenge holds the server's reason as JSON; an empty response makes it say 535.
      after: exchange('XOAUTH2', () => ({ send: Buffer.alloc(0), after: finished('XOAUTH2') })),
    }),
    NTLM: (credentials, { nonce, nowMs }) => ({
      mechanism: 'NTLM',
      initial: ntlmNegotiate(),
      after: exchange('NTLM', (challenge) => {
        const answer = ntlmAuthenticate(challenge, {
          user: credentials.user,
          password: credentials.password,
          domain: credentials.windowsDomain ?? '',
          clientChallenge: createHash('sha256').update(nonce).digest().subarray(0, 8),
          nowMs,
        });
        return 'broken' in answer ? answer : { send: answer.message, after: finished('NTLM') };
      }),
    }),
  };

function exchange(mechanism: string, respond: (challenge: Buffer) => SaslStep): SaslExchange {
  return { mechanism, isServerUnproven: false, respond };
}

function finished(mechanism: string): SaslExchange {
  return exchange(mechanism, () => ({ broken: 'the host asks for more than the mechanism has' }));
}

// SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.

function startScram({ user, password }: ClientCredentials, { nonce }: Freshness): SaslStart {
  const mechanism = 'SCRAM-SHA-256';
  // RFC 5802 §5.1: comma and equals sign in the name are written as =2C and =3D.
  const name = user.normalize('NFKC').replace(/=/g, '=3D').replace(/,/g, '=2C');
  const firstBare = `n=${name},r=${nonce}`;
  const scram = (isServerUnproven: boolean, respond: (challenge: Buffer) => SaslStep): SaslExchange => ({
    mechanism,
    isServerUnproven,
    respond,
  });
  return {
    mechanism,
    initial: Buffer.from(`n,,${firstBare}`),
    after: scram(true, (challenge) => {
      const serverFirst = challenge.toString('utf8');
      const match = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/=]+),i=(\d{1,8})(?:,|$)/.exec(serverFirst);
      if (!match) return { broken: 'the host’s SCRAM challenge makes no sense' };
      const [, combinedNonce = '', salt = '', count = ''] = match;
      const iterations = Number(count);
      if (!combinedNonce.startsWith(nonce) || combinedNonce.length === nonce.length)
        return { broken: 'the host’s SCRAM nonce does not continue ours' };
      // RFC 7677 §4 asks for 4096 and more; an upper bound keeps a hostile host from burning our time.
      if (iterations < 4096 || iterations > 1_000_000)
        return { broken: `the host asks for ${iterations} SCRAM iterations; 4096 to 1000000 are accepted` };
      const salted = pbkdf2Sync(
        password.normalize('NFKC'),
        Buffer.from(salt, 'base64'),
        iterations,
        32,
        'sha256',
      );
      const clientKey = hmac(salted, 'Client Key');
      const finalWithoutProof = `c=biws,r=${combinedNonce}`;
      const authMessage = `${firstBare},${serverFirst},${finalWithoutProof}`;
      const signature = hmac(createHash('sha256').update(clientKey).digest(), authMessage);
      const proof = Buffer.from(clientKey.map((byte, n) => byte ^ signature[n]!)).toString('base64');
      const expected = hmac(hmac(salted, 'Server Key'), authMessage);
      return {
        send: Buffer.from(`${finalWithoutProof},p=${proof}`),
        after: scram(true, (serverFinal) => {
          const verifier = /^v=([A-Za-z0-9+/=]+)/.exec(serverFinal.toString('latin1'));
          const proven = Buffer.from(verifier?.[1] ?? '', 'base64');
          if (proven.length !== expected.length || !timingSafeEqual(proven, expected))
            return { broken: 'the host does not know the password either: its SCRAM proof is wrong' };
          return { send: Buffer.alloc(0), after: finished(mechanism) };
        }),
      };
    }),
  };
}

function hmac(key: Uint8Array, message: string): Buffer {
  return createHmac('sha256', key).update(message).digest();
}
