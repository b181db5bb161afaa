/**
 * The syntax tree: plain data that knows no runtime. `at` is an offset into the source.
 */
import type { NOTHING, Scalar } from './values.ts';

/** What a literal or a constant can be; the engine's own value, see values.ts. */
export type LiteralValue = undefined | null | boolean | number | string | Scalar | typeof NOTHING;

export type Expression =
  | { readonly kind: 'literal'; readonly value: LiteralValue; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly lower: string; readonly at: number }
  | { readonly kind: 'me'; readonly at: number }
  /** `.member` inside With when `object` is undefined. */
  | {
      readonly kind: 'member';
      readonly object: Expression | undefined;
      readonly name: string;
      readonly lower: string;
      readonly at: number;
    }
  /** `callee(args)`: a call or an index. A missing argument is `undefined`. */
  | {
      readonly kind: 'call';
      readonly callee: Expression;
      readonly args: readonly (Expression | undefined)[];
      readonly at: number;
    }
  | { readonly kind: 'new'; readonly name: string; readonly lower: string; readonly at: number }
  | {
      readonly kind: 'unary';
      readonly operator: UnaryOperator;
      readonly operand: Expression;
      readonly at: number;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  /** Parentheses make a variable a value. */
  | { readonly kind: 'group'; readonly inner: Expression; readonly at: number };

export type UnaryOperator = '-' | '+' | 'not';
export type BinaryOperator =
  | '^'
  | '*'
  | '/'
  | '\\'
  | 'mod'
  | '+'
  | '-'
  | '&'
  | '='
  | '<>'
  | '<'
  | '>'
  | '<='
  | '>='
  | 'is'
  | 'and'
  | 'or'
  | 'xor'
  | 'eqv'
  | 'imp';

export type Declarator = {
  readonly name: string;
  readonly lower: string;
  /** Upper bounds of a fixed array; `[]` for `a()`; `undefined` for a plain variable. */
  readonly bounds: readonly number[] | undefined;
  readonly at: number;
};

export type ConstantDeclarator = {
  readonly name: string;
  readonly lower: string;
  readonly value: LiteralValue;
  readonly at: number;
};

export type Visibility = 'public' | 'private';

export type Parameter = {
  readonly name: string;
  readonly lower: string;
  readonly mode: 'byref' | 'byval';
  readonly at: number;
};

export type ProcedureKind = 'sub' | 'function' | 'get' | 'let' | 'set';

export type Procedure = {
  readonly kind: 'procedure';
  readonly procedureKind: ProcedureKind;
  readonly name: string;
  readonly lower: string;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly visibility: Visibility;
  readonly isDefault: boolean;
  readonly at: number;
  /** Offset of `End Sub`. */
  readonly endAt: number;
};

export type ClassDeclaration = {
  readonly kind: 'class';
  readonly name: string;
  readonly lower: string;
  readonly fields: readonly (Declarator & { readonly visibility: Visibility })[];
  readonly constants: readonly ConstantDeclarator[];
  readonly procedures: readonly Procedure[];
  readonly at: number;
};

export type CaseClause = {
  /** `undefined` for Case Else. */
  readonly values: readonly Expression[] | undefined;
  readonly body: readonly Statement[];
  readonly at: number;
};

export type Statement =
  | { readonly kind: 'dim'; readonly declarators: readonly Declarator[]; readonly at: number }
  | { readonly kind: 'const'; readonly declarators: readonly ConstantDeclarator[]; readonly at: number }
  | {
      readonly kind: 'redim';
      readonly preserve: boolean;
      readonly items: readonly { readonly target: Expression; readonly bounds: readonly Expression[] }[];
      readonly at: number;
    }
  | { readonly kind: 'erase'; readonly targets: readonly Expression[]; readonly at: number }
  | {
      readonly kind: 'assign';
      readonly isSet: boolean;
      readonly target: Expression;
      readonly value: Expression;
      readonly at: number;
    }
  /** A call whose value is dropped. `args` undefined: none were written. */
  | {
      readonly kind: 'callStatement';
      readonly callee: Expression;
      readonly args: readonly (Expression | undefined)[];
      readonly at: number;
    }
  | {
      readonly kind: 'if';
      readonly branches: readonly {
        readonly condition: Expression;
        readonly body: readonly Statement[];
        readonly at: number;
      }[];
      readonly otherwise: readonly Statement[] | undefined;
      readonly at: number;
    }
  | {
      readonly kind: 'select';
      readonly subject: Expression;
      readonly clauses: readonly CaseClause[];
      readonly at: number;
    }
  | {
      readonly kind: 'for';
      readonly variable: Expression;
      readonly from: Expression;
      readonly to: Expression;
      readonly step: Expression | undefined;
      readonly body: readonly Statement[];
      readonly at: number;
      readonly endAt: number;
    }
  | {
      readonly kind: 'forEach';
      readonly variable: Expression;
      readonly collection: Expression;
      readonly body: readonly Statement[];
      readonly at: number;
      readonly endAt: number;
    }
  | {
      /** `test: 'none'` is an endless Do. While…Wend is a Do While that Exit Do does not see. */
      readonly kind: 'loop';
      readonly form: 'do' | 'while';
      readonly test: 'none' | 'before' | 'after';
      readonly sense: 'while' | 'until';
      readonly condition: Expression | undefined;
      readonly body: readonly Statement[];
      readonly at: number;
      readonly endAt: number;
    }
  | {
      readonly kind: 'with';
      readonly object: Expression;
      readonly body: readonly Statement[];
      readonly at: number;
      readonly endAt: number;
    }
  | {
      readonly kind: 'exit';
      readonly what: 'for' | 'do' | 'sub' | 'function' | 'property';
      readonly at: number;
    }
  | { readonly kind: 'onError'; readonly mode: 'resume' | 'off'; readonly at: number }
  | { readonly kind: 'stop'; readonly at: number }
  | Procedure
  | ClassDeclaration;

export type Script = {
  readonly source: string;
  readonly optionExplicit: boolean;
  /** Executable statements and declarations in the order written. */
  readonly body: readonly Statement[];
};
