/**
 * ASPError, what Server.GetLastError gives.
 * Sources: doc "ASPError object"; observed: without an error all texts are empty, Line and Column are -1 and Number is 0.
 */
import { type AutomationObject, automationFace, Scalar, VT } from '../../automation/index.ts';
import type { PageError } from '../contract.ts';

export const NO_ERROR: PageError = {
  aspCode: '',
  number: 0,
  category: '',
  description: '',
  aspDescription: '',
  file: '',
  line: -1,
  column: -1,
  source: '',
};

const textMember = (read: (self: PageError) => string) => ({ arity: [0, 0] as const, get: read });
const longMember = (read: (self: PageError) => number) => ({
  arity: [0, 0] as const,
  get: (self: PageError) => new Scalar(VT.long, read(self)),
});

export const aspErrorFace: (self: PageError) => AutomationObject = automationFace<PageError>({
  name: 'IASPError',
  members: {
    ASPCode: textMember(({ aspCode }) => (aspCode === '' ? '' : `ASP ${aspCode}`)),
    ASPDescription: textMember(({ aspDescription }) => aspDescription),
    Category: textMember(({ category }) => category),
    Column: longMember(({ column }) => column),
    Description: textMember(({ description }) => description),
    File: textMember(({ file }) => file),
    Line: longMember(({ line }) => line),
    Number: longMember(({ number }) => number),
    Source: textMember(({ source }) => source),
  },
});
