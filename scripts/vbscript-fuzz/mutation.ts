/** Real sources, changed: pieces cut, doubled, swapped, put in; or two of them grafted together. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dice } from './dice.ts';

const TOKENS = [
  ...[
    'If',
    'Then',
    'Else',
    'ElseIf',
    'End If',
    'For',
    'To',
    'Step',
    'Each',
    'In',
    'Next',
    'Do',
    'Loop',
    'While',
    'Wend',
  ],
  ...[
    'Until',
    'Sub',
    'End Sub',
    'Function',
    'End Function',
    'Class',
    'End Class',
    'Property Get',
    'End Property',
    'Set',
  ],
  ...[
    '(',
    ')',
    '"',
    '#',
    ':',
    '_\n',
    '\n',
    '&H',
    '&',
    '.',
    ',',
    '=',
    '\u0000',
    '\u2028',
    '\\',
    '`',
    '${',
    '*/',
    "'",
    '[',
    ']',
  ],
  ...[
    'Rem',
    'Exit For',
    'Exit Do',
    'With',
    'End With',
    'Case',
    'Case Else',
    'End Select',
    'é',
    '\ud800',
    'Me',
    'New',
    'Nothing',
  ],
  ...[
    'Const',
    'Dim',
    'ReDim Preserve',
    'Erase',
    'Call',
    'Execute',
    'On Error Resume Next',
    'On Error GoTo 0',
    'Option Explicit',
  ],
  ...[
    'Private',
    'Public',
    'Default',
    'ByVal',
    'ByRef',
    'Not',
    'Is',
    'Mod',
    '1e999',
    '99999999999',
    '%>',
    '<!--',
    '-->',
    '\t',
    '\r',
  ],
] as const;

/** Longest piece of a source that one program is made of, in lines. */
const MOST_LINES = 50;

export type Source = { readonly lines: readonly string[]; readonly isForHost: boolean };

/** The scripts and pages of the test folder. */
export function corpus(root: string): Source[] {
  const test = join(root, 'test');
  const sources: Source[] = [];
  const add = (text: string, isForHost: boolean): void => {
    if (text.trim() !== '') sources.push({ lines: text.split(/\r?\n/), isForHost });
  };
  for (const name of readdirSync(test, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.vbs$/i.test(name)) {
      const text = readFileSync(join(test, name), 'utf8');
      if (name.startsWith('vbscript')) for (const part of text.split(/^'==== .*$/m)) add(part, false);
      else add(text, true);
    } else if (/\.(?:asp|wsf)$/i.test(name)) {
      const text = readFileSync(join(test, name), 'utf8');
      const code = [
        ...text.matchAll(/<%[^@=]([\s\S]*?)%>|<script[^>]*>(?:<!\[CDATA\[)?([\s\S]*?)(?:\]\]>)?<\/script>/gi),
      ];
      add(code.map(([, page, script]) => page ?? script ?? '').join('\n'), true);
    }
  }
  return sources;
}

/** Some consecutive lines of a source. */
function excerpt(dice: Dice, { lines }: Source, most: number): string {
  if (lines.length <= most) return lines.join('\n');
  const from = dice.below(lines.length - most);
  return lines.slice(from, from + most).join('\n');
}

export function mutated(dice: Dice, sources: readonly Source[]): { text: string; isForHost: boolean } {
  const first = dice.pick(sources);
  let { isForHost } = first;
  let text = excerpt(dice, first, 1 + dice.below(MOST_LINES));
  if (dice.chance(0.15)) {
    const second = dice.pick(sources);
    isForHost ||= second.isForHost;
    const at = dice.below(text.length + 1);
    text = text.slice(0, at) + excerpt(dice, second, 10) + text.slice(at);
  }
  for (let turn = dice.below(4); turn >= 0; turn -= 1) {
    const at = dice.below(text.length + 1);
    const length = dice.below(12);
    switch (dice.below(7)) {
      case 0:
        text = text.slice(0, at) + text.slice(at + length);
        break;
      case 1:
        text = text.slice(0, at) + text.slice(at, at + length) + text.slice(at);
        break;
      case 2:
      case 3:
        text = `${text.slice(0, at)} ${dice.pick(TOKENS)} ${text.slice(at)}`;
        break;
      case 4: {
        const lines = text.split('\n');
        const line = dice.below(lines.length);
        if (dice.chance(0.5)) lines.splice(line, 1);
        else lines.splice(dice.below(lines.length), 0, lines[line]!);
        text = lines.join('\n');
        break;
      }
      case 5:
        // A word becomes another word of the same source.
        text = swappedWord(dice, text);
        break;
      default:
        text = text.slice(0, at) + String.fromCharCode(dice.below(0x250)) + text.slice(at + 1);
    }
  }
  return { text, isForHost };
}

function swappedWord(dice: Dice, text: string): string {
  const words = [...text.matchAll(/\w+/g)];
  if (words.length === 0) return text;
  const from = dice.pick(words);
  return text.slice(0, from.index) + dice.pick(words)[0] + text.slice(from.index + from[0].length);
}
