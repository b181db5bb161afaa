/**
 * Where the folders of an old server lie, and where they will lie.
 * Owns: the common root, folders elsewhere, the two kinds of path.  Leaves: the mail in them (adoption.ts).
 * Sources: KB 240917 (moving the folders); doc "IIS 6.0 SDK: SMTP metabase properties".
 */
import type { Effective } from './metabase.ts';
import type { ServerImport } from './server-import.ts';

const FOLDERS = [
  { property: 'PickupDirectory', setting: 'pickup', usual: 'pickup' },
  { property: 'QueueDirectory', setting: 'queue', usual: 'queue' },
  { property: 'DropDirectory', setting: 'drop', usual: 'drop' },
  { property: 'BadMailDirectory', setting: 'badmail', usual: 'badmail' },
] as const;

type Found = {
  readonly setting: string;
  readonly effective: Effective;
  readonly path: string;
  readonly root: string | undefined;
};

export function importFolders(
  server: ServerImport,
  options: { readonly platform: 'windows' | 'posix'; readonly mailroot?: string; readonly index: number },
): void {
  const found: Found[] = [];
  for (const { property, setting, usual } of FOLDERS) {
    const effective = server.get(property);
    const path = effective?.text.trim().replace(/[\\/]+$/, '') ?? '';
    if (effective === undefined || path === '') continue;
    const match = /^(.+)[\\/]([^\\/]+)$/.exec(path);
    found.push({
      setting,
      effective,
      path,
      root: match !== null && match[2]!.toLowerCase() === usual ? match[1] : undefined,
    });
  }
  const roots = new Map<string, { root: string; count: number }>();
  for (const { root } of found) {
    if (root === undefined) continue;
    const key = root.toLowerCase();
    roots.set(key, { root, count: (roots.get(key)?.count ?? 0) + 1 });
  }
  const common = [...roots.values()].sort((a, b) => b.count - a.count)[0]?.root;
  const own = found.find(({ root }) => root !== undefined && root === common)?.effective;
  const mayKeep = options.platform === 'windows' && options.mailroot === undefined && common !== undefined;
  const mailroot = mayKeep && !isTaken(server, common) ? common : newMailroot(options);
  server.set(
    ['mailroot'],
    mailroot,
    own,
    mailroot === common ? undefined : common === undefined ? undefined : `was ${common}`,
  );
  for (const { setting, effective, path, root } of found) {
    if (root !== undefined && root.toLowerCase() === common?.toLowerCase()) continue;
    if (options.platform === 'windows') server.set(['folders', setting], path, effective);
    else {
      server.note(
        'todo',
        'folder-elsewhere',
        effective,
        `the folder lay apart from the others, in ${path}; set folders.${setting} if it must again`,
      );
    }
  }
  if (common !== undefined && mailroot !== common) {
    server.note(
      'todo',
      'mailroot-moved',
      own,
      `programs that write to ${common}\\Pickup must write to ${mailroot}/Pickup now; take over the mail that lies in the old folders with 'mailroot import mail'`,
    );
  }
}

function newMailroot(options: { readonly mailroot?: string; readonly index: number }): string {
  const base = options.mailroot ?? 'mailroot';
  return options.index === 0 ? base : `${base}-${options.index + 1}`;
}

/** Two servers with one root cannot have been meant: the second gets a folder of its own. */
function isTaken(server: ServerImport, root: string): boolean {
  for (let instance = 1; instance < server.instance; instance += 1) {
    const other = server.draft.value(['servers', `smtp${instance}`, 'mailroot']);
    if (typeof other === 'string' && other.toLowerCase() === root.toLowerCase()) return true;
  }
  return false;
}
