/** An ObjectScope over a temporary folder, for tests of the ProgID objects, and short forms for late-bound calls. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  type AutomationArgument,
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  automationFace,
} from '../../../src/automation/index.ts';
import {
  FolderMap,
  GrantedFiles,
  type ObjectScope,
  objectCatalogue,
  type ScriptMachine,
} from '../../../src/objects/index.ts';

export type TestScope = ObjectScope & {
  /** The folder behind `C:\data`, writable; `R:\` leads to its folder `readonly`. */
  readonly folder: string;
  readonly notices: string[];
  /** What each CDO.Message was told, in order: `put Subject=…`, `call Send`. */
  readonly messages: string[][];
  readonly asked: { operation: string; request: unknown }[];
  answer: (operation: string, request: unknown) => unknown;
};

export const TEST_MACHINE: ScriptMachine = {
  computerName: 'MAIL01',
  userName: 'svc-mail',
  userDomain: 'EXAMPLE',
  variables: { TEMP: 'C:\\Windows\\Temp', COMPUTERNAME: 'MAIL01' },
  codePage: 1252,
  mailAddress: 'svc-mail@example.test',
};

export function testScope(t: TestContext, machine: Partial<ScriptMachine> = {}): TestScope {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mailroot-objects-')));
  mkdirSync(join(folder, 'data'));
  mkdirSync(join(folder, 'readonly'));
  mkdirSync(join(folder, 'outside'));
  const map = new FolderMap([
    { windows: 'C:\\data', folder: join(folder, 'data'), access: 'write' },
    { windows: 'R:\\', folder: join(folder, 'readonly'), access: 'read' },
  ]);
  const registry = objectCatalogue();
  const messages: string[][] = [];
  registry.register(['CDO.Message'], () => recorder(messages));
  const scope: TestScope = {
    folder,
    notices: [],
    messages,
    asked: [],
    answer: () => {
      throw new Error('no answer prepared');
    },
    machine: { ...TEST_MACHINE, ...machine },
    files: new GrantedFiles(map, 'C:\\data'),
    waiting: {
      waitFor(operation, request) {
        scope.asked.push({ operation, request });
        return scope.answer(operation, request);
      },
    },
    createObject: (progId) => registry.create(progId, scope),
    notice: (text) => void scope.notices.push(text),
  };
  t.after(() => {
    scope.files.closeAll();
    rmSync(folder, { recursive: true, force: true });
  });
  return scope;
}

/** A stand-in for CDO.Message that writes down what it is told, on itself and on what it hands out. */
function recorder(messages: string[][]): AutomationObject {
  const lines: string[] = [];
  messages.push(lines);
  const part = (path: string): AutomationObject => ({
    automationName: path || 'Message',
    invoke(kind, member, args) {
      const name = path + member;
      if (kind === 'get') return part(`${name}.`);
      const texts = args.map((arg) => (typeof arg === 'object' && arg !== null ? '[object]' : String(arg)));
      lines.push(kind === 'put' ? `${name}=${texts.join('=')}` : `${name}(${texts.join(', ')})`);
      if (name === 'To' && String(args[0]).includes('refused@example.test'))
        throw new AutomationError(0x8004_020f | 0, 'The recipient was refused.', { source: 'CDO.Message.1' });
      return undefined;
    },
  });
  return part('');
}

export function call(
  object: AutomationValue,
  member: string,
  ...args: AutomationArgument[]
): AutomationValue {
  return asObject(object).invoke('call', member, args);
}

export function get(object: AutomationValue, member: string, ...args: AutomationArgument[]): AutomationValue {
  return asObject(object).invoke('get', member, args);
}

export function put(object: AutomationValue, member: string, ...args: AutomationArgument[]): void {
  asObject(object).invoke('put', member, args);
}

export function each(object: AutomationValue): AutomationValue[] {
  const items: AutomationValue[] = [];
  const iterator = asObject(object).enumerate!();
  for (let step = iterator.next(); step.done !== true; step = iterator.next()) items.push(step.value);
  return items;
}

export function asObject(value: AutomationValue): AutomationObject {
  assert.ok(typeof value === 'object' && value !== null && 'invoke' in value, 'an object was expected');
  return value;
}

/** Runs `work` and returns the runtime error number it raises, or the HRESULT for errors of other families. */
export function errorOf(work: () => unknown): number {
  try {
    work();
  } catch (thrown) {
    assert.ok(thrown instanceof AutomationError, String(thrown));
    return thrown.hresult >>> 16 === 0x800a ? thrown.hresult & 0xffff : thrown.hresult;
  }
  return 0;
}

/** A face with no members, where a test needs some object. */
export const anObject = automationFace<object>({ name: 'Object', members: {} });
