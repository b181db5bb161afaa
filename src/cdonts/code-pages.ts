/** Code pages of Windows and the charset that mail in them carries. Sources: doc "MIME database of the registry". */

const CHARSETS: Readonly<Record<number, string>> = {
  437: 'cp437',
  850: 'cp850',
  874: 'windows-874',
  932: 'iso-2022-jp',
  936: 'gb2312',
  949: 'euc-kr',
  950: 'big5',
  1250: 'iso-8859-2',
  1251: 'koi8-r',
  1252: 'iso-8859-1',
  1253: 'iso-8859-7',
  1254: 'iso-8859-9',
  1255: 'windows-1255',
  1256: 'windows-1256',
  1257: 'windows-1257',
  1258: 'windows-1258',
  20866: 'koi8-r',
  28591: 'iso-8859-1',
  28592: 'iso-8859-2',
  28593: 'iso-8859-3',
  28594: 'iso-8859-4',
  28595: 'iso-8859-5',
  28596: 'iso-8859-6',
  28597: 'iso-8859-7',
  28598: 'iso-8859-8',
  28599: 'iso-8859-9',
  28605: 'iso-8859-15',
  50220: 'iso-2022-jp',
  50225: 'iso-2022-kr',
  51932: 'euc-jp',
  51949: 'euc-kr',
  52936: 'gb2312',
  54936: 'gb18030',
  65000: 'utf-7',
  65001: 'utf-8',
};

/** The charset of a code page; undefined for one that is not known. */
export function charsetOfCodePage(codePage: number): string | undefined {
  return CHARSETS[codePage];
}
