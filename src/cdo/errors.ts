/**
 * The errors of the mail objects: numbers, names and texts that programs compare with.
 * Owns: the table and the error value.  Leaves: when each is raised (the members).
 * The texts are part of the interface: programs show and match them. Where the original has none, ours says what it means.
 */
import { AutomationError } from '../automation/index.ts';

export type CdoErrorRow = { readonly hresult: number; readonly text: string };

/** Name → HRESULT and text; `%1` is the server's answer, `%2` the transport's error code. */
export const CDO_ERRORS = {
  CDO_E_UNCAUGHT_EXCEPTION: { hresult: 0x80040201 | 0, text: 'Exception %1 was generated at address %2' },
  CDO_E_NOT_OPENED: { hresult: 0x80040202 | 0, text: 'No data source has been opened for the object.' },
  CDO_E_UNSUPPORTED_DATASOURCE: {
    hresult: 0x80040203 | 0,
    text: 'The object does not support this type of data source.',
  },
  CDO_E_INVALID_PROPERTYNAME: {
    hresult: 0x80040204 | 0,
    text: 'The object does not support the requested property name or namespace.',
  },
  CDO_E_PROP_UNSUPPORTED: {
    hresult: 0x80040205 | 0,
    text: 'The object does not support the requested property.',
  },
  CDO_E_INACTIVE: {
    hresult: 0x80040206 | 0,
    text: 'The object is not active. It may have been deleted or it may not have been opened.',
  },
  CDO_E_NO_SUPPORT_FOR_OBJECTS: {
    hresult: 0x80040207 | 0,
    text: 'The object does not support storing persistent state information for objects.',
  },
  CDO_E_NOT_AVAILABLE: {
    hresult: 0x80040208 | 0,
    text: 'The requested property or feature, while supported, is not available at this time or in this context.',
  },
  CDO_E_NO_DEFAULT_DROP_DIR: {
    hresult: 0x80040209 | 0,
    text: 'No default drop directory has been configured for this server.',
  },
  CDO_E_SMTP_SERVER_REQUIRED: {
    hresult: 0x8004020a | 0,
    text: 'The SMTP server name is required, and was not found in the configuration source.',
  },
  CDO_E_NNTP_SERVER_REQUIRED: {
    hresult: 0x8004020b | 0,
    text: 'The NNTP server name is required, and was not found in the configuration source.',
  },
  CDO_E_RECIPIENT_MISSING: {
    hresult: 0x8004020c | 0,
    text: 'At least one recipient is required, but none were found.',
  },
  CDO_E_FROM_MISSING: {
    hresult: 0x8004020d | 0,
    text: 'At least one of the From or Sender fields is required, and neither was found.',
  },
  CDO_E_SENDER_REJECTED: {
    hresult: 0x8004020e | 0,
    text: 'The server rejected the sender address. The server response was: %1',
  },
  CDO_E_RECIPIENTS_REJECTED: {
    hresult: 0x8004020f | 0,
    text: 'The server rejected one or more recipient addresses. The server response was: %1',
  },
  CDO_E_NNTP_POST_FAILED: {
    hresult: 0x80040210 | 0,
    text: 'The message could not be posted to the NNTP server. The transport error code was %2. The server response was %1',
  },
  CDO_E_SMTP_SEND_FAILED: {
    hresult: 0x80040211 | 0,
    text: 'The message could not be sent to the SMTP server. The transport error code was %2. The server response was %1',
  },
  CDO_E_CONNECTION_DROPPED: {
    hresult: 0x80040212 | 0,
    text: 'The transport lost its connection to the server.',
  },
  CDO_E_FAILED_TO_CONNECT: {
    hresult: 0x80040213 | 0,
    text: 'The transport failed to connect to the server.',
  },
  CDO_E_INVALID_POST: {
    hresult: 0x80040214 | 0,
    text: 'The Subject, From, and Newsgroup fields are all required, and one or more was not found.',
  },
  CDO_E_AUTHENTICATION_FAILURE: {
    hresult: 0x80040215 | 0,
    text: 'The server rejected the logon attempt due to authentication failure. The server response was: %1',
  },
  CDO_E_INVALID_CONTENT_TYPE: {
    hresult: 0x80040216 | 0,
    text: 'The content type was not valid in this context. For example, the root of an MHTML message must be an HTML document.',
  },
  CDO_E_LOGON_FAILURE: { hresult: 0x80040217 | 0, text: 'The transport was unable to log on to the server.' },
  CDO_E_HTTP_NOT_FOUND: {
    hresult: 0x80040218 | 0,
    text: 'The requested resource could not be found. The server response was: %1.',
  },
  CDO_E_HTTP_FORBIDDEN: {
    hresult: 0x80040219 | 0,
    text: 'Access to the requested resource is denied. The server response was: %1.',
  },
  CDO_E_HTTP_FAILED: {
    hresult: 0x8004021a | 0,
    text: 'The HTTP request failed.  The server response was: %1.',
  },
  CDO_E_MULTIPART_NO_DATA: {
    hresult: 0x8004021b | 0,
    text: 'This is a multipart body part. It has no content other than the body parts contained within it.',
  },
  CDO_E_INVALID_ENCODING_FOR_MULTIPART: {
    hresult: 0x8004021c | 0,
    text: 'Multipart body parts must be encoded as 7bit, 8bit, or binary.',
  },
  CDO_E_UNSAFE_OPERATION: { hresult: 0x8004021d | 0, text: 'The operation is not safe.' },
  CDO_E_PROP_NOT_FOUND: { hresult: 0x8004021e | 0, text: 'The requested property was not found.' },
  CDO_E_INVALID_SEND_OPTION: {
    hresult: 0x80040220 | 0,
    text: 'The "SendUsing" configuration value is invalid.',
  },
  CDO_E_INVALID_POST_OPTION: {
    hresult: 0x80040221 | 0,
    text: 'The "PostUsing" configuration value is invalid.',
  },
  CDO_E_NO_PICKUP_DIR: {
    hresult: 0x80040222 | 0,
    text: 'The pickup directory path is required and was not specified.',
  },
  CDO_E_NOT_ALL_DELETED: { hresult: 0x80040223 | 0, text: 'One or more messages could not be deleted.' },
  CDO_E_NO_METHOD: { hresult: 0x80040224 | 0, text: 'The object has no such method.' },
  CDO_E_PROP_READONLY: { hresult: 0x80040227 | 0, text: 'The property is read-only.' },
  CDO_E_PROP_CANNOT_DELETE: { hresult: 0x80040228 | 0, text: 'The property cannot be deleted.' },
  CDO_E_BAD_DATA: {
    hresult: 0x80040229 | 0,
    text: 'Data  written to the object are inconsistent or invalid.',
  },
  CDO_E_PROP_NONHEADER: {
    hresult: 0x8004022a | 0,
    text: 'The requested property is not in the mail header namespace.',
  },
  CDO_E_INVALID_CHARSET: {
    hresult: 0x8004022b | 0,
    text: 'The requested character set is not installed on the computer.',
  },
  CDO_E_ADOSTREAM_NOT_BOUND: { hresult: 0x8004022c | 0, text: 'The ADO stream has not been opened.' },
  CDO_E_CONTENTPROPXML_NOT_FOUND: {
    hresult: 0x8004022d | 0,
    text: 'The content property XML was not found.',
  },
  CDO_E_CONTENTPROPXML_WRONG_CHARSET: {
    hresult: 0x8004022e | 0,
    text: 'The content property XML has the wrong character set.',
  },
  CDO_E_CONTENTPROPXML_PARSE_FAILED: {
    hresult: 0x8004022f | 0,
    text: 'The content property XML could not be parsed.',
  },
  CDO_E_CONTENTPROPXML_CONVERT_FAILED: {
    hresult: 0x80040230 | 0,
    text: 'The content property XML could not be converted.',
  },
  CDO_E_NO_DIRECTORIES_SPECIFIED: { hresult: 0x80040231 | 0, text: 'No directories were specified.' },
  CDO_E_DIRECTORIES_UNREACHABLE: { hresult: 0x80040232 | 0, text: 'The directories cannot be reached.' },
  CDO_E_BAD_SENDER: { hresult: 0x80040233 | 0, text: "Could not find the Sender's mailbox." },
  CDO_E_SELF_BINDING: { hresult: 0x80040234 | 0, text: 'Binding to self is not allowed.' },
  CDO_E_BAD_ATTENDEE_DATA: { hresult: 0x80040235 | 0, text: 'The attendee data are not valid.' },
  CDO_E_ROLE_NOMORE_AVAILABLE: { hresult: 0x80040236 | 0, text: 'The role is no longer available.' },
  CDO_E_BAD_TASKTYPE_ONASSIGN: { hresult: 0x80040237 | 0, text: 'The task type does not allow this.' },
  CDO_E_NOT_ASSIGNEDTO_USER: { hresult: 0x80040238 | 0, text: 'The task is not assigned to the user.' },
  CDO_E_OUTOFDATE: { hresult: 0x80040239 | 0, text: 'The object is out of date.' },
  CDO_E_ARGUMENT1: { hresult: 0x80044000 | 0, text: 'The first argument is invalid.' },
  CDO_E_ARGUMENT2: { hresult: 0x80044001 | 0, text: 'The second argument is invalid.' },
  CDO_E_ARGUMENT3: { hresult: 0x80044002 | 0, text: 'The third argument is invalid.' },
  CDO_E_ARGUMENT4: { hresult: 0x80044003 | 0, text: 'The fourth argument is invalid.' },
  CDO_E_ARGUMENT5: { hresult: 0x80044004 | 0, text: 'The fifth argument is invalid.' },
  CDO_E_NOT_FOUND: {
    hresult: 0x800cce05 | 0,
    text: 'The requested body part was not found in this message.',
  },
  CDO_E_INVALID_ENCODING_TYPE: { hresult: 0x800cce1d | 0, text: 'The content encoding type is invalid.' },
} as const satisfies Readonly<Record<string, CdoErrorRow>>;

