/**
 * `NAME=value` pairs as tags and directives write them.
 * Owns: quotes of both kinds or none, spaces around the sign, any case.  Leaves: what the names mean.
 * Fails: TemplateProblem 0125 for a quote that is not closed, 0238 for a name with a sign and nothing behind it.
 */
import { TemplateProblem } from '../errors.ts';

export type Attribute = { readonly name: string; readonly value: string };

/** Reads pairs in order; names as written. A name without a sign has the value ''. */
export function readAttributes(text: string, place: { file: string; line: number }): Attribute[] {
  const attributes: Attribute[] = [];
  const pattern = /([^\s=<>"'/]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'|(["'])|([^\s"'>]+))?)?/y;
  for (let at = 0; at < text.length; ) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) {
      at += 1;
      continue;
    }
    const [, name, sign, double, single, open, bare] = match;
    if (open !== undefined) throw new TemplateProblem(125, place, name);
    const value = double ?? single ?? bare;
    if (sign !== undefined && value === undefined) throw new TemplateProblem(238, place, name);
    attributes.push({ name: name!, value: value ?? '' });
    at = pattern.lastIndex;
  }
  return attributes;
}

/** The value of `name` in any case, or undefined. */
export function attributeOf(attributes: readonly Attribute[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  return attributes.find((attribute) => attribute.name.toLowerCase() === wanted)?.value;
}
