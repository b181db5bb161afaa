/**
 * The errors of Active Server Pages: number, title and description, and the form in which scripts trap them.
 * Owns: texts.  Leaves: who raises what (template, intrinsics), how they are shown (page/error-page).
 * Sources: KB 294271 (numbers and texts); observed: `006~ASP 0177~Server.CreateObject Failed~800401f3`,
 * `007~ASP 0105~Index out of range~An array index is out of range.`
 */
import { AutomationError } from '../automation/index.ts';

/** Unspecified failure, which most of these errors carry. */
export const E_FAIL = 0x8000_4005 | 0;

/** `|` stands for what the error is about. */
const TEXTS = {
  100: ['Out of memory', 'Unable to allocate the required memory.'],
  101: ['Unexpected error', 'The function returned |.'],
  102: ['Expecting string input', 'The function expects a string as input.'],
  103: ['Expecting numeric input', 'The function expects a number as input.'],
  104: ['Operation not Allowed', ''],
  105: ['Index out of range', 'An array index is out of range.'],
  106: ['Type Mismatch', 'An unhandled data type was encountered.'],
  113: [
    'Script timed out',
    'The maximum amount of time for a script to execute was exceeded. You can change this limit by specifying a new value for the property Server.ScriptTimeout or by changing the value in the IIS administration tools.',
  ],
  115: [
    'Unexpected error',
    'A trappable error (|) occurred in an external object. The script cannot continue running.',
  ],
  116: ['Missing close of script delimiter', 'The Script block lacks the close of script tag (%>).'],
  117: [
    'Missing close of script tag',
    'The Script block lacks the close of script tag (</SCRIPT>) or close of tag symbol (>).',
  ],
  118: [
    'Missing close of object tag',
    'The Object block lacks the close of object tag (</OBJECT>) or close of tag symbol (>).',
  ],
  119: [
    'Missing Classid or Progid attribute',
    "The object instance '|' requires a valid Classid or Progid in the object tag.",
  ],
  120: [
    'Invalid Runat attribute',
    "The Runat attribute of the Script tag or Object tag can only have the value 'Server'.",
  ],
  121: [
    'Invalid Scope in object tag',
    "The object instance '|' cannot have Application or Session scope. To create the object instance with Session or Application scope, place the Object tag in the Global.asa file.",
  ],
  122: [
    'Invalid Scope in object tag',
    "The object instance '|' must have Application or Session scope. This applies to all objects created in a Global.asa file.",
  ],
  123: ['Missing Id attribute', 'The required Id attribute of the Object tag is missing.'],
  125: ['Missing close of attribute', "The value of the '|' attribute has no closing delimiter."],
  126: ['Include file not found', "The include file '|' was not found."],
  127: [
    'Missing close of HTML comment',
    'The HTML comment or server-side include lacks the close tag (-->).',
  ],
  128: [
    'Missing File or Virtual attribute',
    'The Include file name must be specified using either the File or Virtual attribute.',
  ],
  129: ['Unknown scripting language', "The scripting language '|' is not found on the server."],
  130: ['Invalid File attribute', "File attribute '|' cannot start with forward slash or back slash."],
  131: [
    'Disallowed Parent Path',
    "The Include file '|' cannot contain '..' to indicate the parent directory.",
  ],
  132: ['Compilation Error', "The Active Server Page '|' could not be processed."],
  133: ['Invalid ClassID attribute', "The object tag has an invalid ClassID of '|'."],
  134: ['Invalid ProgID attribute', "The object has an invalid ProgID of '|'."],
  135: [
    'Cyclic Include',
    "The file '|' is included by itself (perhaps indirectly). Please check include files for other Include statements.",
  ],
  136: [
    'Invalid object instance name',
    "The object instance '|' is attempting to use a reserved name. This name is used by Active Server Pages intrinsic objects.",
  ],
  137: [
    'Invalid Global Script',
    'Script blocks must be one of the allowed Global.asa procedures. Script directives within <% ... %> are not allowed within the global.asa file. The allowed procedure names are Application_OnStart, Application_OnEnd, Session_OnStart, or Session_OnEnd.',
  ],
  138: ['Nested Script Block', 'A script block cannot be placed inside another script block.'],
  139: ['Nested Object', 'An object tag cannot be placed inside another object tag.'],
  140: [
    'Page Command Out Of Order',
    'The @ command must be the first command within the Active Server Page.',
  ],
  141: ['Page Command Repeated', 'The @ command can only be used once within the Active Server Page.'],
  147: ['500 Server Error', ''],
  148: ['Server Too Busy', ''],
  156: [
    'Header Error',
    'The HTTP headers are already written to the client browser. Any HTTP header modifications must be made before writing page content.',
  ],
  157: ['Buffering On', 'Buffering cannot be turned off once it is already turned on.'],
  158: ['Missing URL', 'A URL is required.'],
  159: ['Buffering Off', 'Buffering must be on.'],
  162: [
    'Cannot Modify Cookie',
    "The cookie 'ASPSessionID' cannot be modified. It is a reserved cookie name.",
  ],
  163: ['Invalid Comma Use', 'Commas cannot be used within a log entry. Please select another delimiter.'],
  164: ['Invalid TimeOut Value', 'An invalid TimeOut value was specified.'],
  166: ['Uninitialized Object', 'An attempt was made to access an uninitialized object.'],
  168: ['Disallowed object use', 'An intrinsic object cannot be stored within the Session object.'],
  171: ['Missing Path', 'The Path parameter must be specified for the MapPath method.'],
  172: [
    'Invalid Path',
    'The Path parameter for the MapPath method must be a virtual path. A physical path was used.',
  ],
  173: [
    'Invalid Path Character',
    'An invalid character was specified in the Path parameter for the MapPath method.',
  ],
  174: [
    'Invalid Path Character(s)',
    "An invalid '/' or '\\' was found in the Path parameter for the MapPath method.",
  ],
  175: [
    'Disallowed Path Characters',
    "The '..' characters are not allowed in the Path parameter for the MapPath method.",
  ],
  176: ['Path Not Found', 'The Path parameter for the MapPath method did not correspond to a known path.'],
  177: ['Server.CreateObject Failed', '|'],
  178: [
    'Server.CreateObject Access Error',
    'The call to Server.CreateObject failed while checking permissions. Access is denied to this object.',
  ],
  180: ['Disallowed object use', 'An intrinsic object cannot be stored within the Application object.'],
  183: ['Empty Cookie Key', 'A cookie with an empty key cannot be stored.'],
  184: ['Missing Cookie Name', 'A name must be specified for a cookie.'],
  185: ['Missing Default Property', 'A default property was not found for the object.'],
  188: ['Disallowed object use', 'Cannot add objects created using object tags to the session intrinsic.'],
  189: [
    'Disallowed object use',
    'Cannot add objects created using object tags to the application intrinsic.',
  ],
  195: [
    'Invalid Server Method Call',
    'This method of the Server object cannot be called during Session_OnEnd and Application_OnEnd.',
  ],
  197: [
    'Disallowed object use',
    'Cannot add object with apartment model behavior to the application intrinsic object.',
  ],
  200: [
    "Out of Range 'Expires' attribute",
    "The date and time given for 'Expires' precedes Jan 1, 1980 or excedes Jan 19, 2038, 3:14:07 GMT.",
  ],
  203: ['Invalid Code Page', 'The specified code page attribute is invalid.'],
  204: ['Invalid CodePage Value', 'An invalid CodePage value was specified.'],
  206: ['Cannot call BinaryRead', 'Cannot call BinaryRead after using Request.Form collection.'],
  207: ['Cannot use Request.Form', 'Cannot use Request.Form collection after calling BinaryRead.'],
  208: [
    'Cannot use generic Request collection',
    'Cannot use the generic Request collection after calling BinaryRead.',
  ],
  209: [
    'Illegal value for TRANSACTION property',
    'The TRANSACTION property can only be REQUIRED, REQUIRES_NEW, SUPPORTED, or NOT_SUPPORTED.',
  ],
  212: [
    'Cannot Clear Buffer',
    'Response.Clear is not allowed after a Response.Flush while Client Debugging is Enabled.',
  ],
  214: ['Invalid Path parameter', 'The Path parameter exceeds the maximum length allowed.'],
  215: [
    'Illegal value for ENABLESESSIONSTATE property',
    'The ENABLESESSIONSTATE property can only be TRUE or FALSE.',
  ],
  219: ['Invalid LCID', 'The specified LCID is not available.'],
  220: [
    'Requests for GLOBAL.ASA Not Allowed',
    'Requests with the URL pointing to GLOBAL.ASA are not allowed.',
  ],
  221: ['Invalid @ Command directive', "The specified '|' option is unknown or invalid."],
  222: ['Invalid TypeLib Specification', 'METADATA tag contains an invalid Type Library specification.'],
  223: [
    'TypeLib Not Found',
    'METADATA tag contains a Type Library specification that does not match any Registry entry.',
  ],
  226: ['Cannot modify StaticObjects', 'StaticObjects collection cannot be modified at runtime.'],
  227: ['Server.Execute Failed', 'The call to Server.Execute failed'],
  228: ['Server.Execute Error', 'The call to Server.Execute failed while loading the page.'],
  229: ['Server.Transfer Failed', 'The call to Server.Transfer failed'],
  230: ['Server.Transfer Error', 'The call to Server.Transfer failed while loading the page.'],
  231: [
    'Server.Execute Error',
    'Invalid URL form or fully-qualified absolute URL was used. Use relative URLs.',
  ],
  234: [
    'Invalid include directive',
    'Server-side include directives may not be present in script blocks. Please use the SRC= attribute of the <SCRIPT> tag.',
  ],
  235: [
    'Server.Transfer Error',
    'Invalid URL form or fully-qualified absolute URL was used. Use relative URLs.',
  ],
  238: ['Missing attribute value', "No value was specified for the '|' attribute."],
  240: ['Script Engine Exception', 'A ScriptEngine threw exception |.'],
  241: ['CreateObject Exception', "The CreateObject of '|' caused exception."],
  243: ['Invalid METADATA tag in Global.asa', 'Only METADATA TYPE="TypeLib" may be used in Global.asa.'],
  247: ['Bad Argument to BinaryRead', 'The argument to BinaryRead must be non-negative.'],
  248: [
    "Script isn't transacted",
    'This ASP file must be transacted in order to use the ObjectContext object.',
  ],
  251: [
    'Response Buffer Limit Exceeded',
    'Execution of the ASP page caused the Response Buffer to exceed its configured limit.',
  ],
} as const satisfies Readonly<Record<number, readonly [title: string, description: string]>>;

