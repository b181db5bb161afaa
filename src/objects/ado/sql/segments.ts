/**
 * Cuts a list of words at marks – commas, comparisons, keywords – into runs; a run is one value with its arithmetic.
 * Owns: the cut, leaving out what tells SQL Server how to lock.  Leaves: which word is a mark (words), what is written (expressions).
 */
import type { SqlDialect } from '../data-sources.ts';
import type { Node, Token } from './tokens.ts';
import { isHint, isMark, isWord } from './words.ts';

export type Segment = { readonly mark: Token } | { readonly run: readonly Node[] };

/** Marks and what stands between them, in order. */
export function segmentsOf(nodes: readonly Node[]): Segment[] {
  const segments: Segment[] = [];
  let run: Node[] = [];
  for (const [index, node] of nodes.entries()) {
    if (!isMark(node, nodes[index - 1], nodes[index + 1])) {
      run.push(node);
      continue;
    }
    if (run.length > 0) segments.push({ run });
    run = [];
    segments.push({ mark: node as Token });
  }
  if (run.length > 0) segments.push({ run });
  return segments;
}

/** Without what tells SQL Server how to lock. */
export function withoutHints(nodes: readonly Node[], dialect: SqlDialect): readonly Node[] {
  if (dialect !== 'sqlserver') return nodes;
  return nodes.filter((node, index) => {
    if (node.kind === 'group' && isHint(node))
      return !(nodes[index - 1]?.kind === 'word' || nodes[index - 1]?.kind === 'name');
    const next = nodes[index + 1];
    return !(isWord(node, 'with') && next?.kind === 'group' && isHint(next));
  });
}
