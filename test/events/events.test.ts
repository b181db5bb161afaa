/** The event numbers, the log-on guard and `mailroot events`. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type LogFields, type Logger, nodeDisk, systemClock } from '../../src/base/index.ts';
import { defaultLogonName, guardLogon, mayLogOn, WINDOWS_EVENTS } from '../../src/events/index.ts';
import { commandsIn } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroot-events-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const docs = join(import.meta.dirname, '../../docs');

const run = commandsIn(folder);

describe('event numbers', () => {
  it('stand in docs/events.md, row for row, and name events that there are', () => {
    const page = readFileSync(join(docs, 'events.md'), 'utf8');
    const log = readFileSync(join(docs, 'log-events.md'), 'utf8');
    for (const [name, { source, id, severity }] of Object.entries(WINDOWS_EVENTS)) {
      assert.ok(page.includes(`| ${id} | ${source} | ${severity} | ${name} |`), name);
      assert.ok(log.includes(`| ${name} |`), `${name} is no event`);
    }
    assert.equal(
      page.split('\n').filter((line) => /^\| \d+ \|/.test(line)).length,
      Object.keys(WINDOWS_EVENTS).length,
    );
  });
});

describe('the log-on guard', () => {
  const logonName = 'Internet Mail Connector (MAIL01)';

  it('lets in whom the list names, alone or at the end of a distinguished name, in any case', () => {
    assert.equal(defaultLogonName('mail01.corp.example'), logonName);
    for (const [logonOnlyAs, expected] of [
      [undefined, true],
      [[], false],
      [['somebody'], false],
      [[logonName.toLowerCase()], true],
      [[`/o=X/ou=Y/cn=Configuration/cn=Connections/cn=${logonName}`], true],
      [[`/o=X/cn=Not${logonName}`], false],
      [[`${logonName}/cn=other`], false],
    ] as const) {
      assert.equal(mayLogOn({ logonOnlyAs, logonName }), expected, JSON.stringify(logonOnlyAs));
    }
  });

  it('writes its events in order and moves each claimed file whole; nothing else', async () => {
    const pickup = join(folder, 'Pickup');
    mkdirSync(join(pickup, '.mailroot-claimed'), { recursive: true });
    writeFileSync(join(pickup, '.mailroot-claimed/a.2.x.y.eml'), 'A');
    writeFileSync(join(pickup, 'b.eml'), 'B');
    const events: [string, LogFields | undefined][] = [];
    const log: Logger = { event: (_, name, fields) => void events.push([name, fields]), with: () => log };
    const guard = {
      logonOnlyAs: [],
      logonName,
      servers: [{ name: 'default', pickup, badmail: join(folder, 'Badmail') }],
    };
    await assert.rejects(
      guardLogon(guard, { disk: nodeDisk, clock: systemClock, log }),
      /Add 'Internet Mail Connector \(MAIL01\)' to logonOnlyAs/,
    );
    assert.deepEqual(
      events.map(([name]) => name).filter((name) => name.startsWith('logon.')),
      ['logon.refused', 'logon.start-refused', 'logon.message-set-aside'],
    );
    assert.deepEqual(events.at(-1)![1]!['files'], ['x.y.eml']);
    assert.equal(readFileSync(join(folder, 'Badmail/a.BAD'), 'utf8'), 'A');
    assert.deepEqual(readdirSync(pickup), ['.mailroot-claimed', 'b.eml']);
    await guardLogon({ ...guard, logonOnlyAs: [logonName] }, { disk: nodeDisk, clock: systemClock, log });
  });

  it('has nothing to move where Pickup does not exist', async () => {
    const log: Logger = { event: () => {}, with: () => log };
    const guard = {
      logonOnlyAs: [],
      logonName,
      servers: [{ name: 'x', pickup: join(folder, 'none'), badmail: join(folder, 'none-bad') }],
    };
    await assert.rejects(guardLogon(guard, { disk: nodeDisk, clock: systemClock, log }), /does not start/);
  });
});

describe('mailroot events', () => {
  it('lists the newest events of several days with their numbers, and passes over a cut line', async () => {
    const log = join(folder, 'mailroot/Log');
    mkdirSync(log, { recursive: true });
    const line = (event: string, level: string, time: string): string =>
      JSON.stringify({ level, time, event, domain: 'x.example' });
    writeFileSync(
      join(log, 'mailroot-2026-01-01.log'),
      `${line('outcome.deferred', 'info', '2026-01-01T00:00:00Z')}\n${line('drop.quota-full', 'warn', '2026-01-01T00:00:01Z')}\n`,
    );
    writeFileSync(
      join(log, 'mailroot-2026-01-02.log'),
      `${line('smtp.connection-limited', 'warn', '2026-01-02T00:00:00Z')}\n{"level":"info","time":"2026`,
    );
    const numbered = await run('events', '--numbered');
    assert.match(
      numbered.stdout,
      /^2026-01-01T00:00:00Z {2}warning, smtpsvc 4000 {2}outcome\.deferred\n.*\n.*domain="x\.example"\n2026-01-02T00:00:00Z {2}error, SMTPSVC 402/,
    );
    const warnings = await run('events', '--limit', '1');
    assert.match(warnings.stdout, /^2026-01-02/);
    assert.equal((await run('events', '--limit', '0')).code, 2);
    assert.equal((await run('events', '--level', 'loud')).code, 2);
    assert.equal((await run('events', '--level', 'error')).stdout, 'There are no such events.\n');
    assert.match((await run('events', '--mailroot', 'nowhere')).stderr, /reading the log in .*nowhere/);
  });

  it('has number 115 when the port is taken', async () => {
    const holder = createServer();
    await new Promise<void>((ready) => holder.listen(0, '127.0.0.1', ready));
    holder.unref();
    const { port } = holder.address() as { port: number };
    const started = await run('start', '--quiet', '--mailroot', 'taken', '--listen', `127.0.0.1:${port}`);
    assert.equal(started.code, 1, started.stderr);
    assert.match(
      (await run('events', '--numbered', '--mailroot', 'taken')).stdout,
      /error, SMTPSVC 115 {2}relay\.port-taken/,
    );
    await new Promise((closed) => holder.close(closed));
  });
});
