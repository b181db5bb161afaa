/** Runs script texts in a pool over scratch folders, for tests of the host and its limits. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_LIMITS,
  NO_SERVICES,
  type PoolOptions,
  type ScriptJob,
  type ScriptLimitSettings,
  type ScriptOutcome,
  ScriptPool,
  type ServicePolicy,
} from '../../../src/script/index.ts';
import { TEST_MACHINE } from './object-scope.ts';

export type BenchRun = { readonly outcome: ScriptOutcome; readonly output: string; readonly error: string };

export type BenchOptions = Partial<Omit<ScriptJob, 'source' | 'limits'>> & {
  readonly limits?: Partial<ScriptLimitSettings>;
  readonly services?: Partial<ServicePolicy>;
};

/**
 * `C:\data` may be written, `R:\` read, `C:\inetpub\mailroot\Pickup` takes new files; `outside` lies beside them and is
 * granted to nobody.
 */
export class ScriptBench {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'mailroot-bench-')));
  readonly pool: ScriptPool;

  constructor(options: Partial<PoolOptions> = {}) {
    for (const name of ['data', 'readonly', 'outside', 'pickup']) mkdirSync(join(this.folder, name));
    this.pool = new ScriptPool(options);
  }

  path(...names: string[]): string {
    return join(this.folder, ...names);
  }

  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  job(source: string, options: BenchOptions = {}): ScriptJob {
    const { limits, services: _, ...rest } = options;
    return {
      source,
      language: 'vbscript',
      displayName: 'test.vbs',
      fullName: 'C:\\data\\test.vbs',
      arguments: [],
      jobName: undefined,
      folders: [
        { windows: 'C:\\data', folder: this.path('data'), access: 'write' },
        { windows: 'R:\\', folder: this.path('readonly'), access: 'read' },
      ],
      currentFolder: 'C:\\data',
      machine: TEST_MACHINE,
      locale: 1033,
      mode: 'interactive',
      ...rest,
      limits: { ...DEFAULT_LIMITS, timeMs: 10_000, ...limits },
    };
  }

  async run(source: string, options: BenchOptions = {}): Promise<BenchRun> {
    const texts = { output: '', error: '' };
    const outcome = await this.pool.run(
      { kind: 'job', job: this.job(source, options) },
      {
        services: { ...NO_SERVICES, findPickup: async () => this.path('pickup'), ...options.services },
        write: (stream, text) => {
          texts[stream] += text;
        },
      },
    );
    return { outcome, ...texts };
  }

  async close(): Promise<void> {
    await this.pool.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
