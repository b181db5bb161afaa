/** routing: recipient to next hop. */
export * from './contract.ts';
export { type DnsAnswer, type DnsSource, type MxRecord, reverseName } from './dns/answer.ts';
export { type DomainRule, DomainTable } from './domain-table.ts';
export { type OpenResolver, openResolver, readServer } from './resolver.ts';
export { MailRouter, type RouterParts } from './router.ts';
export * from './settings.ts';
