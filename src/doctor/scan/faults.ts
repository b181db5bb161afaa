/**
 * What can be wrong with code that sends mail: one row for each kind, with why it matters, the cure and the source.
 * Owns: the table.  Leaves: finding them (analysis.ts, repair.ts, settings-files.ts).
 */

export type FaultKind =
  | 'https-schema'
  | 'wrong-case'
  | 'unknown-field'
  | 'server-without-sendusing'
  | 'update-missing'
  | 'typographic-quotes'
  | 'run-together'
  | 'undefined-constant'
  | 'hard-coded-path'
  | 'hard-coded-password'
  | 'nobody-listens'
  | 'object-missing'
  | 'send-not-called'
  | 'syntax';

export type FaultRow = {
  readonly severity: 'error' | 'warning';
  readonly title: string;
  readonly why: string;
  readonly cure: string;
  readonly source: string;
};

export const FAULTS: Readonly<Record<FaultKind, FaultRow>> = {
  'https-schema': {
    severity: 'error',
    title: 'a field name begins with https://',
    why: 'The names of CDO fields begin with http://schemas.microsoft.com/cdo/. With https it is another name, which is ignored without a word: the mail goes to the local Pickup folder, or nowhere.',
    cure: 'Write http://schemas.microsoft.com/cdo/configuration/…',
    source: 'doc "CDO for Windows 2000: configuration fields"; doc "CDO migration checklist for IIS 7"',
  },
  'wrong-case': {
    severity: 'error',
    title: 'a field name is not written in lower case',
    why: 'Field names are compared exactly. In another case it is another field, which is ignored.',
    cure: 'Write the name in lower case, as the documentation does.',
    source: 'KB 265527',
  },
  'unknown-field': {
    severity: 'error',
    title: 'there is no configuration field of this name',
    why: 'A name that CDO does not know is stored and ignored.',
    cure: 'Look the name up in the list of configuration fields; TLS is smtpusessl.',
    source: 'KB 265527; doc "CDO for Windows 2000: configuration fields"',
  },
  'server-without-sendusing': {
    severity: 'error',
    title: 'a server is named, but sendusing is not set to 2',
    why: 'Without sendusing 2 the server is ignored and the message is put into the local Pickup folder.',
    cure: 'Set the field sendusing to 2 beside smtpserver.',
    source: 'doc "CDO for Windows 2000: sendusing field"',
  },
  'update-missing': {
    severity: 'error',
    title: 'Fields.Update is missing',
    why: 'Fields take effect when Update is called; some versions of CDO send with the old values otherwise.',
    cure: 'Call .Fields.Update after the last field and before Send.',
    source: 'doc "CDO for Windows 2000: Fields.Update"; doc "CDO migration checklist for IIS 7"',
  },
  'typographic-quotes': {
    severity: 'error',
    title: 'typographic quotation marks stand where plain ones belong',
    why: 'The script does not compile: the marks came from a web page or a text program.',
    cure: 'Replace them by the plain mark (").',
    source: 'doc "CDO migration checklist for IIS 7"',
  },
  'run-together': {
    severity: 'error',
    title: 'two statements stand on one line without a separator',
    why: 'The script does not compile, or takes the second statement for an argument of the first.',
    cure: 'Begin a new line, or put a colon (VBScript) or semicolon (JScript) between them.',
    source: 'doc "CDO migration checklist for IIS 7"',
  },
  'undefined-constant': {
    severity: 'error',
    title: 'a constant is used that nothing defines',
    why: 'Without the type library the name is an empty variable: the field name or the value is empty.',
    cure: 'Import the type library with a METADATA tag, declare the constant with Const, or write its value.',
    source: 'doc "CDO for Windows 2000: constants in ASP"',
  },
  'hard-coded-path': {
    severity: 'warning',
    title: 'a path of one machine is written in the code',
    why: 'On another machine, or after the mailroot was moved, the folder does not exist and mail fails or stays.',
    cure: 'Leave the Pickup folder to the configuration; build paths of attachments with Server.MapPath.',
    source: 'KB 238956; doc "CDO migration checklist for IIS 7"',
  },
  'hard-coded-password': {
    severity: 'warning',
    title: 'a password is written in the code',
    why: 'Whoever reads the page or its backup has it, and a change of the password must be made in every page.',
    cure: 'Send through the local service and set user and passwordFile once, in its configuration.',
    source: 'doc "CDO for Windows 2000: sendpassword field"',
  },
  'nobody-listens': {
    severity: 'error',
    title: 'it sends to a port of this machine on which nothing listens',
    why: 'Every message fails with 80040213, the transport failed to connect.',
    cure: 'Start the service and let it listen there, or correct server and port.',
    source: 'doc "CDO migration checklist for IIS 7"; docs/doctor.md',
  },
  'object-missing': {
    severity: 'error',
    title: 'the object does not come with Windows any more',
    why: 'CreateObject fails with 429 or 800401F3 on newer machines.',
    cure: "Use CDO.Message, or run the page with Mailroot's own objects.",
    source: 'doc "CDO for NTS was removed after Windows 2000"',
  },
  'send-not-called': {
    severity: 'error',
    title: 'Send is named but not called',
    why: 'JScript takes the member and does nothing; the message is never sent and no error is raised.',
    cure: 'Write Send().',
    source: 'doc "JScript language reference: functions"',
  },
  syntax: {
    severity: 'warning',
    title: 'the script does not compile',
    why: 'The page fails before it sends anything, and the scan could not read further.',
    cure: 'Mend the line.',
    source: 'doc "VBScript language reference"',
  },
};

export type Fault = {
  readonly kind: FaultKind;
  readonly file: string;
  readonly line: number;
  /** What was found, as it stands there. */
  readonly found: string;
};
