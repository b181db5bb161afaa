/**
 * Functions of the engine below that make much of little: asked about before they do.
 * Owns: how much join, concat, replace, JSON.stringify and keys will make.  Leaves: the answer (room.ts).
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { Intrinsics } from './intrinsics.ts';
import type { Room } from './room.ts';

export function copies({
  RealArray,
  RealObject,
  RealString,
  apply,
  isArray,
  ahead,
  room,
  roomForText,
}: Intrinsics & Room) {
  const realReplace = RealString.prototype.replace;
  /** Units from which matches are counted before they are replaced. */
  const MUCH = 1 << 24;
  /** Values and levels of a JSON text that are looked at beforehand. */
  const MOST_VALUES = 1_000_000;
  const MOST_LEVELS = 500;

  ahead(RealArray.prototype, 'join', function asked(separator) {
    if (!isArray(this)) return;
    const { length } = this;
    let units = length * (typeof separator === 'string' ? separator.length : 1);
    for (let at = 0; at < length; at += 1) {
      const element: unknown = this[at];
      if (typeof element === 'string') units += element.length;
    }
    roomForText(units);
  });

  ahead(RealArray.prototype, 'concat', function asked(_first, all) {
    room(this, 8);
    for (let at = 0; at < all.length; at += 1) room(all[at], 8);
  });

  ahead(RealString.prototype, 'replace', function asked(wanted, all) {
    const put = all[1];
    // Many pieces of one text: a piece is many times a letter.
    room(this, 24);
    room(wanted, 24);
    if (typeof this !== 'string' || typeof put !== 'string') return;
    const { length } = this;
    let each = put.length;
    let rest = length;
    for (let at = 0; at < put.length - 1; at += 1) {
      if (put[at] !== '$') continue;
      at += 1;
      // What stands before or behind a match comes whole each time; all matches together are no longer than the text.
      if (put[at] === '`' || put[at] === "'") each += length;
      else rest += length;
    }
    if (length * each <= MUCH && rest <= MUCH) return;
    let matches = 0;
    const count = (): string => {
      matches += 1;
      return '';
    };
    apply(realReplace, this, [wanted as RegExp, count]);
    roomForText(rest + matches * each);
  });

  ahead(JSON, 'stringify', (value) => {
    let values = 0;
    let units = 0;
    const add = (part: unknown, level: number): void => {
      values += 1;
      if (typeof part === 'string') units += part.length;
      else if (typeof part === 'object' && part !== null && level < MOST_LEVELS)
        for (const name in part) {
          if (values >= MOST_VALUES) return;
          add((part as Record<string, unknown>)[name], level + 1);
        }
    };
    add(value, 0);
    roomForText(units + values * 8);
  });

  for (const name of ['keys', 'getOwnPropertyNames'])
    ahead(RealObject, name, (object) => {
      room(object, 40);
    });

  return {};
}
