/** What a process and its children have used: CPU time, memory, flushes. Linux only, as are the benchmarks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** CPU time in microseconds of the process, its finished children, and all living descendants. */
export function cpuMicroseconds(pid: number): number {
  let ticks = 0;
  for (const member of [pid, ...descendants(pid)]) {
    const fields = statFields(member);
    if (fields === undefined) continue;
    // utime, stime, cutime, cstime: fields 14 to 17 of proc_pid_stat(5).
    ticks += fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  }
  return (ticks * 1_000_000) / TICKS_PER_SECOND;
}

/** Resident memory of one process in bytes; `peak` since its start. */
export function residentBytes(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const kilobytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
  return { now: kilobytes('VmRSS') * 1024, peak: kilobytes('VmHWM') * 1024 };
}

/**
 * Counts what makes a process, its threads and its children wait for the disk while attached: fsync, fdatasync, and writes to the
 * queue's journal, which is open for writing through (O_DSYNC).
 */
export class FlushCounter {
  readonly #strace: ChildProcess;
  #flushes = 0;
  #isAttached = false;
  #rest = '';

  private constructor(strace: ChildProcess) {
    this.#strace = strace;
    strace.stderr!.setEncoding('latin1').on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n');
      this.#rest = lines.pop()!;
      for (const line of lines) {
        if (/\battached\b/.test(line)) this.#isAttached = true;
        if (/\bf(?:data)?sync\(|\bpwrite64\(\d+<[^>]*\/queue\.journal-/.test(line)) this.#flushes += 1;
      }
    });
  }

  static async attach(pid: number): Promise<FlushCounter> {
    const members = [pid, ...descendants(pid)].flatMap((member) => ['-p', String(member)]);
    const strace = spawn(
      'strace',
      ['-f', '-y', '-s', '0', '-e', 'trace=fsync,fdatasync,pwrite64', ...members],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const counter = new FlushCounter(strace);
    while (!counter.#isAttached) await once(strace.stderr!, 'data');
    return counter;
  }

  /** Detaches and gives the number of flushes. */
  async detach(): Promise<number> {
    this.#strace.kill('SIGINT');
    await once(this.#strace, 'close');
    return this.#flushes;
  }
}

function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statFields(Number(name));
    if (fields === undefined) continue;
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  for (const queue = [pid]; queue.length > 0; ) {
    const next = children.get(queue.pop()!) ?? [];
    found.push(...next);
    queue.push(...next);
  }
  return found;
}

/** Fields of /proc/PID/stat from the state on; the name before it may hold blanks and parentheses. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
