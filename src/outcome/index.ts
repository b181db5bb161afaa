/** outcome: what a result means: delivered, deferred, failed; settle, NDR and DSN, badmail, log record. */
export * from './badmail.ts';
export * from './contract.ts';
export * from './meaning.ts';
export { Outcome, type OutcomeParts } from './outcome.ts';
export { type ScreenedClaimsParts, screenedClaims } from './screened-claims.ts';
export * from './settings.ts';
