/**
 * The little tree that both script languages are turned into, so that one analysis reads both.
 * Owns: the shapes.  Leaves: where they come from (vbscript-tree.ts, jscript-tree.ts), what they mean (analysis.ts).
 * `at` is an offset into the source of the page.
 */

export type Node =
  | { readonly op: 'text'; readonly value: string; readonly at: number }
  | { readonly op: 'number'; readonly value: number; readonly at: number }
  | { readonly op: 'name'; readonly name: string; readonly at: number }
  /** `object` undefined: `.member` inside With. */
  | { readonly op: 'member'; readonly object: Node | undefined; readonly name: string; readonly at: number }
  | {
      readonly op: 'call';
      readonly callee: Node;
      readonly args: readonly (Node | undefined)[];
      readonly at: number;
    }
  | {
      readonly op: 'new';
      readonly className: Node;
      readonly args: readonly (Node | undefined)[];
      readonly at: number;
    }
  | { readonly op: 'join'; readonly left: Node; readonly right: Node; readonly at: number }
  /** Anything else: only its parts are looked at. */
  | { readonly op: 'other'; readonly parts: readonly Node[]; readonly at: number };

export type Step =
  | { readonly do: 'assign'; readonly target: Node; readonly value: Node; readonly at: number }
  /** `isCalled` false: a member that is named and not called, which JScript lets pass without effect. */
  | { readonly do: 'run'; readonly node: Node; readonly isCalled: boolean; readonly at: number }
  | { readonly do: 'declare'; readonly names: readonly string[] }
  | { readonly do: 'with'; readonly object: Node; readonly body: readonly Step[] }
  /** Each of the bodies may run; all are read, one after the other. */
  | { readonly do: 'choice'; readonly parts: readonly Node[]; readonly bodies: readonly (readonly Step[])[] }
  | { readonly do: 'return'; readonly value: Node | undefined }
  | Routine;

export type Routine = {
  readonly do: 'routine';
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: readonly Step[];
};

export type Tree = {
  readonly language: 'vbscript' | 'jscript';
  readonly steps: readonly Step[];
};
