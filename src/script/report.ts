/**
 * How the end of a script is told: the lines cscript prints, and exit codes.
 * Owns: wording.  Leaves: where it is printed (command).
 * Sources: observed: `file.vbs(12, 5) Microsoft VBScript runtime error: Type mismatch: 'x'`.
 */
import type { ScriptOutcome, ScriptProblem } from './job.ts';

export const EXIT_CODE = {
  /** deviates: cscript ends with 0 after a runtime error; a scheduler must be able to tell. */
  failed: 1,
  stopped: 1,
  usage: 2,
} as const;

/** `file(line, column) source: text`. A component that gave no text shows its number. */
export function problemText(problem: ScriptProblem): string {
  const place = `${problem.file}(${problem.line}, ${problem.column})`;
  const source = problem.source === '' ? '(null)' : problem.source;
  const text = problem.description.trim();
  if (text !== '') return `${place} ${source}: ${text}`;
  return `${place} ${source}: 0x${(problem.number >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}

/** The lines for a person, or undefined when the script simply ended. */
export function outcomeText(outcome: ScriptOutcome, displayName: string): string | undefined {
  switch (outcome.kind) {
    case 'finished':
      return undefined;
    case 'failed':
      return problemText(outcome.problem);
    case 'stopped':
      return stoppedText(outcome, displayName);
    case 'refused':
      return outcome.reason;
    case 'crashed':
      return `${displayName}: the script's thread ended: ${outcome.reason}`;
  }
}

function stoppedText(outcome: Extract<ScriptOutcome, { kind: 'stopped' }>, displayName: string): string {
  switch (outcome.limit) {
    case 'time':
    case 'steps':
      return `Script execution time was exceeded on script "${displayName}".\nScript execution was terminated.`;
    case 'memory':
      return outcome.problem === undefined
        ? `${displayName}(0, 0) Microsoft VBScript runtime error: Out of memory`
        : problemText(outcome.problem);
    case 'output':
      return `${displayName}: The script wrote more than it may. Script execution was terminated.`;
  }
}

export function exitCodeOf(outcome: ScriptOutcome): number {
  switch (outcome.kind) {
    case 'finished':
      return outcome.exitCode;
    case 'failed':
      return outcome.exitCode;
    case 'refused':
      return EXIT_CODE.usage;
    default:
      return EXIT_CODE.stopped;
  }
}
