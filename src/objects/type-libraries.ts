/**
 * The constants of type libraries, for `<reference>` in .wsf files and METADATA tags in pages.
 * Owns: which library a GUID, ProgID, file or title names; the constants of Scripting, ADO and CDONTS.
 * Leaves: CDO's constants to the room that knows them (handed in).
 * Sources: doc "ADO Enumerated Constants"; doc "FileSystemObject Constants"; KB 218607.
 */

export type ConstantTable = Readonly<Record<string, string | number | boolean>>;

export type LibraryName = 'CDO' | 'ADODB' | 'CDONTS' | 'Scripting';

const SCRIPTING: ConstantTable = {
  ForReading: 1,
  ForWriting: 2,
  ForAppending: 8,
  TristateTrue: -1,
  TristateFalse: 0,
  TristateUseDefault: -2,
  TristateMixed: -2,
  Normal: 0,
  ReadOnly: 1,
  Hidden: 2,
  System: 4,
  Volume: 8,
  Directory: 16,
  Archive: 32,
  Alias: 1024,
  Compressed: 2048,
  WindowsFolder: 0,
  SystemFolder: 1,
  TemporaryFolder: 2,
  UnknownType: 0,
  Removable: 1,
  Fixed: 2,
  Remote: 3,
  CDRom: 4,
  RamDisk: 5,
  BinaryCompare: 0,
  TextCompare: 1,
  DatabaseCompare: 2,
  StdIn: 0,
  StdOut: 1,
  StdErr: 2,
};

const ADODB: ConstantTable = {
  adTypeBinary: 1,
  adTypeText: 2,
  adSaveCreateNotExist: 1,
  adSaveCreateOverWrite: 2,
  adReadAll: -1,
  adReadLine: -2,
  adWriteChar: 0,
  adWriteLine: 1,
  adStateClosed: 0,
  adStateOpen: 1,
  adStateConnecting: 2,
  adStateExecuting: 4,
  adStateFetching: 8,
  adCR: 13,
  adCRLF: -1,
  adLF: 10,
  adModeUnknown: 0,
  adModeRead: 1,
  adModeWrite: 2,
  adModeReadWrite: 3,
  adModeShareDenyRead: 4,
  adModeShareDenyWrite: 8,
  adModeShareExclusive: 12,
  adModeShareDenyNone: 16,
  adOpenStreamUnspecified: -1,
  adOpenStreamAsync: 1,
  adOpenStreamFromRecord: 4,
  adOpenUnspecified: -1,
  adOpenForwardOnly: 0,
  adOpenKeyset: 1,
  adOpenDynamic: 2,
  adOpenStatic: 3,
  adLockUnspecified: -1,
  adLockReadOnly: 1,
  adLockPessimistic: 2,
  adLockOptimistic: 3,
  adLockBatchOptimistic: 4,
  adUseNone: 1,
  adUseServer: 2,
  adUseClient: 3,
  adCmdUnspecified: -1,
  adCmdText: 1,
  adCmdTable: 2,
  adCmdStoredProc: 4,
  adCmdUnknown: 8,
  adCmdFile: 256,
  adCmdTableDirect: 512,
  adAsyncExecute: 16,
  adExecuteNoRecords: 128,
  adParamInput: 1,
  adParamOutput: 2,
  adParamInputOutput: 3,
  adParamReturnValue: 4,
  adEditNone: 0,
  adEditInProgress: 1,
  adEditAdd: 2,
  adAffectCurrent: 1,
  adAffectGroup: 2,
  adAffectAll: 3,
  adBookmarkCurrent: 0,
  adBookmarkFirst: 1,
  adBookmarkLast: 2,
  adSearchForward: 1,
  adSearchBackward: -1,
  adFilterNone: 0,
  adGetRowsRest: -1,
  adClipString: 2,
  adPersistADTG: 0,
  adPersistXML: 1,
  adEmpty: 0,
  adSmallInt: 2,
  adInteger: 3,
  adSingle: 4,
  adDouble: 5,
  adCurrency: 6,
  adDate: 7,
  adBSTR: 8,
  adIDispatch: 9,
  adError: 10,
  adBoolean: 11,
  adVariant: 12,
  adIUnknown: 13,
  adDecimal: 14,
  adTinyInt: 16,
  adUnsignedTinyInt: 17,
  adUnsignedSmallInt: 18,
  adUnsignedInt: 19,
  adBigInt: 20,
  adUnsignedBigInt: 21,
  adGUID: 72,
  adBinary: 128,
  adChar: 129,
  adWChar: 130,
  adNumeric: 131,
  adUserDefined: 132,
  adDBDate: 133,
  adDBTime: 134,
  adDBTimeStamp: 135,
  adVarChar: 200,
  adLongVarChar: 201,
  adVarWChar: 202,
  adLongVarWChar: 203,
  adVarBinary: 204,
  adLongVarBinary: 205,
  adFldMayDefer: 2,
  adFldUpdatable: 4,
  adFldIsNullable: 32,
  adFldMayBeNull: 64,
  adFldLong: 128,
};