export type CdoErrorName = keyof typeof CDO_ERRORS;

/** Errors of Windows itself that members pass on. */
export const SYSTEM_ERRORS = {
  E_NOTIMPL: { hresult: 0x80004001 | 0, text: 'Not implemented' },
  E_NOINTERFACE: { hresult: 0x80004002 | 0, text: 'No such interface supported' },
  E_FAIL: { hresult: 0x80004005 | 0, text: 'Unspecified error' },
  ERROR_FILE_NOT_FOUND: { hresult: 0x80070002 | 0, text: 'The system cannot find the file specified.' },
  ERROR_PATH_NOT_FOUND: { hresult: 0x80070003 | 0, text: 'The system cannot find the path specified.' },
  E_ACCESSDENIED: { hresult: 0x80070005 | 0, text: 'Access is denied.' },
  ERROR_DISK_FULL: { hresult: 0x80070070 | 0, text: 'There is not enough space on the disk.' },
  E_INVALIDARG: { hresult: 0x80070057 | 0, text: 'The parameter is incorrect.' },
  ERROR_FILE_EXISTS: { hresult: 0x80070050 | 0, text: 'The file exists.' },
  ERROR_INVALID_NAME: {
    hresult: 0x8007007b | 0,
    text: 'The filename, directory name, or volume label syntax is incorrect.',
  },
  DISP_E_TYPEMISMATCH: { hresult: 0x80020005 | 0, text: 'Type mismatch.' },
  DISP_E_BADINDEX: { hresult: 0x8002000b | 0, text: 'Invalid index.' },
} as const satisfies Readonly<Record<string, CdoErrorRow>>;

