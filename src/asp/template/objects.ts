/**
 * `<object runat=server>`: objects that a page or an application declares.
 * Owns: their attributes and rules.  Leaves: creating them (page).
 * Fails: TemplateProblem 0119, 0121, 0122, 0123, 0133, 0136.
 * Sources: doc "Object Declarations"; KB 294271.
 */
import { TemplateProblem } from '../errors.ts';
import { type Attribute, attributeOf } from './attributes.ts';

export type PageObject = {
  readonly id: string;
  readonly progId: string;
  readonly scope: 'page' | 'session' | 'application';
  /** Virtual path and line of the tag. */
  readonly file: string;
  readonly line: number;
};

const RESERVED = ['application', 'objectcontext', 'request', 'response', 'server', 'session'];

/** Class identifiers that object tags name, where a ProgID says the same. */
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
};

export function readObject(
  attributes: readonly Attribute[],
  place: { readonly file: string; readonly line: number },
  kind: 'page' | 'global',
): PageObject {
  const id = attributeOf(attributes, 'id')?.trim() ?? '';
  if (id === '') throw new TemplateProblem(123, place);
  if (RESERVED.includes(id.toLowerCase())) throw new TemplateProblem(136, place, id);
  const scope = (attributeOf(attributes, 'scope')?.trim().toLowerCase() ?? 'page') as PageObject['scope'];
  if (kind === 'page' && scope !== 'page') throw new TemplateProblem(121, place, id);
  if (kind === 'global' && scope !== 'session' && scope !== 'application')
    throw new TemplateProblem(122, place, id);
  return { id, progId: progIdOf(attributes, id, place), scope, ...place };
}

function progIdOf(
  attributes: readonly Attribute[],
  id: string,
  place: { readonly file: string; readonly line: number },
): string {
  const progId = attributeOf(attributes, 'progid')?.trim();
  if (progId !== undefined && progId !== '') return progId;
  const classId = attributeOf(attributes, 'classid')?.trim();
  if (classId === undefined || classId === '') throw new TemplateProblem(119, place, id);
  const found =
    PROG_IDS[
      classId
        .replace(/^clsid:/i, '')
        .replace(/^\{|\}$/g, '')
        .toUpperCase()
    ];
  if (found === undefined) throw new TemplateProblem(133, place, classId);
  return found;
}
