/** routing: recipient to next hop. */
export * from './contract.ts';