const CDONTS: ConstantTable = {
  CdoBodyFormatHTML: 0,
  CdoBodyFormatText: 1,
  CdoMailFormatMime: 0,
  CdoMailFormatText: 1,
  CdoLow: 0,
  CdoNormal: 1,
  CdoHigh: 2,
  CdoEncodingUUencode: 0,
  CdoEncodingBase64: 1,
  CdoTo: 1,
  CdoCc: 2,
  CdoBcc: 3,
  CdoFileData: 1,
  CdoEmbeddedMessage: 4,
  CdoDefaultFolderInbox: 1,
  CdoDefaultFolderOutbox: 2,
};

/** GUIDs without braces, in upper case. All versions of ADO carry the same constants. */
const BY_GUID: readonly (readonly [pattern: RegExp, library: LibraryName])[] = [
  [/^CD000000-8B95-11D1-82DB-00C04FB1625D$/, 'CDO'],
  [/^0000020[0-9]-0000-0010-8000-00AA006D2EA4$/, 'ADODB'],
  [
    /^(?:2A75196C-D9EB-4129-B803-931327F72D5C|B691E011-1797-432E-907A-4D8C69339129|EF53050B-882E-4776-B643-EDA472E8E3F2)$/,
    'ADODB',
  ],
  [/^0E064ADD-9D99-11D0-ABE5-00AA0064D470$/, 'CDONTS'],
  [/^420B2830-E718-11CF-893D-00A0C9054228$/, 'Scripting'],
];

/** ProgIDs, files and titles. */
const BY_NAME: readonly (readonly [pattern: RegExp, library: LibraryName])[] = [
  [/^cdo\.|cdosys\.dll|cdoex\.dll|cdo for windows 2000/i, 'CDO'],
  [/^adodb\.|msado\d+\.(?:dll|tlb)|activex data objects/i, 'ADODB'],
  [/^cdonts\.|cdonts\.dll|cdo 1\.2.* for nt|cdo for nts/i, 'CDONTS'],
  [/^scripting\.|scrrun\.dll|scripting runtime/i, 'Scripting'],
];

/** The library that a GUID (with or without braces), a ProgID, a file name or a title names. */
export function libraryOf(reference: string): LibraryName | undefined {
  const guid = reference
    .trim()
    .replace(/^\{|\}$/g, '')
    .toUpperCase();
  const name = reference.trim();
  return (
    BY_GUID.find(([pattern]) => pattern.test(guid))?.[1] ??
    BY_NAME.find(([pattern]) => pattern.test(name))?.[1]
  );
}

export type MetadataTag = {
  /** What the tag names: UUID, else FILE, else NAME. */
  readonly reference: string;
  readonly library: LibraryName | undefined;
  /** Offset of the tag in the text. */
  readonly offset: number;
};

/** The METADATA TYPE="typelib" tags of a page, in any case, order and number of lines. */
export function metadataTags(text: string): MetadataTag[] {
  const tags: MetadataTag[] = [];
  for (const match of text.matchAll(/<!--\s*METADATA\s+([\s\S]*?)-->/gi)) {
    const attributes = new Map<string, string>();
    for (const [, name, double, single, bare] of match[1]!.matchAll(
      /([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g,
    ))
      attributes.set(name!.toLowerCase(), double ?? single ?? bare ?? '');
    if (attributes.get('type')?.toLowerCase() !== 'typelib') continue;
    const references = ['uuid', 'file', 'name']
      .map((key) => attributes.get(key))
      .filter((value) => value !== undefined);
    const library = references.map(libraryOf).find((found) => found !== undefined);
    tags.push({ reference: references[0] ?? '', library, offset: match.index });
  }
  return tags;
}

/** The constants of a library; CDO's come from `cdo`. */
export function constantsOf(library: LibraryName, cdo: () => ConstantTable): ConstantTable {
  switch (library) {
    case 'CDO':
      return cdo();
    case 'ADODB':
      return ADODB;
    case 'CDONTS':
      return CDONTS;
    case 'Scripting':
      return SCRIPTING;
  }
}
