/**
 * Errors as browsers, logs and ASPError see them.
 * Owns: from anything thrown to a PageError, the HTML of an error.  Leaves: when it is shown (page-run).
 * Sources: doc "ASPError object"; observed: error texts of IIS 5 to 10.
 */
import { ScriptAbort, ScriptError } from '../../automation/index.ts';
import type { PageError, PageOutcome } from '../contract.ts';
import { type AspNumber, AspProblem, aspCode, aspText, E_FAIL, TemplateProblem } from '../errors.ts';
import { htmlEncoded } from '../intrinsics/encode.ts';

/** The error of the pages themselves, without a place in a script. */
export function plainError(number: AspNumber, file: string, line = 0): PageError {
  const [description, aspDescription] = aspText(number);
  return {
    aspCode: aspCode(number),
    number: E_FAIL,
    category: 'Active Server Pages',
    description,
    aspDescription,
    file,
    line,
    column: -1,
    source: '',
  };
}

/** `page`: virtual path, for errors without a place of their own. */
export function pageErrorOf(thrown: unknown, page: string): PageError {
  if (thrown instanceof TemplateProblem)
    return {
      ...plainError(thrown.number, thrown.file, thrown.line),
      description: thrown.title,
      aspDescription: thrown.detail,
    };
  if (thrown instanceof ScriptAbort) {
    const number = thrown.reason === 'output' ? 251 : 113;
    return plainError(number, thrown.file || page, thrown.line);
  }
  if (thrown instanceof AspProblem) return intrinsicError(thrown, page, 0);
  if (thrown instanceof ScriptError) return scriptError(thrown, page);
  return plainError(240, page);
}

function scriptError(error: ScriptError, page: string): PageError {
  const file = error.file || page;
  if (error.cause instanceof AspProblem) return intrinsicError(error.cause, file, error.line);
  return {
    aspCode: '',
    number: error.hresult,
    category: error.source.replace(/ error$/, ''),
    description: error.description,
    aspDescription: '',
    file,
    line: error.line,
    column: error.kind === 'compilation' ? error.column : -1,
    source: error.lineText,
  };
}

function intrinsicError(problem: AspProblem, file: string, line: number): PageError {
  return {
    aspCode: aspCode(problem.number),
    number: problem.hresult,
    category: problem.category,
    description: problem.title,
    aspDescription: problem.detail,
    file,
    line,
    column: -1,
    source: '',
  };
}

/** `ASP 0177 : 800401f3`, `ASP 0126`, `800a000d`: what stands in quotes behind the word error. */
export function errorCode({ aspCode: code, category, number }: PageError): string {
  const hex = (number >>> 0).toString(16).padStart(8, '0');
  if (code === '') return hex;
  return category === 'Active Server Pages' ? `ASP ${code}` : `ASP ${code} : ${hex}`;
}

/** The error as it stands in the page. */
export function errorHtml(error: PageError): string {
  const font = (text: string) => `<font face="Arial" size=2>${text}</font>`;
  const text = (value: string) => htmlEncoded(value, 65001);
  const place = [
    ...(error.file === '' ? [] : [font(text(error.file))]),
    ...(error.line > 0 ? [font(`, line ${error.line}`)] : []),
  ].join('');
  return [
    ` <font face="Arial" size=2>\n<p>${text(error.category)}</font> ${font(`error '${text(errorCode(error))}'`)}\n`,
    `<p>\n${font(text(error.description))}\n`,
    ...(place === '' ? [] : [`<p>\n${place}\n`]),
    ...(error.source === '' ? [] : [`<pre>${text(error.source)}\n${caret(error.column)}</pre>\n`]),
    ...(error.aspDescription === '' ? [] : [`<p>\n${font(text(error.aspDescription))}\n`]),
  ].join('');
}

function caret(column: number): string {
  return `${'-'.repeat(Math.max(0, column - 1))}^`;
}

/** The fixed text for browsers that may not see errors. `message` is HTML, as the setting has it. */
export function hiddenErrorHtml(message: string): string {
  return ` <font face="Arial" size=2>\n<p>${message}</font>\n`;
}

/** The outcome of a request that no thread answered. */
export function failedOutcome(
  error: PageError,
  options: {
    readonly status: number;
    readonly reason: string;
    readonly html: string;
    readonly logText?: string;
  },
  session: PageOutcome['session'],
): PageOutcome & { readonly trace: undefined } {
  return {
    rest: {
      head: {
        status: options.status,
        reason: options.reason,
        headers: [
          ['Cache-Control', 'private'],
          ['Content-Type', 'text/html'],
        ],
        startsSession: false,
      },
      bytes: new TextEncoder().encode(options.html),
    },
    session,
    error,
    logText: options.logText ?? '',
    trace: undefined,
  };
}
