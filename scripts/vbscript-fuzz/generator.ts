/**
 * Programs made up at random: every statement of the language, every built-in function and constant, classes with all kinds of
 * members, names that would mean something to JavaScript.
 * Owns: the grammar of made-up programs.  Leaves: objects of the host (objects), changed sources (mutation), running (attempt).
 */
import { BUILTINS } from '../../src/vbscript/builtins/index.ts';
import { CONSTANTS } from '../../src/vbscript/constants.ts';
import type { Dice } from './dice.ts';

/** What a made-up program may name besides the language itself. */
export type Surroundings = {
  /** An expression that gives an object of the host. */
  readonly object: (dice: Dice) => string;
  readonly members: readonly string[];
  readonly literals: readonly string[];
};

const NAMES = [
  ...['a', 'b', 'c', 'i', 'n', 's', 'x', 'obj', 'arr', 'list'],
  ...['constructor', '[__proto__]', '[toString]', 'this', 'eval_', 'rt', '[a b]', 'K', 'F', 'process'],
] as const;

const LITERALS = [
  ...['0', '1', '-1', '2', '3', '10', '255', '32767', '32768', '-32768', '2147483647', '2147483648'],
  ...['1.5', '.5', '1E300', '1e-320', '-0', '&HFF', '&HFFFF', '&H8000&', '&O17', '1E308*10'],
  ...['"abc"', '"12"', '""', '" 7 "', '"&HFF"', '"True"', '"1/2/2003"', '"$1,234.5"', '"a,b,c"', '"Straße"'],
  ...['Null', 'Empty', 'True', 'False', 'Nothing', '#1/2/2003#', '#12:30 PM#', '#1-Feb-2003 4:05:06#'],
  ...[
    'vbCrLf',
    'Array(1, "x", Array(2))',
    'Array()',
    'ChrB(65)',
    'CCur(1.5)',
    'CByte(7)',
    'CSng(0.1)',
    'CLng(3)',
  ],
  ...[
    `"$\{process.exit()}"`,
    '"\u2028"',
    '"`"',
    '"\'"',
    '"\\"',
    '"a" & vbNullChar & "b"',
    'Now',
    'Me',
    'Err',
  ],
  ...['"(a+)+$"', '"[a-"', '"yyyy"', '"ww"', '"m"', '1033', '1031', '1041', '"constructor"', '"__proto__"'],
] as const;

const OPERATORS = [
  ...['+', '-', '*', '/', '\\', 'Mod', '^', '&', '=', '<>', '<', '>', '<=', '>=', '=>', '><'],
  ...['And', 'Or', 'Xor', 'Eqv', 'Imp', 'Is'],
] as const;

const FUNCTIONS = [...BUILTINS.values()];
const CONSTANT_NAMES = [...CONSTANTS.keys()];

const OWN_MEMBERS = [
  ...[
    'Text',
    'Item',
    'Count',
    'constructor',
    '[__proto__]',
    'prototype',
    'toString',
    'V',
    'P',
    'Q',
    'M',
    'Call',
  ],
  ...['Number', 'Description', 'Source', 'Raise', 'Clear', 'Pattern', 'Global', 'IgnoreCase', 'MultiLine'],
  ...[
    'Test',
    'Execute',
    'Replace',
    'Value',
    'SubMatches',
    'hasOwnProperty',
    'invoke',
    'next',
    'class',
    'end',
  ],
] as const;

export class Generator {
  private readonly dice: Dice;
  private readonly surroundings: Surroundings | undefined;
  private readonly members: readonly string[];
  /** What an Exit may leave at this place: `For`, `Do`, `Sub` … */
  private leavable: string[] = [];

  constructor(dice: Dice, surroundings?: Surroundings) {
    this.dice = dice;
    this.surroundings = surroundings;
    this.members = surroundings === undefined ? OWN_MEMBERS : [...OWN_MEMBERS, ...surroundings.members];
  }

  program(): string {
    const { dice } = this;
    const head = `${dice.chance(0.05) ? 'Option Explicit\n' : ''}${dice.chance(0.6) ? 'On Error Resume Next\n' : ''}`;
    const count = 1 + dice.below(5);
    let body = '';
    for (let turn = 0; turn < count; turn += 1) body += this.statement(2);
    return `${head}${body}${this.declarations()}`;
  }

  private declarations(): string {
    const { dice } = this;
    const parts: string[] = [];
    const by = () => dice.pick(['', 'ByVal ', 'ByRef ']);
    if (dice.chance(0.7))
      parts.push(`Function F(${by()}p)\n${this.block(1, 'Function')}  F = ${this.value()}\nEnd Function\n`);
    if (dice.chance(0.3))
      parts.push(
        `${dice.pick(['', 'Public ', 'Private '])}Sub G(${by()}p, q())\n${this.block(1, 'Sub')}End Sub\n`,
      );
    if (dice.chance(0.6)) parts.push(this.classCode());
    return parts.join('');
  }

