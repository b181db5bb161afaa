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

/** Counts fsync and fdatasync calls of a process and its threads and children while attached. */
export class FlushCounter {
  readonly #strace: ChildProcess;
  #report = '';

  private constructor(strace: ChildProcess) {
    this.#strace = strace;
    strace.stderr!.setEncoding('latin1').on('data', (text: string) => {
      this.#report += text;
    });
  }

  static async attach(pid: number): Promise<FlushCounter> {
    const members = [pid, ...descendants(pid)].flatMap((member) => ['-p', String(member)]);
    const strace = spawn('strace', ['-f', '-c', '-e', 'trace=fsync,fdatasync,sync_file_range', ...members], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const counter = new FlushCounter(strace);
    while (!counter.#report.includes('attached')) await once(strace.stderr!, 'data');
    return counter;
  }

  /** Detaches and gives the number of flushes. */
  async detach(): Promise<number> {
    this.#strace.kill('SIGINT');
    await once(this.#strace, 'close');
    let flushes = 0;
    for (const match of this.#report.matchAll(
      /^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(?:fsync|fdatasync)$/gm,
    )) {
      flushes += Number(match[1]);
    }
    return flushes;
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
