/**
 * How fast messages are read and encoded: header scan, MIME tree, addresses, base64, quoted-printable.
 * `node scripts/bench.ts message` or `node bench/message.ts [SECONDS]`. One core; figures per second of processor time.
 */
import { availableParallelism, cpus } from 'node:os';
import {
  decodeBase64,
  encodeBase64,
  encodeQuotedPrintable,
  parseMailboxes,
  parseMime,
  scanHeader,
} from '../src/message/index.ts';

const seconds = Number(process.argv[2] ?? 2);
const field = (name: string, value: string): string => `${name}: ${value}\r\n`;
const header = [
  field(
    'Received',
    'from mail.example.com (mail.example.com [192.0.2.1])\r\n\tby mx.example.net; Mon, 3 Mar 2014 10:20:30 +0100',
  ),
  field(
    'Received',
    'from mail pickup service by mail.example.com with Microsoft SMTPSVC;\r\n\t Mon, 3 Mar 2014 10:20:29 +0100',
  ),
  ...Array.from({ length: 12 }, (_, n) => field(`X-Header-${n}`, `value number ${n} of this message`)),
  field('From', '"Web Robot" <robot@example.com>'),
  field('To', 'Ann <ann@example.net>, "Lee, Bob" <bob@example.net>'),
  field('Subject', '=?utf-8?Q?Gr=C3=BC=C3=9Fe?='),
  field('Content-Type', 'text/plain; charset=utf-8'),
].join('');
const plain = Buffer.from(`${header}\r\n${'text of the message\r\n'.repeat(250)}`);
const megabyte = Buffer.alloc(1024 * 1024, 'binary \xff\0 content');
const encoded = encodeBase64(megabyte);
const large = Buffer.concat([
  Buffer.from(
    `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n`,
  ),
  encoded,
  Buffer.from('--b--\r\n'),
]);

function rate(act: () => void): number {
  for (let warm = 0; warm < 50; warm += 1) act();
  const before = process.cpuUsage();
  let runs = 0;
  for (;;) {
    for (let run = 0; run < 20; run += 1) act();
    runs += 20;
    const { user, system } = process.cpuUsage(before);
    if (user + system > seconds * 1_000_000) return (runs * 1_000_000) / (user + system);
  }
}

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}; one core used`,
);
const print = (what: string, perSecond: number, unit: string): void =>
  console.log(`${what}: ${Math.round(perSecond)} ${unit}/s`);
print(
  'header scan, 18 fields, From and To read',
  rate(() => parseMailboxes(`${scanHeader(plain).value('from')}, ${scanHeader(plain).value('to')}`)),
  'messages',
);
print(
  'header scan alone',
  rate(() => scanHeader(plain)),
  'messages',
);
print(
  'MIME tree and text of a 6 kB message',
  rate(() => parseMime(plain).text()),
  'messages',
);
print(
  'MIME tree and attachment of 1 MB',
  rate(() => parseMime(large).children[1]!.decodedBody()),
  'MB',
);
print(
  'base64 encoding',
  rate(() => encodeBase64(megabyte)),
  'MB',
);
print(
  'base64 decoding',
  rate(() => decodeBase64(encoded)),
  'MB',
);
print(
  'quoted-printable encoding',
  rate(() => encodeQuotedPrintable(megabyte)),
  'MB',
);
