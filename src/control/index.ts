/** control: the local interface through which commands act on a running relay. */
export * from './client.ts';
export { controlAddress } from './protocol.ts';
export * from './server.ts';
