/**
 * What a check says: one finding for each thing that is wrong.
 * Owns: the shapes.  Leaves: the checks (one file for each group), running them (doctor.ts), printing (cli).
 */
import type { Clock } from '../base/index.ts';
import type { Config, NamedServer } from '../config/index.ts';
import type { StatusReport } from '../control/index.ts';
import type { Machine } from './machine.ts';

export type Severity = 'error' | 'warning' | 'info';

export type Finding = {
  /** Stable name: `rights.cannot-add`. */
  readonly id: string;
  readonly severity: Severity;
  /** What was seen, with names and numbers. */
  readonly seen: string;
  readonly why: string;
  /** The exact command or setting. */
  readonly cure: string;
  readonly source: string;
  /** What `--fix` does, when that is safe. */
  readonly fix?: { readonly what: string; readonly run: () => Promise<void> };
};

export type DoctorContext = {
  readonly config: Config;
  readonly configFile: string | undefined;
  readonly servers: readonly NamedServer[];
  /** Of the running service; undefined when none runs. */
  readonly status: StatusReport | undefined;
  readonly machine: Machine;
  readonly clock: Clock;
  readonly nameOf: (server: NamedServer) => string;
  readonly options: DoctorOptions;
};

export type DoctorOptions = {
  /** Users whose programs write into Pickup, and groups: `www-data`, `group:mailsubmit`. */
  readonly submitters: readonly string[];
  /** A domain to look up, as if mail went there. */
  readonly domain?: string;
  /** Selectors of DKIM keys to look up below the sending domain. */
  readonly dkimSelectors?: readonly string[];
  /** Folders of another mailroot or of Exchange in which mail may lie. */
  readonly otherFolders: readonly string[];
  /** `--fix` takes the mail of these folders over. */
  readonly adopts?: boolean;
  /** False leaves everything out that asks the network. */
  readonly network: boolean;
};

export type Check = {
  /** The group: `rights`. */
  readonly group: string;
  readonly run: (context: DoctorContext) => Promise<readonly Finding[]>;
};
