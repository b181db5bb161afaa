/** Import cases: `NN-name.xml` beside `.expect.yaml`, which holds the settings, then the notes, or why it is refused. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { loadConfig } from '../../src/config/index.ts';
import { importIis, importReport, readAddressList, readXml, XML_BOUNDS } from '../../src/import/index.ts';

const folder = join(import.meta.dirname, 'iis');
const target = '/etc/mailroot/mailroot.yaml';
const cases = readdirSync(folder).filter((name) => name.endsWith('.xml'));

function outcome(name: string): string {
  // The cases from Windows to Windows keep the old paths.
  const platform = name.startsWith('20') ? 'windows' : 'posix';
  const result = importIis(readFileSync(join(folder, name)), { source: name, target, platform });
  if (!result.ok) return stringify({ refused: result.reason }, { lineWidth: 0 });
  const notes = result.value.notes.map(({ kind, id, place, text }) => `${kind} ${id}: ${text} (${place})`);
  return `${result.value.text}---\n${stringify({ notes }, { lineWidth: 0 })}`;
}

describe('import of the Windows SMTP service', () => {
  it('has at least 25 cases', () => assert.ok(cases.length >= 25, String(cases.length)));

  for (const name of cases) {
    it(`takes over ${name}`, () => {
      const expected = join(folder, name.replace(/\.xml$/, '.expect.yaml'));
      const found = outcome(name);
      if (process.env['MAILROOT_ACCEPT'] === '1') writeFileSync(expected, found);
      assert.ok(existsSync(expected), `${expected} is missing; run with MAILROOT_ACCEPT=1 and read it`);
      assert.equal(found, readFileSync(expected, 'utf8'));
      const refused = name >= '50';
      assert.equal(found.startsWith('refused:'), refused);
      if (refused) return;
      const settings = found.slice(0, found.indexOf('\n---\n') + 1);
      const loaded = loadConfig(settings, target);
      assert.ok(loaded.ok, JSON.stringify(loaded));
      assert.deepEqual(
        loaded.config.servers.filter((server) => server.access.relayForEveryone !== false),
        [],
        'nothing imported is an open relay',
      );
      for (const line of settings.split('\n')) {
        if (line.trim() === '' || /^\s*#/.test(line)) continue;
        assert.match(line, / # \S/, `a line without its origin: ${line}`);
      }
      assert.equal(parseAllDocuments(found).length, 2);
    });
  }

  it('takes networks without the bits behind the mask, which the service would refuse', () => {
    const blob = Buffer.alloc(84);
    for (const [at, value] of [
      [0, 24],
      [4, 32],
      [8, 60],
      [12, 68],
      [56, 76],
    ] as const)
      blob.writeUInt32LE(0x8000_0000 + value, at);
    for (const [at, value] of [
      [16, 1],
      [20, 76],
      [32, 1],
      [36, 1],
      [40, 2],
      [44, 2],
      [48, 4],
    ] as const)
      blob.writeUInt32LE(value, at);
    blob.set([255, 255, 255, 0, 192, 168, 7, 33], 76);
    const list = readAddressList(blob);
    assert.ok(list.ok);
    assert.deepEqual(list.value.granted, ['192.168.7.0/24']);
  });

  it('writes a report that names each property of the file, with its place', () => {
    const name = '01-fresh-install.xml';
    const result = importIis(readFileSync(join(folder, name)), { source: name, target, platform: 'posix' });
    assert.ok(result.ok);
    const report = importReport('Import', result.value.rows, result.value.notes);
    const written = /<IIsSmtpServer([^>]*)>/.exec(readFileSync(join(folder, name), 'utf8'))![1]!;
    for (const [, property, value] of written.matchAll(/(\w+)="([^"]*)"/g)) {
      const isSilent = value === '' || property === 'SmartHostType' || property!.endsWith('Directory');
      if (
        isSilent ||
        property === 'Location' ||
        property === 'ServerComment' ||
        property === 'ServerAutoStart'
      )
        continue;
      assert.ok(report.includes(`${property} = `), `${property} is missing in:\n${report}`);
    }
    assert.match(report, /MaxMessageSize = 2097152\s+limits\.messageSize: 2 MB\s+\/LM\/SmtpSvc\/1, line \d+/);
  });

  it('refuses a file of 100 MB without reading into it', () => {
    const huge = Buffer.alloc(100 * 1024 * 1024, ' ');
    huge.write('<configuration>');
    const result = importIis(huge, { source: 'huge.xml', target, platform: 'posix' });
    assert.ok(!result.ok);
    assert.match(result.reason, /104857600 bytes and 67108864 are the most/);
  });

  it('stops at the first bound that a hostile file breaks', () => {
    const attributes = Array.from({ length: XML_BOUNDS.attributesPerElement + 1 }, (_, n) => `a${n}=""`).join(
      ' ',
    );
    for (const [text, reason] of [
      [`<configuration ${attributes}/>`, /more than 2000 attributes/],
      [`<configuration a="${'x'.repeat(XML_BOUNDS.valueLength + 1)}"/>`, /attribute value/],
      [`<configuration>${'<a/>'.repeat(XML_BOUNDS.elements)}</configuration>`, /more than 500000 elements/],
    ] as const) {
      const result = readXml(Buffer.from(text));
      assert.ok(!result.ok);
      assert.match(result.reason, reason);
      assert.match(result.reason, /^line \d+, column \d+: /);
    }
  });

  it('answers every damaged file, and what it answers loads', () => {
    const whole = readFileSync(join(folder, '17-domains-of-every-kind.xml'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.nat(whole.length),
        (changes, length) => {
          const bytes = Buffer.from(whole.subarray(0, length < 20 ? whole.length : length));
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          const result = importIis(bytes, { source: 'x.xml', target, platform: 'posix' });
          if (result.ok) assert.ok(loadConfig(result.value.text, target).ok);
          else assert.notEqual(result.reason, '');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('survives any value of any property', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'RelayIpList',
          'IPSecurity',
          'RouteAction',
          'SmartHost',
          'ServerBindings',
          'MaxMessageSize',
          'MaxSessionSize',
          'SmtpRemoteProgressiveRetry',
          'FullyQualifiedDomainName',
          'PickupDirectory',
          'RouteUserName',
          'AuthFlags',
          'SmtpRemoteNDRExpireMinutes',
          'RemoteSmtpPort',
          'LocalRetryInterval',
          'ServerComment',
        ),
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'grapheme' }),
          fc.nat().map(String),
          fc.string({ unit: fc.constantFrom('0', '8', 'f', '1'), maxLength: 400 }),
        ),
        (property, value) => {
          const escaped = value
            .replace(/[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]/g, '?')
            .replace(/[&<>"\t\n]/g, (character) => `&#${character.codePointAt(0)};`);
          const text = `<IIsSmtpServer Location="/LM/SmtpSvc/1" SmartHostType="2" ${property}="${escaped}"/>`;
          const result = importIis(Buffer.from(text), { source: 'x.xml', target, platform: 'posix' });
          assert.ok(result.ok, result.ok ? '' : result.reason);
          const [server] = result.value.config.servers;
          assert.equal(server!.access.relayForEveryone, false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
