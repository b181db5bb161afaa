import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { manualClock } from '../../test/support/manual-clock.ts';
import { nodeDisk, RelayError, silentLogger, systemClock } from '../base/index.ts';
import type { AuthContext, AuthStep, SessionTls } from '../smtp/index.ts';
import { UserLogon } from './users.ts';
import { addUser, changePassword, listUsers, readUsers, removeUser } from './users-file.ts';
import {
  makeVerifier,
  parseClientFirst,
  parseVerifier,
  printVerifier,
  saslPrepare,
  verifyProof,
} from './users-scram.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailroot-users-'));
  path = join(folder, 'users');
});
afterEach(() => rmSync(folder, { recursive: true }));

const change = () => ({ disk: nodeDisk, path, iterations: 10 });

function contextOf(options: { tls?: SessionTls; address?: string; binding?: Buffer } = {}): AuthContext {
  return {
    session: {
      id: 'S',
      server: 'test',
      client: { address: options.address ?? '192.0.2.1', port: 1, localAddress: '192.0.2.9', localPort: 25 },
      grants: {
        lineEnds: 'refuse',
        mayAuthInClear: true,
        mayBeAnonymous: true,
        maxMessageBytes: 0,
        maxRecipients: 0,
      },
      heloName: 'x',
      isExtended: true,
      tls: options.tls,
      identity: undefined,
    },
    channelBinding: (type) => (type === 'tls-exporter' ? options.binding : undefined),
  };
}

const TLS: SessionTls = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };

/** A clock whose waits are over at once, so that failures need no time. */
const hastyClock = {
  ...systemClock,
  setTimer: (_ms: number, fire: () => void) => systemClock.setTimer(0, fire),
};

async function logon(clock = hastyClock): Promise<UserLogon> {
  const users = new UserLogon({ disk: nodeDisk, clock, logger: silentLogger, usersFile: path });
  await users.load();
  return users;
}

async function plain(users: UserLogon, text: string, context = contextOf()): Promise<AuthStep> {
  return users.begin('PLAIN', context)!.answer(Buffer.from(text));
}

test('adds, lists, changes and removes users in a file for its owner alone', async () => {
  await addUser(change(), 'anna', 'one');
  await addUser(change(), 'bert', 'two');
  assert.deepEqual(await listUsers(nodeDisk, path), ['anna', 'bert']);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  await assert.rejects(addUser(change(), 'anna', 'x'), /exists.*mailroot user passwd anna/);
  await assert.rejects(changePassword(change(), 'carl', 'x'), /no user 'carl'/);
  await assert.rejects(removeUser(change(), 'carl'), /no user 'carl'/);
  await assert.rejects(addUser(change(), 'a b', 'x'), /cannot be a user name/);
  await assert.rejects(addUser(change(), 'carl', ''), /password is empty/);
  await assert.rejects(addUser(change(), 'carl', 'a\nb'), /control characters/);
  await changePassword(change(), 'anna', 'three');
  await removeUser(change(), 'bert');
  const users = await logon();
  assert.equal((await plain(users, '\0anna\0three')).kind, 'accepted');
  assert.equal((await plain(users, '\0anna\0one')).kind, 'rejected');
  assert.equal((await plain(users, '\0bert\0two')).kind, 'rejected');
});

test('a damaged line refuses the whole file and is named', async () => {
  await addUser(change(), 'anna', 'one');
  writeFileSync(path, '# fine\nanna nonsense\n');
  await assert.rejects(
    readUsers(nodeDisk, path),
    (thrown) => thrown instanceof RelayError && /^Line 2 /.test(thrown.message),
  );
  const good = printVerifier((await makeVerifier('x', Buffer.from('salt'), 5))!);
  writeFileSync(path, `anna ${good}\nanna ${good}\n`);
  await assert.rejects(readUsers(nodeDisk, path), /Line 2 .* a second time/);
  writeFileSync(path, '\n# nobody\n');
  assert.equal((await readUsers(nodeDisk, path)).size, 0);
});

