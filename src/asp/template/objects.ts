/**
 * `<object runat=server>`: objects that a page or an application declares.
 * Owns: their attributes and rules.  Leaves: creating them (page).
 * Fails: TemplateProblem 0119, 0121, 0122, 0123, 0133, 0136.
 * Sources: doc "Object Declarations"; KB 294271.
 */
import { progIdOfClass } from '../../objects/index.ts';
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
  const found = progIdOfClass(classId);
  if (found === undefined) throw new TemplateProblem(133, place, classId);
  return found;
}
