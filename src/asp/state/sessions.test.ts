import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Clock } from '../../base/index.ts';
import type { PageSession, SessionAfter, StoredContents } from '../contract.ts';
import { keysInCookies, sessionCookie, sessionCookieName } from './session-cookie.ts';
import { type SessionLimits, SessionStore, type SessionTurn } from './sessions.ts';

class HandClock implements Clock {
  #now = 0;
  #timers: { at: number; fire: () => void }[] = [];
  now = () => this.#now;
  monotonicMs = () => this.#now;
  setTimer(delayMs: number, fire: () => void) {
    const timer = { at: this.#now + delayMs, fire };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }
  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = next.at;
      next.fire();
    }
    this.#now = until;
  }
}

const LIMITS: SessionLimits = { timeoutMinutes: 20, most: 100, mostBytes: 1_000_000, mostWaiting: 3 };

function store(limits: Partial<SessionLimits> = {}) {
  const clock = new HandClock();
  const ended: PageSession[] = [];
  const sessions = new SessionStore({
    clock,
    limits: () => ({ ...LIMITS, ...limits }),
    onEnd: (session) => ended.push(session),
  });
  return { clock, ended, sessions };
}

const text = (value: string): StoredContents => [['Name', { kind: 'plain', value }]];
const kept = (contents?: StoredContents, timeoutMinutes = 20): SessionAfter => ({
  kind: 'kept',
  contents,
  timeoutMinutes,
  locale: undefined,
  codePage: undefined,
  isResident: false,
});

async function turn(sessions: SessionStore, ...keys: string[]): Promise<SessionTurn> {
  const answer = await sessions.enter(keys);
  assert.ok(typeof answer === 'object', `a turn is expected, found ${String(answer)}`);
  return answer;
}

async function newSession(sessions: SessionStore, value = 'x'): Promise<string> {
  const first = await turn(sessions);
  assert.equal(first.leave(kept(text(value))), 'kept');
  return first.key;
}

test('a session exists only when a page has kept it (S2)', async () => {
  const { sessions } = store();
  const unused = await turn(sessions);
  assert.equal(unused.session.isNew, true);
  assert.equal(unused.leave({ kind: 'unused' }), 'none');
  const dead = await turn(sessions);
  assert.equal(dead.leave(undefined), 'none');
  assert.equal(sessions.size, 0);
  const key = await newSession(sessions);
  assert.equal(sessions.size, 1);
  const again = await turn(sessions, key);
  assert.equal(again.session.isNew, false);
  assert.deepEqual(again.session.contents, text('x'));
  again.leave(kept());
  const third = await turn(sessions, key);
  assert.deepEqual(third.session.contents, text('x'), 'not changed: what was there stays');
});

test('a key that was brought along never becomes a session (S1)', async () => {
  const { sessions } = store();
  const foreign = 'ABCDEFGHIJKLMNOPQRSTUVWX';
  const first = await turn(sessions, foreign);
  assert.equal(first.session.isNew, true);
  assert.notEqual(first.key, foreign);
  first.leave(kept(text('mine')));
  assert.equal((await turn(sessions, foreign)).session.isNew, true);
});

