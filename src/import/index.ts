/** import: takes over the settings and the mail of an old server. */
export { type AddressList, blobBytes, readAddressList } from './address-list.ts';
export {
  type AdoptedKind,
  type AdoptionItem,
  adopt,
  adoptionIdentity,
  type OldLayout,
  planAdoption,
} from './adoption.ts';
export { CopyOnce, type CopyResult } from './copy-once.ts';
export { type Draft, Drafts, draftEnvelope, draftRecipients, suggestEnvelope } from './drafts.ts';
export { type ExchangeImportOptions, importExchangeIms } from './exchange-ims.ts';
export { type IisImportOptions, importIis, type SettingsImport } from './iis.ts';
export { REGISTRY_BYTES, type RegistryValue, readRegistryFile } from './registry-file.ts';
export { importReport } from './report.ts';
export type { ImportNote, ReportRow } from './settings-draft.ts';
export { decodeWindowsText } from './text-encoding.ts';
export { readXml, tooLarge, XML_BOUNDS, type XmlElement } from './xml.ts';