test('PLAIN and LOGIN check the same verifier', async () => {
  await addUser(change(), 'anna', 'pässword');
  const users = await logon();
  assert.deepEqual(await plain(users, '\0anna\0pässword'), { kind: 'accepted', user: 'anna' });
  assert.deepEqual(await plain(users, 'anna\0anna\0pässword'), { kind: 'accepted', user: 'anna' });
  assert.deepEqual(await plain(users, 'root\0anna\0pässword'), { kind: 'rejected', why: 'credentials' });
  assert.deepEqual(await plain(users, 'anna'), { kind: 'rejected', why: 'malformed' });
  assert.deepEqual(await plain(users, '\0anna\0pass\0word'), { kind: 'rejected', why: 'malformed' });
  const exchange = users.begin('LOGIN', contextOf())!;
  assert.deepEqual(await exchange.answer(undefined), { kind: 'challenge', bytes: Buffer.from('Username:') });
  assert.deepEqual(await exchange.answer(Buffer.from('anna')), {
    kind: 'challenge',
    bytes: Buffer.from('Password:'),
  });
  assert.deepEqual(await exchange.answer(Buffer.from('pässword')), { kind: 'accepted', user: 'anna' });
});

test('offers nothing without a file of users, and -PLUS over TLS alone', async () => {
  const none = new UserLogon({ disk: nodeDisk, clock: systemClock, logger: silentLogger });
  assert.deepEqual(none.mechanisms(contextOf()), []);
  const users = await logon();
  assert.deepEqual(users.mechanisms(contextOf()), ['SCRAM-SHA-256', 'PLAIN', 'LOGIN']);
  assert.deepEqual(users.mechanisms(contextOf({ tls: TLS })), [
    'SCRAM-SHA-256-PLUS',
    'SCRAM-SHA-256',
    'PLAIN',
    'LOGIN',
  ]);
  assert.equal(users.begin('NTLM', contextOf()), undefined);
  assert.equal(users.begin('CRAM-MD5', contextOf()), undefined);
});

test('the arithmetic is that of the example in RFC 7677', () => {
  // RFC 7677 §3: user `user`, password `pencil`.
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  const salted = pbkdf2Sync('pencil', salt, 4096, 32, 'sha256');
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest();
  const verifier = { iterations: 4096, salt, storedKey, serverKey: hmac(salted, 'Server Key') };
  const authMessage =
    'n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,' +
    's=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  const proof = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64');
  assert.equal(
    verifyProof(verifier, authMessage, proof)?.toString('base64'),
    '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  );
  proof[0]! ^= 1;
  assert.equal(verifyProof(verifier, authMessage, proof), undefined);
  assert.deepEqual(parseVerifier(printVerifier(verifier)), verifier);
});