export type AspNumber = keyof typeof TEXTS;

/** Who reports an error, as the first words of an error page name it. */
export type AspCategory =
  | 'Active Server Pages'
  | 'Application object'
  | 'Cookies object'
  | 'ObjectContext object'
  | 'Request object'
  | 'Response object'
  | 'Server object'
  | 'Server.MapPath()'
  | 'Session object';

/** Title and description of an error about `subject`. */
export function aspText(number: AspNumber, subject = ''): readonly [title: string, description: string] {
  const [title, description] = TEXTS[number];
  return [title, description.replace('|', () => subject)];
}

/** `0177`. */
export function aspCode(number: AspNumber): string {
  return String(number).padStart(4, '0');
}

/**
 * An error of an intrinsic object. A script that traps it sees the text with tildes; the error page shows title and
 * description.
 */
export class AspProblem extends AutomationError {
  readonly number: AspNumber;
  readonly category: AspCategory;
  readonly title: string;
  readonly detail: string;

  constructor(
    category: AspCategory,
    number: AspNumber,
    options: { readonly subject?: string; readonly hresult?: number; readonly cause?: unknown } = {},
  ) {
    const [title, detail] = aspText(number, options.subject);
    // compat: the Request object counts as 007, everything else that was seen as 006.
    const prefix = category === 'Request object' ? '007' : '006';
    super(options.hresult ?? E_FAIL, `${prefix}~ASP ${aspCode(number)}~${title}~${detail}`, {
      source: category,
      ...(options.cause !== undefined && { cause: options.cause }),
    });
    this.number = number;
    this.category = category;
    this.title = title;
    this.detail = detail;
  }
}

/** A page that cannot be made ready: found while its files were read. */
export class TemplateProblem extends Error {
  override readonly name = 'TemplateProblem';
  readonly number: AspNumber;
  readonly title: string;
  readonly detail: string;
  /** Virtual path and 1-based line. */
  readonly file: string;
  readonly line: number;

  constructor(number: AspNumber, place: { readonly file: string; readonly line: number }, subject?: string) {
    const [title, detail] = aspText(number, subject);
    super(`${place.file}(${place.line}): ASP ${aspCode(number)} ${title}`);
    this.number = number;
    this.title = title;
    this.detail = detail;
    this.file = place.file;
    this.line = place.line;
  }
}
