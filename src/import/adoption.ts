/**
 * The mail that lies in the folders of an old server → the new folders, in order, once.
 * Owns: which old folder goes where, the order, what is left alone.  Leaves: the once (copy-once.ts), drafts (drafts.ts).
 * The old folders are only read: what was taken is known from the ledger in the new mailroot.
 * Sources: KB 306043 (Queue files lose their envelope when copied); KB 240917; doc "Exchange 5.5 imcdata folders".
 */
import { join, resolve } from 'node:path';
import { type Disk, systemErrorCode, toRelayError } from '../base/index.ts';
import { type Copy, type CopyOnce, type CopyResult, fileHead, filePieces } from './copy-once.ts';

/** What becomes of a file. */
export type AdoptedKind = 'pickup' | 'drop' | 'badmail' | 'draft';

export type AdoptionItem = {
  readonly kind: AdoptedKind;
  /** The old file, absolute. */
  readonly source: string;
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAtMs: number;
};

export type OldLayout = 'mailroot' | 'imcdata';

type OldFolder = { readonly path: readonly string[]; readonly kind: AdoptedKind };

/** Old folders, in the order in which they are taken: what was on its way first. */
const FOLDERS: Readonly<Record<OldLayout, readonly OldFolder[]>> = {
  mailroot: [
    { path: ['Queue'], kind: 'draft' },
    { path: ['Pickup'], kind: 'pickup' },
    { path: ['Drop'], kind: 'drop' },
    { path: ['Badmail'], kind: 'badmail' },
  ],
  imcdata: [
    { path: ['Out'], kind: 'draft' },
    { path: ['In'], kind: 'draft' },
    { path: ['Pickup'], kind: 'pickup' },
    { path: ['Out', 'Archive'], kind: 'badmail' },
    { path: ['In', 'Archive'], kind: 'badmail' },
    { path: ['Pickup', 'Archive'], kind: 'badmail' },
  ],
};

/** Files of the old service that are no mail: transcripts, the queue index, the control socket of a Mailroot. */
const NO_MAIL = /^(?:\..*|.*\.(?:ltr|rtr|stm|db|db-wal|db-shm|sock)|queue\.dat|desktop\.ini|thumbs\.db)$/i;
const HEAD_BYTES = 4096;

/** Everything that can be taken over, in the order in which it will be. Folders that do not exist are passed by. */
export async function planAdoption(disk: Disk, oldRoot: string, layout: OldLayout): Promise<AdoptionItem[]> {
  const plan: AdoptionItem[] = [];
  for (const { path, kind } of FOLDERS[layout]) {
    const folder = await findFolder(disk, oldRoot, path);
    if (folder === undefined) continue;
    const items: AdoptionItem[] = [];
    for await (const { name, isFolder } of disk.list(folder)) {
      if (isFolder || NO_MAIL.test(name)) continue;
      const source = join(folder, name);
      const { bytes, modifiedAtMs, isFile } = await disk.stat(source);
      if (!isFile) continue;
      items.push({ kind: await kindOf(disk, kind, source), source, name, bytes, modifiedAtMs });
    }
    // Oldest first; of a Badmail triplet the message last, so that it never stands without its reason.
    items.sort(
      (a, b) => a.modifiedAtMs - b.modifiedAtMs || rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1),
    );
    plan.push(
      ...items.filter(({ name }) => rank(name) === 0),
      ...items.filter(({ name }) => rank(name) === 1),
    );
  }
  return plan;
}

function rank(name: string): number {
  return /\.(bdr|bdp)$/i.test(name) ? 0 : 1;
}

/** A queue file that carries its envelope in lines of its own needs nobody's confirmation. */
async function kindOf(disk: Disk, kind: AdoptedKind, source: string): Promise<AdoptedKind> {
  if (kind !== 'draft') return kind;
  const head = (await fileHead(disk, source, HEAD_BYTES)).toString('latin1');
  return /^x-sender:[^\n]*\n(?:[ \t][^\n]*\n)*x-receiver:/i.test(head) ? 'pickup' : 'draft';
}

async function findFolder(disk: Disk, root: string, path: readonly string[]): Promise<string | undefined> {
  let at = root;
  for (const wanted of path) {
    let found: string | undefined;
    try {
      // Folders of Windows were copied in whatever case somebody typed.
      for await (const { name, isFolder } of disk.list(at)) {
        if (isFolder && name.toLowerCase() === wanted.toLowerCase()) found ??= name;
      }
    } catch (thrown) {
      if (systemErrorCode(thrown) === 'ENOENT' && at !== root) return undefined;
      throw toRelayError(thrown, `reading ${at}`);
    }
    if (found === undefined) return undefined;
    at = join(at, found);
  }
  return at;
}

export type AdoptionTargets = Readonly<Record<AdoptedKind, string>>;

/** Takes over the items one after the other; `report` hears of each. Throws RelayError at the first that fails. */
export async function adopt(
  disk: Disk,
  once: CopyOnce,
  items: readonly AdoptionItem[],
  targets: AdoptionTargets,
  report: (item: AdoptionItem, result: CopyResult) => void = () => {},
): Promise<void> {
  await once.prepare();
  for (const folder of new Set(Object.values(targets))) {
    await disk.makeFolder(folder).catch((thrown: unknown) => {
      throw toRelayError(thrown, `creating ${folder}`);
    });
  }
  for (const item of items) {
    const copy: Copy = {
      identity: adoptionIdentity(item),
      source: item.source,
      folder: targets[item.kind],
      name: newName(item),
      content: () => filePieces(disk, item.source),
    };
    report(item, await once.copy(copy));
  }
}

/** What makes an old file the same one next time: where it lies, how large it is, when it was written. */
export function adoptionIdentity({
  source,
  bytes,
  modifiedAtMs,
}: Pick<AdoptionItem, 'source' | 'bytes' | 'modifiedAtMs'>): string {
  return `${resolve(source)}\n${bytes}\n${modifiedAtMs}`;
}

/** Names of Exchange have no extension; Badmail lists only `.BAD`. */
function newName({ kind, name }: AdoptionItem): string {
  if (kind === 'badmail') return /\.(bad|bdr|bdp)$/i.test(name) ? name : `${name}.BAD`;
  return kind === 'draft' && !/\.eml$/i.test(name) ? `${name}.eml` : name;
}
