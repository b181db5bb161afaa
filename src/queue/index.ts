/** queue: what "queued" means: accept, claim, settle, hold, retry times. */
export * from './contract.ts';
export { MemoryStore } from './memory-store.ts';
export { openMemoryQueue, openQueue } from './open.ts';
export * from './operator.ts';
export { Queue, type QueueOptions } from './queue.ts';
export { QueueCommands } from './queue-operator.ts';
export { DEFAULT_RETRY_SCHEDULE, type RetrySchedule } from './retry-times.ts';
