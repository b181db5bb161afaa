/** base: clock, ids, logger port, errors, durable files, byte tools. Knows nothing of mail. */
export * from './clock.ts';
export * from './daily-log.ts';
export * from './disk.ts';
export * from './disk-sync.ts';
export * from './errors.ts';
export * from './group-commit.ts';
export * from './ids.ts';
export * from './log.ts';
export * from './parse-result.ts';
export * from './terminal-lines.ts';
export * from './transient.ts';
