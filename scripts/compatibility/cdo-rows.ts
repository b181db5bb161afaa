/**
 * The rows of docs/compatibility-cdo.md that no table of the sources holds: members by class, what deviates, behaviour.
 * Sources: reference A1 (members), B1 and B2 (CDONTS), A5 and E (behaviour and decisions).
 */

const of = (name: string, members: string): string[] =>
  members.split(' ').map((member) => `${name}.${member}`);

/** Class → its members. */
export const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'CDO.Message': of(
    'Message',
    'BCC CC FollowUpTo From Keywords MimeFormatted Newsgroups Organization ReceivedTime ReplyTo DSNOptions SentOn Subject To TextBody HTMLBody Attachments Sender Configuration AutoGenerateTextBody EnvelopeFields TextBodyPart HTMLBodyPart BodyPart DataSource Fields MDNRequested ContentClass AddRelatedBodyPart AddAttachment CreateMHTMLBody Forward Post PostReply Reply ReplyAll Send GetStream GetInterface',
  ),
  BodyPart: of(
    'BodyPart',
    'BodyParts ContentTransferEncoding ContentMediaType Fields Charset FileName DataSource ContentClass ContentClassName Parent AddBodyPart SaveToFile GetEncodedContentStream GetDecodedContentStream GetStream GetFieldParameter GetInterface',
  ),
  BodyParts: of('BodyParts', 'Count Item _NewEnum Add Delete DeleteAll'),
  Messages: of('Messages', 'Item Count Delete DeleteAll _NewEnum FileName'),
  'CDO.DropDirectory': of('DropDirectory', 'GetMessages'),
  'CDO.Configuration': of('Configuration', 'Fields Load GetInterface'),
  DataSource: of(
    'DataSource',
    'OpenObject SaveToObject Save Open SaveTo SaveToContainer Source SourceClass SourceURL IsDirty ActiveConnection',
  ),
  'Fields and Field': [
    ...of('Fields', 'Item Update Resync Append Delete Count _NewEnum'),
    ...of('Field', 'Value Name Type ActualSize DefinedSize Attributes'),
  ],
  'ADODB.Stream': of(
    'Stream',
    'Type Charset Mode State Open Close Position Size EOS SetEOS ReadText WriteText SkipLine LineSeparator Read Write LoadFromFile SaveToFile CopyTo Flush',
  ),
  'CDONTS.NewMail': of(
    'NewMail',
    'To Cc Bcc From Subject Body BodyFormat MailFormat Importance ContentBase ContentLocation Value Version AttachFile AttachURL Send SetLocaleIDs',
  ),
  'CDONTS.Session': of(
    'Session',
    'LogonSMTP Logoff Name Version Parent Inbox Outbox GetDefaultFolder MessageFormat SetLocaleIDs GetMessage SetReserved Application Class Session',
  ),
  'CDONTS folders and messages': [
    ...of('Folder', 'Name Messages'),
    ...of('SessionMessages', 'Count Item _NewEnum GetFirst GetNext GetLast GetPrevious Add Delete'),
    ...of(
      'SessionMessage',
      'Subject Text HTMLText Importance MessageFormat Recipients Attachments Sender Size TimeSent TimeReceived ContentBase ContentID ContentLocation Send Delete',
    ),
    ...of('Recipients', 'Add Delete Count Item _NewEnum'),
    ...of('Recipient', 'Name Address Type Delete'),
    ...of('Attachments', 'Add Delete Count Item _NewEnum'),
    ...of(
      'Attachment',
      'Name Type Source ContentBase ContentID ContentLocation ReadFromFile WriteToFile Delete',
    ),
    ...of('AddressEntry', 'Name Address Type'),
  ],
};

type State = 'deviates' | 'not applicable';

const EXCHANGE = 'Exchange only; never raised';
const kept = (reason: string): [State, string] => ['not applicable', reason];

export const DEVIATIONS: Readonly<Record<string, readonly [State, string]>> = {
  'Message.DSNOptions': [
    'deviates',
    'also in pickup files, as NOTIFY behind the x-receiver address; the original lost it there',
  ],
  'Message.MDNRequested': ['deviates', 'the property alone is enough; the original needed the field as well'],
  'Message.Post': ['deviates', 'AUTHINFO USER and PASS alone; NTLM is not spoken to news servers'],
  'configuration:smtpauthenticate': [
    'deviates',
    '2 needs sendusername and sendpassword: there is no Windows account to take',
  ],
  'configuration:smtpusessl': ['deviates', 'port 587 speaks STARTTLS, where the original failed'],
  'configuration:flushbuffersonwrite': [
    'deviates',
    'on unless switched off: a sent message survives a power cut',
  ],
  'configuration:languagecode': [
    'deviates',
    'kept, without effect: the texts of Reply and Forward are English',
  ],
  'configuration:savesentitems': kept('Exchange only'),
  'configuration:smtpaccountname': kept('a name of Outlook Express'),
  'configuration:nntpaccountname': kept('a name of Outlook Express'),
  'Stream.Mode': ['deviates', 'kept; streams may always be read and written'],
  'Stream.Charset': ['deviates', 'streams of messages write no byte order mark (KB 834784)'],
  'Session.GetMessage': kept('hidden member'),
  'Session.SetReserved': kept('hidden member'),
  CDO_E_UNCAUGHT_EXCEPTION: kept('an exception of the process'),
  CDO_E_PROP_UNSUPPORTED: kept('never raised; INVALID_PROPERTYNAME says it'),
  CDO_E_INACTIVE: kept('objects do not die here'),
  CDO_E_NO_SUPPORT_FOR_OBJECTS: kept(EXCHANGE),
  CDO_E_PROP_NOT_FOUND: kept('an absent field reads as Empty'),
  CDO_E_NO_METHOD: kept('an unknown member is 438'),
  CDO_E_CONTENTPROPXML_NOT_FOUND: kept(EXCHANGE),
  CDO_E_CONTENTPROPXML_WRONG_CHARSET: kept(EXCHANGE),
  CDO_E_CONTENTPROPXML_PARSE_FAILED: kept(EXCHANGE),
  CDO_E_CONTENTPROPXML_CONVERT_FAILED: kept(EXCHANGE),
  CDO_E_NO_DIRECTORIES_SPECIFIED: kept(EXCHANGE),
  CDO_E_DIRECTORIES_UNREACHABLE: kept(EXCHANGE),
  CDO_E_BAD_SENDER: kept(EXCHANGE),
  CDO_E_BAD_ATTENDEE_DATA: kept(EXCHANGE),
  CDO_E_ROLE_NOMORE_AVAILABLE: kept(EXCHANGE),
  CDO_E_BAD_TASKTYPE_ONASSIGN: kept(EXCHANGE),
  CDO_E_NOT_ASSIGNEDTO_USER: kept(EXCHANGE),
  CDO_E_OUTOFDATE: kept(EXCHANGE),
  CDO_E_ARGUMENT2: kept('no member here has a second argument that can be wrong so'),
  CDO_E_ARGUMENT3: kept('see CDO_E_ARGUMENT2'),
  CDO_E_ARGUMENT4: kept('see CDO_E_ARGUMENT2'),
  CDO_E_ARGUMENT5: kept('see CDO_E_ARGUMENT2'),
  CdoE_UNKNOWN_LCID: kept('SetLocaleIDs takes a code page alone'),
};

