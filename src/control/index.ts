/** control: the local interface through which commands act on a running relay. */
export * from './api.ts';
export * from './client.ts';
export { controlAddress } from './protocol.ts';
export * from './server.ts';