  private classCode(): string {
    const { dice } = this;
    const members = ['  Public V\n  Private w, z(3)\n'];
    if (dice.chance(0.5)) members.push(`  Private Sub Class_Initialize\n${this.block(0, 'Sub')}  End Sub\n`);
    if (dice.chance(0.25)) members.push(`  Private Sub Class_Terminate\n${this.block(0, 'Sub')}  End Sub\n`);
    if (dice.chance(0.6))
      members.push(
        `  Public ${dice.chance(0.7) ? 'Default ' : ''}Property Get P\n${this.block(0, 'Property')}    P = V\n  End Property\n`,
      );
    if (dice.chance(0.4))
      members.push(
        `  Public Property Let P(value)\n${this.block(0, 'Property')}    V = value\n  End Property\n`,
      );
    if (dice.chance(0.3))
      members.push(
        `  Public Property Set P(value)\n    Set V = value\n${this.block(0, 'Property')}  End Property\n`,
      );
    if (dice.chance(0.3))
      members.push(
        `  Property Get Q(i)\n    Q = z(i)\n  End Property\n  Property Let Q(i, value)\n    z(i) = value\n  End Property\n`,
      );
    if (dice.chance(0.6))
      members.push(`  Public Sub M(ByRef q)\n${this.block(1, 'Sub')}    Set w = Me\n  End Sub\n`);
    if (dice.chance(0.3))
      members.push(`  Function Count\n${this.block(0, 'Function')}    Count = Me.V\n  End Function\n`);
    return `Class K\n${members.join('')}End Class\n`;
  }

  value(depth = 2): string {
    return this.expression(depth);
  }

  private expression(depth: number): string {
    const { dice } = this;
    if (depth <= 0) return this.leaf();
    const inner = () => this.expression(depth - 1);
    switch (dice.below(14)) {
      case 0:
        return this.leaf();
      case 1:
      case 2:
      case 3:
        return `(${inner()} ${dice.pick(OPERATORS)} ${inner()})`;
      case 4:
      case 5:
      case 6:
      case 7:
        return this.builtin(depth);
      case 8:
        return `${dice.pick(NAMES)}(${inner()})`;
      case 9:
        return `${dice.pick(NAMES)}.${dice.pick(this.members)}${dice.chance(0.4) ? `(${inner()})` : ''}`;
      case 10:
        return this.surroundings === undefined || dice.chance(0.5)
          ? dice.pick(['(New K)', '(New RegExp)', 'F(1)', 'GetRef("F")', 'Me'])
          : this.surroundings.object(dice);
      case 11:
        return `(${dice.pick(['Not ', '-', '+'])}${inner()})`;
      case 12:
        return `${dice.pick(NAMES)}(${inner()}, ${inner()})`;
      default:
        return `${dice.pick(NAMES)}(${inner()})(${inner()}).${dice.pick(this.members)}`;
    }
  }

  private leaf(): string {
    const { dice } = this;
    const turn = dice.next();
    if (turn < 0.1 && this.surroundings !== undefined) return dice.pick(this.surroundings.literals);
    if (turn < 0.5) return dice.pick(LITERALS);
    if (turn < 0.55) return dice.pick(CONSTANT_NAMES);
    return dice.pick(NAMES);
  }

  /** Any built-in, mostly with as many arguments as it takes. */
  private builtin(depth: number): string {
    const { dice } = this;
    const { name, min, max } = dice.pick(FUNCTIONS);
    const most = Math.min(max, min + 3);
    const count = dice.chance(0.03) ? dice.below(6) : min + dice.below(most - min + 1);
    if (count === 0) return name;
    const args = Array.from({ length: count }, (_, at) =>
      at > 0 && dice.chance(0.04) ? '' : this.expression(depth - 1),
    );
    return `${name}(${args.join(', ')})`;
  }

  /** Some statements; `leaves` names what they may leave by Exit, when they stand in something of their own. */
  private block(depth: number, leaves?: string): string {
    if (leaves !== undefined) this.leavable.push(leaves);
    const count = 1 + this.dice.below(2);
    let text = '';
    for (let turn = 0; turn < count; turn += 1) text += `  ${this.statement(depth)}`;
    if (leaves !== undefined) this.leavable.pop();
    return text;
  }

  private target(): string {
    const { dice } = this;
    const name = dice.pick(NAMES);
    switch (dice.below(7)) {
      case 0:
        return `${name}(${this.value(1)})`;
      case 1:
        return `${name}.${dice.pick(this.members)}`;
      case 2:
        return `${name}.${dice.pick(this.members)}(${this.value(1)})`;
      case 3:
        return `${name}(${this.value(1)}, ${this.value(0)})`;
      default:
        return name;
    }
  }

