/**
 * Log-on of SMTP clients: PLAIN, LOGIN, SCRAM-SHA-256 and SCRAM-SHA-256-PLUS over one file of verifiers.
 * Owns: the mechanisms, the bound on guesses, on work and on waiting.  Leaves: the file's form (users-file), the dialogue
 * (smtp/server), who may log on without TLS (smtp-policy).
 * Fails: wrong names and wrong passwords are told alike, after the same work. A file that cannot be read answers `busy`
 * and is logged; the users of before stay.
 * Sources: RFC 4616; draft "LOGIN SASL mechanism"; RFC 5802; RFC 7677; RFC 9266; RFC 5929 §4.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Clock, type Disk, type Logger, systemErrorCode } from '../base/index.ts';
import type { AuthContext, AuthExchange, Authenticator, AuthStep, Soon } from '../smtp/index.ts';
import { readUsers, type Users } from './users-file.ts';
import {
  type ClientFirst,
  DEFAULT_ITERATIONS,
  parseClientFinal,
  parseClientFirst,
  passwordFits,
  type ScramVerifier,
  saslPrepare,
  verifyProof,
} from './users-scram.ts';

export type UserLogonParts = {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Absent: nobody can log on and AUTH is not offered. */
  readonly usersFile?: string;
  /** Outlives a reload: whoever guesses must not begin anew because the operator changed a setting. */
  readonly failures?: LogonFailures;
};

/** Failed log-ons by address, since when. Whoever keeps it over a reload makes it; only UserLogon reads and writes it. */
export type LogonFailures = Map<string, { count: number; sinceMs: number }>;

const TEN_MINUTES_MS = 600_000;
/** Failures from one address in ten minutes before it is turned away. */
const MOST_FAILURES = 10;
/** Wait after the first failure; it doubles with each further one up to MOST_DELAY_MS. */
const FIRST_DELAY_MS = 500;
const MOST_DELAY_MS = 8000;
/** Addresses remembered at once; the oldest is forgotten. */
const MOST_ADDRESSES = 10_000;
/** Passwords being checked at once, and waiting: PBKDF2 is work for the thread pool. */
const MOST_CHECKS = 64;
/** How long a password that was right need not be derived again. */
const REMEMBERED_MS = 300_000;
const MOST_REMEMBERED = 1000;
/** The file is looked at again at most this often. */
const LOOK_EVERY_MS = 2000;

const REJECT = (why: Extract<AuthStep, { kind: 'rejected' }>['why']): AuthStep => ({ kind: 'rejected', why });

export class UserLogon implements Authenticator {
  readonly #parts: UserLogonParts;
  readonly #failures: LogonFailures;
  readonly #processKey = randomBytes(32);
  /** Digest of name and password → the verifier it fitted. */
  readonly #remembered = new Map<string, { verifier: ScramVerifier; untilMs: number }>();
  #users: Users = new Map();
  #fileStamp = '';
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #checks = 0;

  constructor(parts: UserLogonParts) {
    this.#parts = parts;
    this.#failures = parts.failures ?? new Map();
  }

  /** Reads the file; throws RelayError when it is damaged. For start and reload. */
  async load(): Promise<void> {
    const { usersFile, disk } = this.#parts;
    if (usersFile === undefined) return;
    this.#fileStamp = await this.#stamp(usersFile);
    this.#users = await readUsers(disk, usersFile);
    this.#lookedAtMs = this.#parts.clock.monotonicMs();
  }

  get userCount(): number {
    return this.#users.size;
  }

