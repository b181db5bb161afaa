/**
 * The script's thread: loads the engine once, then runs one job after the other.
 * Owns: from an order to a job.  Leaves: the message loop (thread), running (run), the line to the main thread (channel).
 */
import { ScriptCache } from '../vbscript/index.ts';
import { PIECE_SIZE, type ScriptSide } from './channel.ts';
import type { OutputPiece, ScriptJob, ScriptOrder, ScriptOutcome, StreamName } from './job.ts';
import { jobOf } from './prepare.ts';
import { type RunPorts, runJob } from './run.ts';
import { SwitchProblem } from './switches.ts';
import { serveThread } from './thread.ts';

serveThread<ScriptOrder, ScriptOutcome>((side, isMemoryFull) => {
  const ports = { ...portsOf(side), isMemoryFull };
  return (order) => ({ outcome: carryOut(order, ports) });
});

function portsOf(side: ScriptSide): RunPorts {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  return {
    waiting: side,
    write: (stream: StreamName, text: string) => {
      for (let at = 0; at < text.length; at += PIECE_SIZE) {
        const piece = text.slice(at, at + PIECE_SIZE);
        side.send({ stream, text: piece } satisfies OutputPiece, piece.length);
      }
    },
    cache: new ScriptCache(),
    sleep: (milliseconds: number) => void Atomics.wait(pause, 0, 0, milliseconds),
  };
}

function carryOut(order: ScriptOrder, ports: RunPorts): ScriptOutcome {
  let job: ScriptJob;
  try {
    job = order.kind === 'job' ? order.job : jobOf(order.line, order);
  } catch (thrown) {
    if (!(thrown instanceof SwitchProblem)) throw thrown;
    return { kind: 'refused', reason: thrown.message };
  }
  return runJob(job, ports);
}
