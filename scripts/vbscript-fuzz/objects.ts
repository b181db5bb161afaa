/** What made-up programs create and call when they run under the script host: every ProgID, many members, awkward paths. */
import type { Dice } from './dice.ts';
import type { Surroundings } from './generator.ts';

const PROG_IDS = [
  ...[
    'Scripting.FileSystemObject',
    'Scripting.Dictionary',
    'ADODB.Stream',
    'VBScript.RegExp',
    'Scriptlet.TypeLib',
  ],
  ...[
    'Microsoft.XMLDOM',
    'MSXML2.DOMDocument.6.0',
    'MSXML2.XMLHTTP',
    'MSXML2.ServerXMLHTTP',
    'WinHttp.WinHttpRequest.5.1',
  ],
  ...[
    'WScript.Shell',
    'WScript.Network',
    'CDO.Message',
    'CDO.Configuration',
    'CDO.DropDirectory',
    'CDONTS.NewMail',
  ],
  ...[
    'CDONTS.Session',
    'JMail.Message',
    'JMail.SMTPMail',
    'Persits.MailSender',
    'SMTPsvg.Mailer',
    'Dundas.Mailer',
  ],
  ...[
    'SoftArtisans.SMTPMail',
    'Geocel.Mailer',
    'Outlook.Application',
    'constructor',
    '__proto__',
    'WScript.Shell.9',
  ],
] as const;

const PATHS = [
  ...[
    'a.txt',
    'b\\c.txt',
    'C:\\data\\a.txt',
    'C:\\data\\..\\outside\\canary.txt',
    '..\\outside\\canary.txt',
    'link\\canary.txt',
  ],
  ...[
    'CON',
    'NUL.txt',
    '\\\\server\\share\\x',
    '\\\\?\\C:\\data\\a.txt',
    'C:\\data\\a.txt:stream',
    'R:\\a.txt',
    '',
    '*',
    'C:',
  ],
  ...['/etc/passwd', 'file:///etc/passwd', 'http://127.0.0.1/', 'C:\\data\\a\0b', 'a'.repeat(300)],
] as const;

const OBJECTS = [
  'WScript',
  'WScript.Arguments',
  'WScript.StdOut',
  'fso',
  'fso.GetFolder(".")',
  'fso.CreateTextFile("a.txt", True)',
  'doc.documentElement',
  'doc.createElement("e")',
  'msg.Fields',
  'msg.Configuration.Fields',
  'msg.BodyPart',
  'msg.Attachments',
  'rx.Execute("aab")',
] as const;

const MEMBERS = [
  ...[
    'CreateTextFile',
    'OpenTextFile',
    'GetFile',
    'GetFolder',
    'DeleteFile',
    'DeleteFolder',
    'CopyFile',
    'MoveFile',
  ],
  ...[
    'CreateFolder',
    'CopyFolder',
    'MoveFolder',
    'FileExists',
    'FolderExists',
    'GetSpecialFolder',
    'GetTempName',
  ],
  ...[
    'BuildPath',
    'GetAbsolutePathName',
    'GetParentFolderName',
    'Drives',
    'GetDrive',
    'Files',
    'SubFolders',
    'Path',
  ],
  ...[
    'Name',
    'Attributes',
    'Size',
    'DateLastModified',
    'Delete',
    'Copy',
    'Move',
    'OpenAsTextStream',
    'ShortPath',
  ],
  ...[
    'Write',
    'WriteLine',
    'WriteBlankLines',
    'Read',
    'ReadLine',
    'ReadAll',
    'Skip',
    'SkipLine',
    'Close',
    'AtEndOfStream',
  ],
  ...['Add', 'Exists', 'Keys', 'Items', 'Key', 'Remove', 'RemoveAll', 'CompareMode', 'HashVal'],
  ...[
    'Open',
    'LoadFromFile',
    'SaveToFile',
    'WriteText',
    'ReadText',
    'Type',
    'Charset',
    'Position',
    'SetEOS',
    'CopyTo',
  ],
  ...[
    'loadXML',
    'load',
    'save',
    'xml',
    'selectNodes',
    'selectSingleNode',
    'documentElement',
    'appendChild',
    'removeChild',
  ],
  ...[
    'createElement',
    'createTextNode',
    'createNode',
    'setAttribute',
    'getAttribute',
    'attributes',
    'nodeTypedValue',
  ],
  ...[
    'dataType',
    'transformNode',
    'parseError',
    'setProperty',
    'childNodes',
    'cloneNode',
    'ownerDocument',
    'firstChild',
  ],
  ...[
    'Send',
    'SetRequestHeader',
    'ResponseText',
    'ResponseBody',
    'Status',
    'onreadystatechange',
    'Run',
    'Exec',
    'Environment',
  ],
  ...[
    'ExpandEnvironmentStrings',
    'CurrentDirectory',
    'RegRead',
    'SpecialFolders',
    'Popup',
    'CreateShortcut',
    'ComputerName',
  ],
  ...[
    'From',
    'To',
    'CC',
    'BCC',
    'Subject',
    'TextBody',
    'HTMLBody',
    'Body',
    'AddAttachment',
    'AddRelatedBodyPart',
  ],
  ...[
    'CreateMHTMLBody',
    'Fields',
    'Update',
    'Configuration',
    'BodyPart',
    'Attachments',
    'GetStream',
    'DataSource',
  ],
  ...[
    'GetInterface',
    'Forward',
    'Reply',
    'Importance',
    'AttachFile',
    'AttachURL',
    'BodyFormat',
    'MailFormat',
    'Value',
  ],
  ...[
    'GetMessages',
    'LogonSMTP',
    'Inbox',
    'Messages',
    'AddRecipient',
    'Logging',
    'Silent',
    'Host',
    'AddAddress',
    'SendMail',
  ],
  ...[
    'CreateItem',
    'Recipients',
    'Display',
    'Echo',
    'Quit',
    'Sleep',
    'CreateObject',
    'GetObject',
    'ConnectObject',
    'Named',
  ],
] as const;

export const OBJECT_PREAMBLE = `On Error Resume Next
Set fso = CreateObject("Scripting.FileSystemObject")
Set dict = CreateObject("Scripting.Dictionary")
Set rx = New RegExp
`;

const LATER: Readonly<Record<string, string>> = {
  doc: 'Set doc = CreateObject("Microsoft.XMLDOM"): doc.loadXML "<a x=""1""><b>t</b><b/></a>"\n',
  msg: 'Set msg = CreateObject("CDO.Message")\n',
};

/** The lines that make the objects a program names. */
export function preambleFor(program: string): string {
  let text = OBJECT_PREAMBLE;
  for (const [name, line] of Object.entries(LATER)) if (program.includes(`${name}.`)) text += line;
  return text;
}

export const HOST_SURROUNDINGS: Surroundings = {
  object: (dice: Dice) => {
    const turn = dice.next();
    if (turn < 0.4) return `CreateObject("${dice.pick(PROG_IDS)}")`;
    if (turn < 0.6) return dice.pick(OBJECTS);
    return dice.pick([
      'fso',
      'dict',
      'rx',
      'fso',
      `fso.GetFile("${dice.pick(PATHS)}")`,
      `fso.OpenTextFile("${dice.pick(PATHS)}", ${dice.pick(['1', '2', '8'])}, True)`,
    ]);
  },
  members: MEMBERS,
  literals: PATHS.map((path) => `"${path}"`),
};
