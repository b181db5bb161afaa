/**
 * The machine as the doctor touches it: programs, other users, ports, name servers, free space.
 * Owns: the port, so that a test can hold a different machine; the real one.  Leaves: what is asked (checks).
 * Fails: a program that is missing or fails is a result; nothing is thrown.
 */
import { spawnSync } from 'node:child_process';
import { Resolver } from 'node:dns';
import { statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { systemErrorCode } from '../base/index.ts';

export type RunResult = { readonly code: number; readonly stdout: string; readonly stderr: string };

export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The name of the user this process runs as. */
  readonly user: string;
  /** Whether it may act as another user. */
  readonly isRoot: boolean;
  run(program: string, args: readonly string[]): RunResult;
  /** Runs a shell script as another user, with that user's groups. `undefined`: not possible here. */
  runAs(user: string, script: string, args: readonly string[]): RunResult | undefined;
  /** The DNS servers that the system names: `192.0.2.53`, `[::1]:5353`. */
  nameServers(): readonly string[];
  /** Listens for a moment; the code of the failure, or undefined. */
  tryPort(address: string, port: number): Promise<string | undefined>;
  /** Free bytes for an ordinary user on the file system of `path`, and its size; undefined when it cannot be told. */
  space(path: string): { readonly free: number; readonly total: number } | undefined;
}

const TIMEOUT_MS = 10_000;

export const thisMachine: Machine = {
  platform: process.platform,
  user: userInfo().username,
  isRoot: process.getuid?.() === 0,
  run,
  runAs(user, script, args) {
    if (process.platform === 'win32') return undefined;
    const shell = ['/bin/sh', '-c', script, 'sh', ...args];
    if (user === userInfo().username) return run(shell[0]!, shell.slice(1));
    if (process.getuid?.() !== 0) return undefined;
    return run('runuser', ['-u', user, '--', ...shell]);
  },
  nameServers: () => new Resolver().getServers(),
  tryPort(address, port) {
    return new Promise((done) => {
      const server = createServer();
      server.on('error', (error) => done(systemErrorCode(error) ?? error.message));
      server.listen({ host: address, port, ipv6Only: address.includes(':') }, () =>
        server.close(() => done(undefined)),
      );
    });
  },
  space(path) {
    try {
      const { bavail, blocks, bsize } = statfsSync(path);
      return { free: bavail * bsize, total: blocks * bsize };
    } catch {
      return undefined;
    }
  },
};

function run(program: string, args: readonly string[]): RunResult {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  return { code: status ?? 127, stdout: stdout ?? '', stderr: stderr || (error?.message ?? '') };
}
