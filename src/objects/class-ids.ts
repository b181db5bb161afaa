/**
 * Class identifiers that object tags of pages and .wsf files name, where a ProgID says the same.
 * Sources: doc "CLSIDFromProgID"; the identifiers that published pages and scripts carry.
 */
const PROG_IDS: Readonly<Record<string, string>> = {
  'CD000001-8B95-11D1-82DB-00C04FB1625D': 'CDO.Message',
  'CD000002-8B95-11D1-82DB-00C04FB1625D': 'CDO.Configuration',
  'AF0EB60E-0775-11D1-A77D-00C04FC2F5B3': 'CDONTS.NewMail',
  'EE09B103-97E0-11CF-978F-00A02463E06F': 'Scripting.Dictionary',
  '0D43FE01-F093-11CF-8940-00A0C9054228': 'Scripting.FileSystemObject',
  '00000514-0000-0010-8000-00AA006D2EA4': 'ADODB.Connection',
  '00000535-0000-0010-8000-00AA006D2EA4': 'ADODB.Recordset',
  '00000507-0000-0010-8000-00AA006D2EA4': 'ADODB.Command',
  '00000566-0000-0010-8000-00AA006D2EA4': 'ADODB.Stream',
  '72C24DD5-D70A-438B-8A42-98424B88AFB8': 'WScript.Shell',
  '093FF999-1EA0-4079-9525-9614C3504B74': 'WScript.Network',
};

/** The ProgID of `clsid:…`, with or without that word and braces; `undefined` for a class that is not known. */
export function progIdOfClass(classId: string): string | undefined {
  return PROG_IDS[
    classId
      .trim()
      .replace(/^clsid:/i, '')
      .replace(/^\{|\}$/g, '')
      .toUpperCase()
  ];
}
