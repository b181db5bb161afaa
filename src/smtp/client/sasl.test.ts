import assert from 'node:assert/strict';
import { test } from 'node:test';
import { md4, ntlmAuthenticate, ntlmNegotiate } from './ntlm.ts';
import { startSasl } from './sasl.ts';

const fresh = { nonce: 'rOprNGfwEbeRWgbNEkqO', nowMs: 0 };

test('SCRAM-SHA-256 gives the exchange of RFC 7677 §3', () => {
  const start = startSasl(['PLAIN', 'SCRAM-SHA-256'], { user: 'user', password: 'pencil' }, fresh)!;
  assert.equal(start.mechanism, 'SCRAM-SHA-256');
  assert.equal(start.initial!.toString(), 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO');
  const second = start.after.respond(
    Buffer.from('r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'),
  );
  assert.ok('send' in second);
  assert.equal(
    second.send.toString(),
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  );
  assert.ok(second.after.isServerUnproven);
  const last = second.after.respond(Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='));
  assert.ok('send' in last && !last.after.isServerUnproven && last.send.length === 0);
  const forged = second.after.respond(Buffer.from('v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='));
  assert.ok('broken' in forged);
});

test('SCRAM-SHA-256 refuses iteration counts that are too few or endless', () => {
  for (const count of [1, 4095, 1_000_001, 99_999_999]) {
    const start = startSasl(['SCRAM-SHA-256'], { user: 'user', password: 'pencil' }, fresh)!;
    const answer = start.after.respond(
      Buffer.from(`r=${fresh.nonce}abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=${count}`),
    );
    assert.ok('broken' in answer, String(count));
  }
});

test('the strongest common mechanism is taken, a named one alone', () => {
  const user = { user: 'u', password: 'p' };
  const chosen = (offered: readonly string[], more: object = {}): string | undefined =>
    startSasl(offered, { ...user, ...more }, fresh)?.mechanism;
  assert.equal(chosen(['CRAM-MD5', 'LOGIN', 'PLAIN']), 'PLAIN');
  assert.equal(chosen(['NTLM', 'CRAM-MD5']), 'CRAM-MD5');
  assert.equal(chosen(['GSSAPI', 'NTLM']), 'NTLM');
  assert.equal(chosen(['GSSAPI']), undefined);
  assert.equal(chosen(['NTLM', 'PLAIN'], { mechanism: 'NTLM' }), 'NTLM');
  assert.equal(chosen(['PLAIN'], { mechanism: 'NTLM' }), undefined);
  assert.equal(chosen(['PLAIN'], { mechanism: 'toString' }), undefined);
  assert.equal(chosen(['PLAIN', 'XOAUTH2'], { accessToken: 't' }), 'XOAUTH2');
  assert.equal(chosen(['PLAIN'], { accessToken: 't' }), undefined);
});

test('MD4 gives the digests of RFC 1320 appendix A.5', () => {
  const digest = (text: string): string => md4(Buffer.from(text)).toString('hex');
  assert.equal(digest(''), '31d6cfe0d16ae931b73c59d7e0c089c0');
  assert.equal(digest('abc'), 'a448017aaf21d8525fc10ae87aa6729d');
  assert.equal(
    digest('12345678901234567890123456789012345678901234567890123456789012345678901234567890'),
    'e33b4ddc9c38f2199c3e7b164fcc0536',
  );
});

test('NTLM version 2 proves the password against the server’s challenge (MS-NLMP §4.2.4)', () => {
  const serverChallenge = Buffer.from('0123456789abcdef', 'hex');
  const fields = Buffer.concat([
    Buffer.from('02000c00', 'hex'),
    Buffer.from('Domain', 'utf16le'),
    Buffer.from('01000c00', 'hex'),
    Buffer.from('Server', 'utf16le'),
    Buffer.from('00000000', 'hex'),
  ]);
  const challenge = Buffer.alloc(48);
  challenge.write('NTLMSSP\0', 'latin1');
  challenge.writeUInt32LE(2, 8);
  serverChallenge.copy(challenge, 24);
  challenge.writeUInt16LE(fields.length, 40);
  challenge.writeUInt32LE(48, 44);
  const answer = ntlmAuthenticate(Buffer.concat([challenge, fields]), {
    user: 'User',
    password: 'Password',
    domain: 'Domain',
    clientChallenge: Buffer.from('aaaaaaaaaaaaaaaa', 'hex'),
    // The example's time is zero: 1601.
    nowMs: -11_644_473_600_000,
  });
  assert.ok('message' in answer);
  const field = (at: number): Buffer => {
    const offset = answer.message.readUInt32LE(at + 4);
    return answer.message.subarray(offset, offset + answer.message.readUInt16LE(at));
  };
  assert.equal(field(12).toString('hex'), '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
  assert.equal(field(20).subarray(0, 16).toString('hex'), '68cd0ab851e51c96aabc927bebef6a1c');
  assert.equal(field(36).toString('utf16le'), 'User');
});

test('an NTLM challenge that makes no sense is a value', () => {
  const user = { user: 'u', password: 'p', domain: '', clientChallenge: Buffer.alloc(8), nowMs: 0 };
  const cut = Buffer.alloc(48);
  cut.write('NTLMSSP\0', 'latin1');
  cut.writeUInt32LE(2, 8);
  cut.writeUInt16LE(500, 40);
  for (const bad of [Buffer.alloc(0), Buffer.alloc(60), ntlmNegotiate(), cut])
    assert.ok('broken' in ntlmAuthenticate(bad, user));
});