  /** One statement with its line ends; `depth` levels of blocks may stand in it. */
  statement(depth: number): string {
    const { dice } = this;
    const name = dice.pick(NAMES);
    const value = () => this.value();
    switch (dice.below(depth > 0 ? 34 : 19)) {
      case 0:
      case 1:
      case 2:
        return `${dice.chance(0.05) ? 'Let ' : ''}${this.target()} = ${value()}\n`;
      case 3:
      case 4:
        return `Set ${this.target()} = ${this.objectValue()}\n`;
      case 5:
        return `${dice.pick(['Call F', 'F'])}(${value()})\n`;
      case 6:
        return `${name} ${value()}${dice.chance(0.3) ? `, ${value()}` : ''}\n`;
      case 7:
        return `${name}.${dice.pick(this.members)} ${value()}${dice.chance(0.3) ? `, ${value()}` : ''}\n`;
      case 8:
        return `Call ${name}.${dice.pick(this.members)}(${value()})\n`;
      case 9:
        return `${dice.pick(['On Error Resume Next', 'On Error GoTo 0', 'Err.Clear', 'Err.Raise 13', 'Randomize', 'Stop', 'Rem x', "' x"])}\n`;
      case 10:
        return `Err.Raise ${value()}, ${value()}, ${value()}${dice.chance(0.3) ? `, ${value()}, ${value()}` : ''}\n`;
      case 11:
        return `ReDim ${dice.pick(['Preserve ', ''])}${name}(${dice.pick(['3', '2, 2', this.value(1), `${this.value(1)}, ${this.value(1)}`])})\n`;
      case 12:
        return `${dice.pick(['Execute', 'ExecuteGlobal'])} ${quoted(this.statement(0).trim())}\n`;
      case 13:
        return `${name} = Eval(${quoted(this.value(1))})\n`;
      case 14:
        return `Erase ${name}\n`;
      case 15:
        return `Randomize ${value()}: ${name} = Rnd(${this.value(0)})\n`;
      case 16:
        return `${dice.pick(this.leavable.length === 0 ? ['Dim', 'Private', 'Public'] : ['Dim'])} d${dice.below(1000)}${dice.pick(['', '()', `(${dice.below(5)})`, '(2, 3)'])}\n`;
      case 17:
        return `Const c${dice.below(1e6)} = ${dice.pick(['1', '-1.5', '"x"', '#1/1/2000#', 'vbCrLf', 'Null', '&HFF', dice.chance(0.2) ? value() : 'True'])}\n`;
      case 18:
        // Now and then out of place, which the compiler must refuse.
        if (this.leavable.length > 0) return `Exit ${dice.pick(this.leavable)}\n`;
        return dice.chance(0.03) ? `Exit ${dice.pick(['For', 'Do', 'Sub'])}\n` : `${name} = ${value()}\n`;
      case 19:
        return `If ${value()} Then\n${this.block(depth - 1)}${dice.chance(0.3) ? `ElseIf ${value()} Then\n${this.block(depth - 1)}` : ''}${dice.chance(0.5) ? `Else\n${this.block(depth - 1)}` : ''}End If\n`;
      case 20:
        return `If ${value()} Then ${name} = ${value()} ${dice.pick(['', `Else ${name} = ${value()}`, `: ${name} = 1`])}\n`;
      case 21:
      case 22:
        return `For ${name} = ${this.value(1)} To ${dice.pick(['3', '2', this.value(1)])}${dice.chance(0.3) ? ` Step ${this.value(1)}` : ''}\n${this.block(depth - 1, 'For')}${dice.chance(0.2) ? '  Exit For\n' : ''}Next\n`;
      case 23:
      case 24:
        return `For Each ${name} In ${dice.pick(['arr', 'list', 'Array(1, "a", Null)', value()])}\n${this.block(depth - 1, 'For')}Next\n`;
      case 25:
        return `Do ${dice.pick(['While', 'Until'])} ${value()}\n${this.block(depth - 1, 'Do')}${dice.chance(0.6) ? '  Exit Do\n' : ''}Loop\n`;
      case 26:
        return `Do\n${this.block(depth - 1, 'Do')}${dice.chance(0.6) ? '  Exit Do\n' : ''}Loop ${dice.pick(['While', 'Until'])} ${value()}\n`;
      case 27:
        return `While ${dice.pick(['n < 3', value()])}\n${this.block(depth - 1)}  n = n + 1\nWend\n`;
      case 28:
        return `Do\n${this.block(depth - 1, 'Do')}  If ${value()} Then Exit Do\nLoop\n`;
      case 29:
      case 30:
        return `Select Case ${value()}\nCase ${value()}, ${this.value(1)}\n${this.block(depth - 1)}Case ${this.value(0)}: ${name} = 1\nCase Else\n${this.block(depth - 1)}End Select\n`;
      case 31:
      case 32:
        return `With ${this.objectValue()}\n  .${dice.pick(this.members)} = ${value()}\n  x = .${dice.pick(this.members)}\n${this.block(depth - 1)}End With\n`;
      default:
        return `${name} = ${value()} _\n  & ${value()}: ${name} = Empty\n`;
    }
  }

  private objectValue(): string {
    const { dice } = this;
    if (this.surroundings !== undefined && dice.chance(0.6)) return this.surroundings.object(dice);
    return dice.pick([
      'Nothing',
      'New K',
      'host',
      'GetRef("F")',
      'New RegExp',
      'Err',
      'Me',
      'obj',
      'list',
      this.value(),
    ]);
  }
}

/** A script text as a string literal of the language. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '""').replaceAll('\n', '" & vbLf & "')}"`;
}
