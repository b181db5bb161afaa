/**
 * The error of a script as its author and the host see it, whatever engine ran the script.
 * Owns: numbers, categories, positions.  Leaves: the texts (messages of the engines).
 */
export type ScriptErrorKind = 'compilation' | 'runtime';

/** An error that a script raised or could not survive. `message` is ready for a log: file, place, category, text. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly kind: ScriptErrorKind;
  /** As `Err.Number` shows it: 13, 1044, -2147220973. */
  readonly number: number;
  /** As `Err.Source` shows it; for errors of the engine itself also the category that hosts print. */
  source: string;
  /** With the culprit behind it: `Type mismatch: 'CInt'`, as hosts print it. */
  description: string;
  /** Without the culprit, as `Err.Description` shows it. */
  bareDescription: string;
  helpFile = '';
  helpContext = 0;
  file = '';
  /** 1-based; 0 while the place is not known. */
  line = 0;
  /** 1-based column. */
  column = 0;
  /** The text of the line, for compile errors. */
  lineText = '';
  /** What hosts print when the component that raised it gave no name. */
  category = 'Microsoft VBScript runtime error';

  constructor(kind: ScriptErrorKind, number: number, description: string, source: string) {
    // An error is an ordinary event of a script, and its place is in the script: gathering our own stack costs more than all
    // the rest of raising and trapping it.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    // No text for Error: `message` is composed by the accessor below.
    super();
    Error.stackTraceLimit = stackTraceLimit;
    this.kind = kind;
    this.number = number;
    this.description = description;
    this.bareDescription = description;
    this.source = source;
  }

  /** The HRESULT: numbers of VBScript itself become 0x800A0000 + number. Signed 32 bits. */
  get hresult(): number {
    return this.number >= 0 && this.number <= 0xffff ? 0x800a0000 | this.number | 0 : this.number | 0;
  }

  override get message(): string {
    const place = this.file === '' && this.line === 0 ? '' : `${this.file}(${this.line}, ${this.column}) `;
    return `${place}${this.source === '' ? this.category : this.source}: ${this.description}`;
  }
  override set message(_text: string) {
    // The text is composed when it is read, because the place becomes known after the throw.
  }
}

/** An error that no script can trap: a limit was reached. */
export class ScriptAbort extends Error {
  override readonly name = 'ScriptAbort';
  readonly reason: 'timeout' | 'steps' | 'output';
  file = '';
  line = 0;
  column = 0;

  constructor(reason: ScriptAbort['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Thrown by a host object to end the script at once (WScript.Quit, Response.End); On Error Resume Next does not stop it. */
export class ScriptExit extends Error {
  override readonly name: string = 'ScriptExit';
}