test('keys are 24 letters, drawn evenly, never twice', async () => {
  const { sessions } = store({ most: 5000 });
  const keys = new Set<string>();
  const counts = new Map<string, number>();
  for (let at = 0; at < 2000; at += 1) {
    const { key } = await turn(sessions);
    assert.match(key, /^[A-Z]{24}$/);
    keys.add(key);
    for (const letter of key) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  assert.equal(keys.size, 2000);
  // 48,000 letters, 1846 of each expected, standard deviation 42.
  for (const [letter, found] of counts) assert.ok(Math.abs(found - 1846) < 300, `${letter}: ${found}`);
});

test('requests of one session take turns in order of arrival (S3)', async () => {
  const { sessions } = store();
  const key = await newSession(sessions);
  const first = await turn(sessions, key);
  const order: string[] = [];
  const wait = async (name: string) => {
    const own = await turn(sessions, key);
    order.push(`${name} sees ${(own.session.contents[0]![1] as { value: string }).value}`);
    own.leave(kept(text(name)));
  };
  const others = [wait('b'), wait('c'), wait('d')];
  assert.equal(await sessions.enter([key]), 'busy', 'a fourth that waits is too much');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(order, []);
  first.leave(kept(text('a')));
  await Promise.all(others);
  assert.deepEqual(order, ['b sees a', 'c sees b', 'd sees c']);
});

test('never two requests have the turn of one session, whatever the order of events (S3)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ session: fc.nat(2), steps: fc.nat(3), end: fc.nat(9) }), { maxLength: 25 }),
      async (requests) => {
        const { sessions } = store({ mostWaiting: 100 });
        const keys = [await newSession(sessions), await newSession(sessions), await newSession(sessions)];
        const inside = new Set<string>();
        await Promise.all(
          requests.map(async ({ session, steps, end }) => {
            const own = await turn(sessions, keys[session]!);
            assert.equal(inside.has(own.key), false);
            inside.add(own.key);
            for (let at = 0; at < steps; at += 1) await new Promise((resolve) => setImmediate(resolve));
            inside.delete(own.key);
            own.leave(end === 0 ? { kind: 'abandoned', contents: [] } : end === 1 ? undefined : kept());
          }),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('Abandon ends the session with the contents it had; who waits for it gets a new one (S4)', async () => {
  const { sessions, ended } = store();
  const key = await newSession(sessions);
  const first = await turn(sessions, key);
  const waiting = turn(sessions, key);
  assert.equal(first.leave({ kind: 'abandoned', contents: text('last') }), 'none');
  assert.deepEqual(
    ended.map(({ contents }) => contents),
    [text('last')],
  );
  assert.equal((await waiting).session.isNew, true);
  assert.equal(sessions.size, 0);
});

test('a session ends when its time is over, and each with its own time-out', async () => {
  const { sessions, ended, clock } = store();
  const short = await turn(sessions);
  short.leave(kept(text('short'), 5));
  const long = await turn(sessions);
  long.leave(kept(text('long'), 60));
  clock.pass(4 * 60_000);
  (await turn(sessions, short.key)).leave(kept(undefined, 5));
  clock.pass(4 * 60_000);
  assert.equal(sessions.size, 2, 'each request starts the time anew');
  clock.pass(2 * 60_000);
  assert.deepEqual(
    ended.map(({ contents }) => contents),
    [text('short')],
  );
  assert.equal((await turn(sessions, short.key)).session.isNew, true);
  clock.pass(60 * 60_000);
  assert.equal(ended.length, 2);
  assert.equal(sessions.size, 0);
  assert.equal(sessions.bytes, 0);
});

test('a session whose request takes longer than the time-out does not end under it', async () => {
  const { sessions, ended, clock } = store();
  const key = await newSession(sessions);
  const slow = await turn(sessions, key);
  clock.pass(30 * 60_000);
  assert.equal(ended.length, 0);
  slow.leave(kept());
  clock.pass(19 * 60_000);
  assert.equal(sessions.size, 1);
});

test('there is a bound for the number of sessions and for what they hold', async () => {
  const few = store({ most: 2 });
  await newSession(few.sessions);
  const key = await newSession(few.sessions);
  assert.equal(await few.sessions.enter([]), 'full');
  assert.equal(typeof (await few.sessions.enter([key])), 'object', 'those that exist go on');
  const small = store({ mostBytes: 10_000 });
  await newSession(small.sessions, 'x'.repeat(10_000));
  assert.equal(await small.sessions.enter([]), 'full');
  small.clock.pass(21 * 60_000);
  assert.equal(typeof (await small.sessions.enter([])), 'object');
});

test('at the stop every session ends once, also one whose request is still under way', async () => {
  const { sessions, ended } = store();
  const key = await newSession(sessions);
  await newSession(sessions);
  const open = await turn(sessions, key);
  sessions.endAll();
  assert.equal(ended.length, 2);
  assert.equal(open.leave(kept(text('late'))), 'none');
  assert.equal(ended.length, 2);
  assert.equal(sessions.bytes, 0);
});

test('the cookie: name by site, path of the whole site, not for scripts, not for foreign forms', () => {
  const name = sessionCookieName('shop');
  assert.match(name, /^ASPSESSIONID[A-Z]{8}$/);
  assert.notEqual(name, sessionCookieName('other'));
  assert.equal(name, sessionCookieName('shop'));
  assert.equal(
    sessionCookie('ASPSESSIONIDA', 'K', { secure: false }),
    'ASPSESSIONIDA=K; path=/; HttpOnly; SameSite=Lax',
  );
  assert.match(sessionCookie('ASPSESSIONIDA', 'K', { secure: true }), /; Secure$/);
});

test('keys are found among other cookies, and only a few of them', () => {
  assert.deepEqual(keysInCookies('a=1; ASPX=K1;b=2; ASPX=K2', 'ASPX'), ['K1', 'K2']);
  assert.deepEqual(keysInCookies(undefined, 'ASPX'), []);
  assert.deepEqual(keysInCookies('ASPXY=1; aspx=2; ASPX', 'ASPX'), []);
  assert.equal(keysInCookies('ASPX=1;'.repeat(1000), 'ASPX').length, 4);
});