  mechanisms(context: AuthContext): readonly string[] {
    if (this.#parts.usersFile === undefined) return [];
    return context.session.tls === undefined
      ? ['SCRAM-SHA-256', 'PLAIN', 'LOGIN']
      : ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256', 'PLAIN', 'LOGIN'];
  }

  begin(mechanism: string, context: AuthContext): AuthExchange | undefined {
    if (!this.mechanisms(context).includes(mechanism)) return undefined;
    const exchange =
      mechanism === 'PLAIN'
        ? new PlainExchange(this, context)
        : mechanism === 'LOGIN'
          ? new LoginExchange(this, context)
          : new ScramExchange(this, context, mechanism.endsWith('-PLUS'));
    return {
      answer: (response) => (this.#isBlocked(context) ? REJECT('blocked') : exchange.answer(response)),
    };
  }

  /** Judges a name and a password in the clear. */
  async judgePassword(name: string, password: string, context: AuthContext): Promise<AuthStep> {
    if (this.#checks >= MOST_CHECKS) return REJECT('busy');
    this.#checks += 1;
    try {
      const verifier = await this.verifierOf(name);
      if (verifier === 'unreadable') return REJECT('busy');
      const memory = createHmac('sha256', this.#processKey).update(`${name}\0${password}`).digest('base64');
      if (!verifier.isFake && this.#remembers(memory, verifier.verifier)) return this.accepted(name, context);
      const fits = await passwordFits(password, verifier.verifier);
      if (!fits || verifier.isFake) return await this.rejected(name, context);
      this.#remember(memory, verifier.verifier);
      return this.accepted(name, context);
    } finally {
      this.#checks -= 1;
    }
  }

  /**
   * The user's verifier. A name nobody has gets one too, always the same for the name, so that neither time nor salt tells
   * which names exist (RFC 5802 §9).
   */
  async verifierOf(
    name: string,
  ): Promise<{ readonly verifier: ScramVerifier; readonly isFake: boolean } | 'unreadable'> {
    if (!(await this.#look())) return 'unreadable';
    const prepared = saslPrepare(name);
    const found = prepared === undefined ? undefined : this.#users.get(prepared);
    if (found !== undefined) return { verifier: found, isFake: false };
    const bytes = createHmac('sha256', this.#processKey).update(`salt\0${name}`).digest();
    const example = this.#users.values().next().value;
    const verifier = {
      iterations: example?.iterations ?? DEFAULT_ITERATIONS,
      salt: bytes.subarray(0, example?.salt.length ?? 16),
      storedKey: randomBytes(32),
      serverKey: randomBytes(32),
    };
    return { verifier, isFake: true };
  }

  accepted(name: string, { session }: AuthContext): AuthStep {
    this.#failures.delete(session.client.address);
    this.#parts.logger.event('info', 'smtp.auth-accepted', {
      sessionId: session.id,
      client: session.client.address,
      user: name,
    });
    return { kind: 'accepted', user: name };
  }

  /** Counts the failure, and answers after a while that grows. */
  async rejected(name: string, { session }: AuthContext): Promise<AuthStep> {
    const { address } = session.client;
    const now = this.#parts.clock.monotonicMs();
    const known = this.#failures.get(address);
    const count = known === undefined || now - known.sinceMs >= TEN_MINUTES_MS ? 1 : known.count + 1;
    this.#failures.delete(address);
    this.#failures.set(address, { count, sinceMs: count === 1 ? now : known!.sinceMs });
    if (this.#failures.size > MOST_ADDRESSES) this.#failures.delete(this.#failures.keys().next().value!);
    this.#parts.logger.event('warn', 'smtp.auth-rejected', {
      sessionId: session.id,
      client: address,
      user: name.slice(0, 100),
      failures: count,
    });
    const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (count - 1), MOST_DELAY_MS);
    await new Promise<void>((resolve) => {
      this.#parts.clock.setTimer(delayMs, resolve);
    });
    return REJECT('credentials');
  }

  #isBlocked({ session }: AuthContext): boolean {
    const known = this.#failures.get(session.client.address);
    if (known === undefined || known.count < MOST_FAILURES) return false;
    return this.#parts.clock.monotonicMs() - known.sinceMs < TEN_MINUTES_MS;
  }

  #remembers(memory: string, verifier: ScramVerifier): boolean {
    const entry = this.#remembered.get(memory);
    // A changed password is a new verifier object.
    return (
      entry !== undefined && entry.verifier === verifier && entry.untilMs > this.#parts.clock.monotonicMs()
    );
  }

  #remember(memory: string, verifier: ScramVerifier): void {
    this.#remembered.delete(memory);
    this.#remembered.set(memory, { verifier, untilMs: this.#parts.clock.monotonicMs() + REMEMBERED_MS });
    if (this.#remembered.size > MOST_REMEMBERED)
      this.#remembered.delete(this.#remembered.keys().next().value!);
  }

  /** Reads the file again when it changed: `mailroot user` needs no reload. False when it cannot be read. */
  async #look(): Promise<boolean> {
    const { usersFile, disk, clock, logger } = this.#parts;
    const now = clock.monotonicMs();
    if (usersFile === undefined || now - this.#lookedAtMs < LOOK_EVERY_MS) return true;
    this.#lookedAtMs = now;
    try {
      const stamp = await this.#stamp(usersFile);
      if (stamp !== this.#fileStamp) {
        this.#users = await readUsers(disk, usersFile);
        this.#fileStamp = stamp;
      }
      return true;
    } catch (thrown) {
      this.#lookedAtMs = Number.NEGATIVE_INFINITY;
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      logger.event('error', 'smtp.users-unreadable', { path: usersFile, reason });
      return false;
    }
  }

  async #stamp(path: string): Promise<string> {
    try {
      const facts = await this.#parts.disk.stat(path);
      return `${facts.inode} ${facts.bytes} ${facts.modifiedAtMs}`;
    } catch (thrown) {
      if (systemErrorCode(thrown) === 'ENOENT') return 'absent';
      throw thrown;
    }
  }
}

/** RFC 4616: authzid NUL authcid NUL password. */
class PlainExchange implements AuthExchange {
  readonly #logon: UserLogon;
  readonly #context: AuthContext;

  constructor(logon: UserLogon, context: AuthContext) {
    this.#logon = logon;
    this.#context = context;
  }