const IDIOMS = 'test/cdo/idioms/idioms.test.ts';

/** What is decided where the original is unknown or unsafe: what, original, ours, test. */
export const BEHAVIOURS: readonly (readonly [what: string, original: string, ours: string, test: string])[] =
  [
    [
      '`urn:schemas:calendar:timezoneid`',
      'zone of DATE values',
      'kept, without effect: dates are in local time',
      'test/cdo/fields.test.ts',
    ],
    [
      'names of attachments',
      'as they stand',
      'the last segment alone: no path in a message leads anywhere',
      'test/cdo/basics.test.ts',
    ],
    [
      'line ends in header values',
      'unknown',
      'become one blank: no value can add a header',
      'test/cdo/basics.test.ts',
    ],
    [
      '`https://schemas.microsoft.com/…` names',
      'another field, silently ignored',
      'the http:// field, with a warning (`configuration.warnings`, log); `httpsNames: ignore` gives the original',
      IDIOMS,
    ],
    [
      'Update forgotten',
      'not applied, or applied, by version',
      'applied when the message is sent; `updates: strict` gives the documented rule',
      IDIOMS,
    ],
    [
      'raw 8-bit text, long lines',
      'written as they are',
      'so in the compatibility profiles; the standards profile writes UTF-8, quoted-printable or base64',
      IDIOMS,
    ],
    [
      'non-ASCII headers without a charset',
      'unknown',
      'raw in the ANSI code page; UTF-8 words in the standards profile',
      IDIOMS,
    ],
    [
      'pickup file',
      'name unknown, written in place',
      '32 hex digits and `.eml`; temporary name, flush, rename',
      'src/base/disk-sync.test.ts',
    ],
    ['x-receiver order and duplicates', 'unknown', 'To, Cc, Bcc; nobody twice', 'test/cdo/basics.test.ts'],
    ['MAIL FROM and RCPT TO', 'a blank behind the colon', 'none (RFC 5321)', IDIOMS],
    ['AUTH', 'LOGIN always', 'the best mechanism that the server offers', IDIOMS],
    ['a refused recipient', 'unknown', 'nobody gets the message: 8004020F with the first refusal', IDIOMS],
    ['AUTH not offered', 'unknown', '80040211 with 0x80040217 inside', IDIOMS],
    ['AUTH refused', 'unknown', '80040215 with the answer', IDIOMS],
    ['Message-ID, Date, X-Mailer set by a program', 'unknown', 'the program wins', IDIOMS],
    ['Bcc when a message is saved', 'unknown', 'left out, as when it is sent', 'test/cdo/members.test.ts'],
    ['fetching of URLs', 'anywhere', 'off until hosts are allowed; http and https', 'test/cdo/fetch.test.ts'],
    [
      'Content-ID in CreateMHTMLBody',
      'known for Exchange alone',
      'the same form, ending in `_CDOSYS`',
      IDIOMS,
    ],
    [
      'Content-Location of a page from disk',
      'unknown',
      'not written: paths of the server stay on it',
      IDIOMS,
    ],
    ['texts of Windows errors', 'often end in CR LF', 'without', 'test/cdo/errors.test.ts'],
    ['CDONTS: layout', 'no sample known', 'as MimeOLE writes, without X-Mailer', IDIOMS],
    [
      'CDONTS: HTML body with MailFormat text',
      'unknown',
      'one text/html part, and a line in the log',
      'test/cdonts/new-mail.test.ts',
    ],
    ['CDONTS: commas or semicolons', 'both are documented', 'both', 'test/cdonts/new-mail.test.ts'],
    ['CDONTS: Inbox filter', 'unknown', 'x-receiver; without it To and Cc', 'test/cdonts/new-mail.test.ts'],
    [
      'CDONTS: default MessageFormat of a Session',
      'documented both ways',
      'MIME',
      'test/cdonts/members.test.ts',
    ],
  ];
