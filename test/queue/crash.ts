/** Kills a process that works on a queue and checks what is found afterwards; used by the short test and the long run. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { nodeDisk, silentLogger, systemClock } from '../../src/base/index.ts';
import { type HistoryPage, openQueue, QueueCommands, type QueuePage } from '../../src/queue/index.ts';
import { bodyText } from './support.ts';

/** A body that proves itself: its id, then filler, then its id. */
export function crashBody(id: string, bytes: number): Buffer {
  return Buffer.from(`${id}\r\n${'filler of the body\r\n'.repeat(Math.ceil(bytes / 20))}${id}\r\n`);
}

export type CrashFindings = {
  readonly accepted: number;
  readonly settled: number;
  /** Attempts that reached the next hop while their settlement did not reach the disk: these are repeated. */
  readonly repeated: number;
  readonly orphans: number;
};

/**
 * One round: run, kill after `lifeMs`, open, check everything that was promised. `journal`: how soon its files are full and its
 * messages are brought to the database.
 */
export async function crashOnce(
  folder: string,
  lifeMs: number,
  journal: 'usual' | 'hasty' = 'usual',
): Promise<CrashFindings> {
  const said = await runAndKill(folder, lifeMs, journal);
  const of = (kind: string): string[] =>
    said.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(2));
  let orphans = 0;
  const log = {
    event(_level: string, name: string) {
      assert.notEqual(name, 'queue.body-missing');
      if (name === 'queue.orphan-removed') orphans += 1;
    },
    with: () => silentLogger,
  };
  const queue = await openQueue({ folder, disk: nodeDisk, clock: systemClock, log });
  try {
    const commands = new QueueCommands(queue);
    const accepted = of('A');
    const settled = new Set(of('S'));
    const attempts = of('T');
    for (const id of accepted) assert.ok(await commands.show(id), `accepted and lost: ${id} (Q1)`);
    const reports = new Set<string>();
    const claimable = new Set<string>();
    for (;;) {
      const claims = await queue.claim(200);
      if (claims.length === 0) break;
      for (const claim of claims) {
        const { id, origin } = claim.message;
        if (origin.kind === 'report') reports.add(origin.about);
        else {
          const text = await bodyText(claim);
          assert.ok(text.startsWith(`${id}\r\n`) && text.endsWith(`${id}\r\n`), `damaged body: ${id} (Q6)`);
        }
        for (const { recipientId } of claim.recipients) {
          claimable.add(`${id} ${recipientId}`);
          assert.ok(!settled.has(`${id} ${recipientId}`), `settled and claimed again: ${id} (Q4)`);
        }
      }
    }
    // A report that had its first attempt waits for the next, or is history.
    for (const place of ['list', 'history'] as const) {
      for (let next: string | undefined = ''; next !== undefined; ) {
        const page: QueuePage | HistoryPage = await commands[place]({
          limit: 1000,
          ...(next !== '' && { next }),
        });
        for (const { draft } of page.messages)
          if (draft.origin.kind === 'report') reports.add(draft.origin.about);
        next = page.next;
      }
    }
    for (const about of of('R')) assert.ok(reports.has(about), `settled without its report: ${about} (Q5)`);
    for (const id of of('P')) {
      const shown = await commands.show(id);
      const open = shown!.recipients.filter(({ state }) => state === 'deferred');
      for (const { attempts: count } of open) assert.ok(count >= 1, `retry time forgotten: ${id} (Q3)`);
    }
    const repeated = attempts.filter((attempt) => !settled.has(attempt) && claimable.has(attempt)).length;
    return { accepted: accepted.length, settled: settled.size, repeated, orphans };
  } finally {
    await queue.close();
  }
}

function runAndKill(folder: string, lifeMs: number, journal: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'crash-child.ts'), folder, journal],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    let isKilled = false;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      // The life of a round begins when the queue is open, however long that took.
      if (output === '' && text !== '')
        setTimeout(() => {
          isKilled = true;
          child.kill('SIGKILL');
        }, lifeMs);
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (isKilled && signal === 'SIGKILL') resolve(output.split('\n').slice(0, -1));
      else reject(new Error(`the child ended by itself: ${code} ${signal}\n${output.slice(-500)}`));
    });
  });
}