export type SystemErrorName = keyof typeof SYSTEM_ERRORS;

export type CdoErrorDetails = {
  /** The component as `Err.Source` shows it; `CDO.Message.1` unless given. */
  readonly source?: string;
  /** What stands for `%1` and `%2`. */
  readonly inserts?: readonly [string, string?];
  /** The place and the cure, for people; it stays out of the text, which programs compare. */
  readonly hint?: string;
  readonly cause?: unknown;
};

/** What every member throws. `code` is for programs in TypeScript, `hresult` for those that know the numbers. */
export class CdoError extends AutomationError {
  readonly code: CdoErrorName | SystemErrorName;
  /** The place and the cure, when the text alone leaves one helpless. */
  readonly hint: string | undefined;

  constructor(code: CdoErrorName | SystemErrorName, details: CdoErrorDetails = {}) {
    const row: CdoErrorRow = { ...CDO_ERRORS, ...SYSTEM_ERRORS }[code];
    const [first = '', second = ''] = details.inserts ?? [];
    const text = row.text.replace('%1', () => first).replace('%2', () => second);
    super(row.hresult, text, {
      source: details.source ?? 'CDO.Message.1',
      ...(details.cause !== undefined && { cause: details.cause }),
    });
    this.code = code;
    this.hint = details.hint;
  }
}

const SYSTEM_CODES: Readonly<Record<string, SystemErrorName>> = {
  ENOENT: 'ERROR_FILE_NOT_FOUND',
  ENOTDIR: 'ERROR_PATH_NOT_FOUND',
  EACCES: 'E_ACCESSDENIED',
  EPERM: 'E_ACCESSDENIED',
  EROFS: 'E_ACCESSDENIED',
  EISDIR: 'E_ACCESSDENIED',
  ENOSPC: 'ERROR_DISK_FULL',
  EDQUOT: 'ERROR_DISK_FULL',
  EEXIST: 'ERROR_FILE_EXISTS',
  ENAMETOOLONG: 'ERROR_INVALID_NAME',
  ERR_INVALID_ARG_VALUE: 'ERROR_INVALID_NAME',
};

/** The system's error as the objects report it: number and text of Windows, and which file it was. */
export function fileError(
  thrown: unknown,
  path: string,
  missing: SystemErrorName = 'ERROR_FILE_NOT_FOUND',
): CdoError {
  if (thrown instanceof CdoError) return thrown;
  const system = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
  const code = system === 'ENOENT' ? missing : (SYSTEM_CODES[system] ?? 'E_FAIL');
  return new CdoError(code, { cause: thrown, hint: path });
}
