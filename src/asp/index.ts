/** asp: sites of Classic ASP pages. */
export { addressText, type SiteSettings } from './site/settings.ts';
export { SiteService, type SiteServiceParts } from './site/site-service.ts';
export { frebXml } from './trace/freb.ts';
export { parseStatusCodes } from './trace/rules.ts';
export { readTraces, wishForTraces } from './trace/store.ts';
export type { StoredTrace } from './trace/stored-trace.ts';
export {
  LIST_HEADING,
  listRow,
  type MailRecord,
  type MailWhereabouts,
  mailsOf,
  traceText,
} from './trace/text.ts';