  answer(response: Buffer | undefined): Soon<AuthStep> {
    if (response === undefined) return { kind: 'challenge', bytes: Buffer.alloc(0) };
    const [authorizationId, name, password, ...more] = response.toString('utf8').split('\0');
    if (!name || password === undefined || more.length > 0) return REJECT('malformed');
    // Nobody may act as somebody else.
    if (authorizationId !== '' && authorizationId !== name) return this.#logon.rejected(name, this.#context);
    return this.#logon.judgePassword(name, password, this.#context);
  }
}

/** compat: the mechanism of Outlook and of most devices; the prompts are the ones they look for. */
class LoginExchange implements AuthExchange {
  readonly #logon: UserLogon;
  readonly #context: AuthContext;
  #name: string | undefined;

  constructor(logon: UserLogon, context: AuthContext) {
    this.#logon = logon;
    this.#context = context;
  }

  answer(response: Buffer | undefined): Soon<AuthStep> {
    if (response === undefined) return { kind: 'challenge', bytes: Buffer.from('Username:') };
    const text = response.toString('utf8');
    if (this.#name === undefined) {
      if (text === '' || text.includes('\0')) return REJECT('malformed');
      this.#name = text;
      return { kind: 'challenge', bytes: Buffer.from('Password:') };
    }
    return this.#logon.judgePassword(this.#name, text, this.#context);
  }
}

/** RFC 5802: three messages of the client: first, final, and an empty one that takes our signature. */
class ScramExchange implements AuthExchange {
  readonly #logon: UserLogon;
  readonly #context: AuthContext;
  readonly #isPlus: boolean;
  #first: ClientFirst | undefined;
  #verifier: { readonly verifier: ScramVerifier; readonly isFake: boolean } | undefined;
  #nonce = '';
  #serverFirst = '';
  #isProven = false;

  constructor(logon: UserLogon, context: AuthContext, isPlus: boolean) {
    this.#logon = logon;
    this.#context = context;
    this.#isPlus = isPlus;
  }

  answer(response: Buffer | undefined): Soon<AuthStep> {
    if (response === undefined)
      return this.#first === undefined ? { kind: 'challenge', bytes: Buffer.alloc(0) } : REJECT('malformed');
    if (this.#first === undefined) return this.#answerFirst(response.toString('utf8'));
    if (!this.#isProven) return this.#answerFinal(response.toString('latin1'));
    return response.length === 0
      ? this.#logon.accepted(this.#first.user, this.#context)
      : REJECT('malformed');
  }

  async #answerFirst(text: string): Promise<AuthStep> {
    const first = parseClientFirst(text);
    if (first === undefined) return REJECT('malformed');
    const { binding } = first;
    const wantsBinding = typeof binding === 'object';
    if (wantsBinding !== this.#isPlus) return REJECT('malformed');
    // RFC 5802 §6: `y` says that we offered no -PLUS. We did: somebody changed our offer on the way.
    if (binding === 'y' && this.#context.session.tls !== undefined)
      return this.#logon.rejected(first.user, this.#context);
    if (first.authorizationId !== undefined && first.authorizationId !== first.user)
      return this.#logon.rejected(first.user, this.#context);
    const verifier = await this.#logon.verifierOf(first.user);
    if (verifier === 'unreadable') return REJECT('busy');
    this.#first = first;
    this.#verifier = verifier;
    this.#nonce = first.nonce + randomBytes(18).toString('base64');
    const { salt, iterations } = verifier.verifier;
    this.#serverFirst = `r=${this.#nonce},s=${salt.toString('base64')},i=${iterations}`;
    return { kind: 'challenge', bytes: Buffer.from(this.#serverFirst) };
  }

  #answerFinal(text: string): Soon<AuthStep> {
    const first = this.#first!;
    const final = parseClientFinal(text);
    if (final === undefined) return REJECT('malformed');
    const { verifier, isFake } = this.#verifier!;
    const authMessage = `${first.bare},${this.#serverFirst},${final.withoutProof}`;
    const signature = verifyProof(verifier, authMessage, final.proof);
    const fits =
      final.nonce === this.#nonce &&
      this.#isBound(final.channelBinding) &&
      signature !== undefined &&
      !isFake;
    if (!fits) return this.#logon.rejected(first.user, this.#context);
    this.#isProven = true;
    return { kind: 'challenge', bytes: Buffer.from(`v=${signature.toString('base64')}`) };
  }

  #isBound(sent: Buffer): boolean {
    const { gs2Header, binding } = this.#first!;
    let expected = Buffer.from(gs2Header);
    if (typeof binding === 'object') {
      if (binding.type !== 'tls-exporter' && binding.type !== 'tls-server-end-point') return false;
      const bytes = this.#context.channelBinding(binding.type);
      if (bytes === undefined) return false;
      expected = Buffer.concat([expected, bytes]);
    }
    return sent.length === expected.length && timingSafeEqual(sent, expected);
  }
}
