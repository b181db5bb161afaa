/**
 * Starts a thread of a pool.
 * Owns: what a thread sees and what it runs first.  Leaves: its program (thread), its life (thread-pool).
 * It stands alone so that a command can start its thread before it loads anything else: the two then load side by side.
 */
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { sharedCells } from './channel.ts';
import type { ThreadSetup } from './thread.ts';

/** What V8 may use beyond the limit that scripts are held to, megabytes: room for what one operation makes (memory). */
const SLACK_MB = 512;
/** JavaScript stack of a thread: deep recursion must reach the engine's own limit first. */
const STACK_MB = 32;

/** Loads a program's modules from one file; plain JavaScript, as it also serves the commands' launcher. */
const PACK = fileURLToPath(new URL('../../bin/module-pack.mjs', import.meta.url));

/**
 * What a thread runs first. It is text and not a file, so that code compiled earlier is found before any of our files is read:
 * the sources would be stripped of their types at every start otherwise.
 */
const STARTER = `
const { workerData: { codeCache, pack, program } } = require('node:worker_threads');
if (codeCache === undefined) import(program);
else {
  require('node:module').enableCompileCache(codeCache);
  const keep = require(pack).usePack(codeCache, program);
  import(program).then(keep);
}
`;

export type StartedThread = {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly cells: SharedArrayBuffer;
  /** Turns that the thread's script may take before it looks at its memory (MemoryWatch). */
  readonly turns: SharedArrayBuffer;
};

export type ThreadNeeds = {
  /** Heap, megabytes. */
  readonly memoryMb: number;
  /** Part of it for what was made just now, megabytes; undefined: as V8 chooses, up to 48. */
  readonly youngMb?: number | undefined;
  /** Folder for compiled code; undefined: none is kept. */
  readonly codeCache: string | undefined;
};

/** Starts a thread that runs the program at `url`. */
export function startThread(url: string, { memoryMb, youngMb, codeCache }: ThreadNeeds): StartedThread {
  const { port1, port2 } = new MessageChannel();
  const cells = sharedCells();
  const turns = new SharedArrayBuffer(4);
  const setup: ThreadSetup = { port: port2, cells, turns, memoryMb, codeCache, program: url, pack: PACK };
  const worker = new Worker(STARTER, {
    eval: true,
    workerData: setup,
    transferList: [port2],
    // The thread sees neither this process's environment nor its arguments.
    env: {},
    argv: [],
    resourceLimits: {
      maxOldGenerationSizeMb: memoryMb + SLACK_MB,
      stackSizeMb: STACK_MB,
      ...(youngMb !== undefined && { maxYoungGenerationSizeMb: youngMb }),
    },
  });
  return { worker, port: port1, cells, turns };
}

/** The file that the threads of scripts run. */
export const SCRIPT_PROGRAM: string = new URL(
  `./worker${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`,
  import.meta.url,
).href;

/** Heap of a script that a person started: as much as Node gives a program of its own on most machines. */
export const COMMAND_MEMORY_MB = 2048;

/** The thread of `mailroot script`, started before the command is loaded. It does not keep the process alive. */
export function startScriptThread(codeCache: string | undefined): StartedThread {
  const started = startThread(SCRIPT_PROGRAM, { memoryMb: COMMAND_MEMORY_MB, codeCache });
  started.worker.unref();
  return started;
}
