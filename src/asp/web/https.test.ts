import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect, type PeerCertificate } from 'node:tls';
import { htmlOutcome, pageHead, startSite } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroot-https-'));
after(() => rmSync(folder, { recursive: true }));
const certificateFile = join(folder, 'site.pem');
const keyFile = join(folder, 'site.key');

/** A self-signed pair for `name`; the key is written first, as renewal programs do. */
function makeCertificate(name: string): void {
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', `/CN=${name}`, '-keyout', keyFile, '-out', certificateFile],
    ],
    { stdio: 'ignore' },
  );
}

function ask(port: number): Promise<{ text: string; certificate: PeerCertificate }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    let text = '';
    let certificate: PeerCertificate;
    socket.setEncoding('latin1');
    socket.on('secureConnect', () => {
      certificate = socket.getPeerCertificate();
      socket.write('GET /a.asp HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n');
    });
    socket.on('data', (piece: string) => {
      text += piece;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ text, certificate }));
  });
}

test('HTTPS: pages know it, the session cookie is for HTTPS alone, a renewed certificate is used, a broken one is not', async () => {
  makeCertificate('first.test');
  const site = await startSite(
    { 'a.asp': 'x' },
    (order) =>
      htmlOutcome('', {
        rest: {
          head: pageHead([], { startsSession: true }),
          bytes: Buffer.from(`secure ${order.request!.isSecure}`),
        },
        session: {
          kind: 'kept',
          contents: [],
          timeoutMinutes: 20,
          locale: undefined,
          codePage: undefined,
          isResident: false,
        },
      }),
    { listen: [], listenHttps: ['127.0.0.1:0'], tls: { certificateFile, keyFile } },
  );
  const until = async (event: string) => {
    while (!site.events.some(({ name }) => name === event))
      await new Promise((resolve) => setTimeout(resolve, 50));
  };
  try {
    assert.match(site.url, /^https:/);
    const first = await ask(site.port);
    assert.match(first.text, /secure true$/);
    assert.match(first.text, /set-cookie: ASPSESSIONID[^\r]*; Secure\r\n/i);
    assert.equal(first.certificate.subject.CN, 'first.test');
    makeCertificate('second.test');
    await until('asp.certificate-renewed');
    assert.equal((await ask(site.port)).certificate.subject.CN, 'second.test');
    writeFileSync(certificateFile, 'no certificate');
    await until('asp.certificate-unusable');
    assert.equal((await ask(site.port)).certificate.subject.CN, 'second.test');
  } finally {
    await site.stop();
  }
});

test('a certificate that is none keeps the site from starting and is named', async () => {
  writeFileSync(certificateFile, 'no certificate');
  await assert.rejects(
    startSite({}, undefined, { listen: [], listenHttps: ['127.0.0.1:0'], tls: { certificateFile, keyFile } }),
    { code: 'config-invalid', message: /site\.pem.*cannot be used.*PEM and belong together/s },
  );
  rmSync(certificateFile);
  await assert.rejects(
    startSite({}, undefined, { listen: [], listenHttps: ['127.0.0.1:0'], tls: { certificateFile, keyFile } }),
    { code: 'not-found', message: /site\.pem/ },
  );
});
