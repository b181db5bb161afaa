/** smtp: the protocol (pure), the server session and the client session. Knows neither queue nor policy. */
export * from './client/contract.ts';