/** A SCRAM client, written for this test from RFC 5802 §5. */
async function scram(
  users: UserLogon,
  name: string,
  password: string,
  options: { context?: AuthContext; mechanism?: string; gs2?: string; bound?: Buffer } = {},
): Promise<AuthStep> {
  const gs2 = options.gs2 ?? 'n,,';
  const exchange = users.begin(options.mechanism ?? 'SCRAM-SHA-256', options.context ?? contextOf())!;
  const bare = `n=${name},r=abc`;
  const first = await exchange.answer(Buffer.from(gs2 + bare));
  if (first.kind !== 'challenge') return first;
  const serverFirst = Buffer.from(first.bytes).toString();
  const [, nonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst)!;
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const salted = pbkdf2Sync(password, Buffer.from(salt!, 'base64'), Number(iterations), 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  const bound = Buffer.concat([Buffer.from(gs2), options.bound ?? Buffer.alloc(0)]).toString('base64');
  const withoutProof = `c=${bound},r=${nonce}`;
  const authMessage = `${bare},${serverFirst},${withoutProof}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), authMessage);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString('base64');
  const final = await exchange.answer(Buffer.from(`${withoutProof},p=${proof}`));
  if (final.kind !== 'challenge') return final;
  const expected = hmac(hmac(salted, 'Server Key'), authMessage).toString('base64');
  assert.equal(Buffer.from(final.bytes).toString(), `v=${expected}`);
  return exchange.answer(Buffer.alloc(0));
}

test('SCRAM-SHA-256 works with the verifier alone', async () => {
  await addUser(change(), 'anna', 'one');
  await addUser(change(), 'a,b=c', 'two');
  const users = await logon();
  assert.deepEqual(await scram(users, 'anna', 'one'), { kind: 'accepted', user: 'anna' });
  assert.deepEqual(await scram(users, 'a=2Cb=3Dc', 'two'), { kind: 'accepted', user: 'a,b=c' });
  assert.deepEqual(await scram(users, 'anna', 'two'), { kind: 'rejected', why: 'credentials' });
  assert.deepEqual(await scram(users, 'nobody', 'one'), { kind: 'rejected', why: 'credentials' });
  assert.deepEqual(await scram(users, 'anna', 'one', { gs2: 'n,a=root,' }), {
    kind: 'rejected',
    why: 'credentials',
  });
  assert.deepEqual(await scram(users, 'anna', 'one', { bound: Buffer.from('x') }), {
    kind: 'rejected',
    why: 'credentials',
  });
});

test('SCRAM-SHA-256-PLUS binds to the connection, and a removed offer is noticed', async () => {
  await addUser(change(), 'anna', 'one');
  const users = await logon();
  const context = contextOf({ tls: TLS, binding: Buffer.from('exported key') });
  const plus = { context, mechanism: 'SCRAM-SHA-256-PLUS', gs2: 'p=tls-exporter,,' };
  assert.equal(
    (await scram(users, 'anna', 'one', { ...plus, bound: Buffer.from('exported key') })).kind,
    'accepted',
  );
  assert.equal(
    (await scram(users, 'anna', 'one', { ...plus, bound: Buffer.from('another key!') })).kind,
    'rejected',
  );
  assert.equal(
    (await scram(users, 'anna', 'one', { ...plus, gs2: 'p=tls-unique,,', bound: Buffer.from('x') })).kind,
    'rejected',
  );
  assert.equal((await scram(users, 'anna', 'one', { ...plus, gs2: 'n,,' })).kind, 'rejected');
  assert.equal((await scram(users, 'anna', 'one', { context, gs2: 'y,,' })).kind, 'rejected');
  assert.equal((await scram(users, 'anna', 'one', { context, gs2: 'n,,' })).kind, 'accepted');
  assert.equal((await scram(users, 'anna', 'one', { gs2: 'y,,' })).kind, 'accepted');
});

test('a name that nobody has gets the same salt each time', async () => {
  await addUser(change(), 'anna', 'one');
  const users = await logon();
  const saltOf = async (name: string) =>
    (await users.verifierOf(name)) as { verifier: { salt: Buffer; iterations: number } };
  assert.deepEqual((await saltOf('nobody')).verifier.salt, (await saltOf('nobody')).verifier.salt);
  assert.notDeepEqual((await saltOf('nobody')).verifier.salt, (await saltOf('noone')).verifier.salt);
  assert.equal((await saltOf('nobody')).verifier.iterations, 10);
});

test('turns an address away after ten failures, others notice nothing', async () => {
  await addUser(change(), 'anna', 'one');
  const users = await logon();
  for (let count = 0; count < 10; count += 1)
    assert.deepEqual(await plain(users, '\0anna\0wrong'), { kind: 'rejected', why: 'credentials' });
  assert.deepEqual(await plain(users, '\0anna\0one'), { kind: 'rejected', why: 'blocked' });
  assert.equal((await plain(users, '\0anna\0one', contextOf({ address: '192.0.2.2' }))).kind, 'accepted');
});

test('the block ends after ten minutes', async () => {
  await addUser(change(), 'anna', 'one');
  const clock = manualClock();
  const users = await logon(clock);
  for (let count = 0; count < 10; count += 1) {
    const answer = plain(users, '\0anna\0wrong');
    // The waits grow; each is over when the clock has moved far enough.
    let isDone = false;
    void answer.then(() => {
      isDone = true;
    });
    while (!isDone) {
      await new Promise(setImmediate);
      clock.advance(100);
    }
  }
  assert.deepEqual(await plain(users, '\0anna\0one'), { kind: 'rejected', why: 'blocked' });
  clock.advance(600_000);
  assert.equal((await plain(users, '\0anna\0one')).kind, 'accepted');
});

test('sees a changed file without a reload, and says busy when it cannot be read', async () => {
  await addUser(change(), 'anna', 'one');
  const clock = manualClock();
  const users = await logon(clock);
  assert.equal((await plain(users, '\0anna\0one')).kind, 'accepted');
  await changePassword(change(), 'anna', 'two');
  clock.advance(3000);
  assert.equal((await plain(users, '\0anna\0two')).kind, 'accepted');
  writeFileSync(path, 'nonsense\n');
  clock.advance(3000);
  assert.deepEqual(await plain(users, '\0anna\0two'), { kind: 'rejected', why: 'busy' });
});

test('prepares names and passwords', () => {
  assert.equal(saslPrepare('I\u00adX'), 'IX');
  assert.equal(saslPrepare('\u2168'), 'IX');
  assert.equal(saslPrepare('a\u00a0b'), 'a b');
  assert.equal(saslPrepare('a\u0007'), undefined);
  assert.equal(parseClientFirst('n,,n=a=b,r=x'), undefined);
  assert.equal(parseClientFirst('n,,r=x'), undefined);
  assert.equal(parseClientFirst('n,,m=ext,n=a,r=x'), undefined);
});
