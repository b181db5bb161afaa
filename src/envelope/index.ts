/** envelope: the words of mail as values. */
export * from './domain.ts';
export * from './envelope.ts';
export * from './mailbox.ts';
export * from './reply.ts';
