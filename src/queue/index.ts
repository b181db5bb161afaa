/** queue: what "queued" means: accept, claim, settle, hold, retry times. */
export * from './contract.ts';
