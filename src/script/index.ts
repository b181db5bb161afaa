/** script: the host that runs .vbs, .js and .wsf files in threads of their own. Kept light: its main thread only waits. */
export { PIECE_SIZE, ScriptSide } from './channel.ts';
export {
  runScriptCommand,
  type ScriptCommandEnvironment,
  type ScriptCommandIo,
  type ServiceFolders,
} from './command.ts';
export * from './job.ts';
export { TIMEOUT_OPERATION } from './operations.ts';
export { type RunOptions, ScriptPool } from './pool.ts';
export { exitCodeOf, outcomeText, problemText } from './report.ts';
export { NO_SERVICES, ScriptServices, type ServicePolicy } from './services.ts';
export { type StartedThread, startScriptThread } from './start-thread.ts';
export { parseScriptCommandLine, SCRIPT_USAGE, type ScriptCommandLine, SwitchProblem } from './switches.ts';
export { serveThread, type ThreadAnswer } from './thread.ts';
export * from './thread-pool.ts';
