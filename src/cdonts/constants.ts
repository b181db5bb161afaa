/** The constants of the CDONTS type library. Sources: reference B1.1, B2. */

export const CDONTS_CONSTANTS = {
  CdoBodyFormatHTML: 0,
  CdoBodyFormatText: 1,
  CdoMailFormatMime: 0,
  CdoMailFormatText: 1,
  CdoEncodingUUencode: 0,
  CdoEncodingBase64: 1,
  CdoLow: 0,
  CdoNormal: 1,
  CdoHigh: 2,
  CdoMime: 0,
  CdoText: 1,
  CdoTo: 1,
  CdoCc: 2,
  CdoBcc: 3,
  CdoFileData: 1,
  CdoEmbeddedMessage: 4,
  CdoDefaultFolderInbox: 1,
  CdoDefaultFolderOutbox: 2,
  CdoSession: 0,
  CdoFolder: 2,
  CdoMsg: 3,
  CdoRecipient: 4,
  CdoAttachment: 5,
  CdoAddressEntry: 8,
  CdoMessages: 16,
  CdoRecipients: 17,
  CdoAttachments: 18,
} as const;

/** What Version gives. */
export const CDONTS_VERSION = '1.2.1';
