/** outcome: what a result means: delivered, deferred, failed; settle, NDR and DSN, badmail, log record. */
export * from './contract.ts';
export * from './meaning.ts';
