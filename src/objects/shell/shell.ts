/**
 * WScript.Shell.
 * Owns: environment variables (a copy, from an allow-list), the current folder, Run and Exec by request.
 * Fails: what Windows has and this machine has not – registry, shortcuts, keys – is refused with the error Windows gives for it.
 * Sources: doc "WshShell Object"; doc "WshEnvironment Object"; doc "WshScriptExec Object".
 */
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  automationFace,
} from '../../automation/index.ts';
import { booleanAt, isMissing, longOf, plainOf, textAt } from '../arguments.ts';
import { runtimeError } from '../errors.ts';
import { ansiEncoding } from '../files/encoding.ts';
import { SPECIAL_FOLDERS } from '../files/file-system-object.ts';
import { TextStream, textStreamFace } from '../files/text-stream.ts';
import type { ObjectScope } from '../scope.ts';
import { PROCESS_OPERATION, type ProcessState } from './process.ts';
import { registryValue } from './registry-values.ts';

/** Variables by upper-case name; changes last as long as the run. */
export class Variables {
  readonly #values = new Map<string, { name: string; value: string }>();

  constructor(given: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(given)) this.set(name, value);
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toUpperCase())?.value;
  }

  set(name: string, value: string): void {
    const key = name.toUpperCase();
    this.#values.set(key, { name: this.#values.get(key)?.name ?? name, value });
  }

  remove(name: string): boolean {
    return this.#values.delete(name.toUpperCase());
  }

  /** `NAME=value` each. */
  entries(): string[] {
    return Array.from(this.#values.values(), ({ name, value }) => `${name}=${value}`);
  }

  /** `%NAME%` → value; unknown names stay as they are. */
  expand(text: string): string {
    return text.replace(/%([^%]+)%/g, (whole, name: string) => this.get(name) ?? whole);
  }
}

const environmentFace: (self: Variables) => AutomationObject = automationFace<Variables>({
  name: 'IWshEnvironment',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [1, 1],
      get: (self, args) => self.get(textAt(args, 0)) ?? '',
      put: (self, args) => self.set(textAt(args, 0), textAt(args, 1)),
    },
    Count: { arity: [0, 0], get: (self) => self.entries().length },
    length: { arity: [0, 0], get: (self) => self.entries().length },
    Remove: {
      arity: [1, 1],
      call: (self, args) => {
        if (!self.remove(textAt(args, 0)))
          throw refused(
            'WshEnvironment.Remove',
            0x8007_00cb,
            'The system could not find the environment option that was entered.',
          );
        return undefined;
      },
    },
  },
  enumerate: (self) => self.entries().values(),
});

type Shell = {
  readonly scope: ObjectScope;
  readonly variables: Variables;
  readonly shared: Map<string, Variables>;
};

const SPECIAL: Readonly<Record<string, string>> = {
  desktop: 'C:\\Users\\Public\\Desktop',
  allusersdesktop: 'C:\\Users\\Public\\Desktop',
  mydocuments: 'C:\\Users\\Public\\Documents',
  startmenu: 'C:\\ProgramData\\Microsoft\\Windows\\Start Menu',
  fonts: `${SPECIAL_FOLDERS[0]}\\Fonts`,
};

const specialFoldersFace: (self: object) => AutomationObject = automationFace<object>({
  name: 'IWshCollection',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [1, 1],
      // By name, or by number to go through them.
      get: (_, args) => {
        const key = plainOf(args[0]);
        if (typeof key === 'string') return SPECIAL[key.toLowerCase()] ?? '';
        const path = Object.values(SPECIAL)[longOf(key)];
        if (path === undefined) throw runtimeError(9);
        return path;
      },
    },
    Count: { arity: [0, 0], get: () => Object.keys(SPECIAL).length },
    length: { arity: [0, 0], get: () => Object.keys(SPECIAL).length },
  },
  enumerate: () => Object.values(SPECIAL).values(),
});

const shellFace: (self: Shell) => AutomationObject = automationFace<Shell>({
  name: 'IWshShell3',
  members: {
    Environment: {
      arity: [0, 1],
      get: (self, args) =>
        environmentFace(self.shared.get(textAt(args, 0, 'System').toUpperCase()) ?? self.variables),
    },
    ExpandEnvironmentStrings: {
      arity: [1, 1],
      call: ({ variables }, args) => variables.expand(textAt(args, 0)),
    },
    CurrentDirectory: {
      arity: [0, 0],
      get: ({ scope }) => scope.files.currentFolder,
      put: ({ scope }, args) => scope.files.changeFolder(textAt(args, 0)),
    },
    SpecialFolders: {
      arity: [0, 1],
      get: (self, args) => {
        const folders = specialFoldersFace(self.shared);
        return isMissing(args, 0) ? folders : folders.invoke('get', '', args);
      },
    },
    Run: {
      arity: [1, 3],
      call: ({ scope, variables }, args) => {
        const { pid } = start(scope, variables.expand(textAt(args, 0)));
        if (!booleanAt(args, 2, false)) return 0;
        return (ask(scope, PROCESS_OPERATION.wait, { pid }) as ProcessState).exitCode;
      },
    },
    Exec: {
      arity: [1, 1],
      call: ({ scope, variables }, args) =>
        execObject(scope, start(scope, variables.expand(textAt(args, 0))).pid),
    },
    Popup: {
      arity: [1, 4],
      // There is nobody to press a button: the text is shown and the answer is OK.
      call: ({ scope }, args) => {
        scope.notice(isMissing(args, 2) ? textAt(args, 0) : `${textAt(args, 2)}: ${textAt(args, 0)}`);
        return 1;
      },
    },
    LogEvent: {
      arity: [2, 3],
      call: ({ scope }, args) => {
        scope.notice(textAt(args, 1));
        return true;
      },
    },
    AppActivate: { arity: [1, 2], call: () => false },
    SendKeys: {
      arity: [1, 2],
      call: () => {
        throw runtimeError(70);
      },
    },
    CreateShortcut: {
      arity: [1, 1],
      call: () => {
        throw refused(
          'WshShell.CreateShortcut',
          0x8000_4005,
          'Unable to save shortcut: there is no Windows desktop here.',
        );
      },
    },
    RegRead: {
      arity: [1, 1],
      call: ({ scope }, args) => {
        const value = registryValue(textAt(args, 0), scope.machine, new Date());
        if (value !== undefined) return value;
        throw refused(
          'WshShell.RegRead',
          0x8007_0002,
          `Unable to open registry key "${textAt(args, 0)}" for reading.`,
        );
      },
    },
    RegWrite: {
      arity: [2, 3],
      call: (_, args) => {
        throw refused('WshShell.RegWrite', 0x8007_0005, `Invalid root in registry key "${textAt(args, 0)}".`);
      },
    },
    RegDelete: {
      arity: [1, 1],
      call: (_, args) => {
        throw refused(
          'WshShell.RegDelete',
          0x8007_0005,
          `Unable to remove registry key "${textAt(args, 0)}".`,
        );
      },
    },
  },
});

class Running {
  readonly scope: ObjectScope;
  readonly pid: number;
  readonly input: AutomationObject;
  readonly output: AutomationObject;
  readonly error: AutomationObject;

  constructor(scope: ObjectScope, pid: number) {
    this.scope = scope;
    this.pid = pid;
    const encoding = ansiEncoding(scope.machine.codePage);
    const source = (stream: 'stdout' | 'stderr') => {
      const decoder = encoding.decoder();
      return new TextStream({
        source: {
          next() {
            for (;;) {
              const bytes = ask(scope, PROCESS_OPERATION.read, { pid, stream }) as Uint8Array | undefined;
              if (bytes === undefined) return undefined;
              const text = decoder.decode(Buffer.from(bytes));
              if (text !== '') return text;
            }
          },
          close: () => {},
        },
      });
    };
    this.output = textStreamFace(source('stdout'));
    this.error = textStreamFace(source('stderr'));
    this.input = textStreamFace(
      new TextStream({
        sink: {
          write: (text) => {
            const bytes = encoding.encode(text);
            if (bytes === undefined) throw runtimeError(5);
            ask(scope, PROCESS_OPERATION.write, { pid, bytes: new Uint8Array(bytes), close: false });
          },
          close: () =>
            void ask(scope, PROCESS_OPERATION.write, { pid, bytes: new Uint8Array(0), close: true }),
        },
      }),
    );
  }

  get state(): ProcessState {
    return ask(this.scope, PROCESS_OPERATION.state, { pid: this.pid }) as ProcessState;
  }
}

const execFace: (self: Running) => AutomationObject = automationFace<Running>({
  name: 'IWshExec',
  members: {
    Status: { arity: [0, 0], get: (self) => (self.state.isRunning ? 0 : 1) },
    ExitCode: { arity: [0, 0], get: (self) => self.state.exitCode },
    ProcessID: { arity: [0, 0], get: (self) => self.pid },
    StdIn: { arity: [0, 0], get: (self) => self.input },
    StdOut: { arity: [0, 0], get: (self) => self.output },
    StdErr: { arity: [0, 0], get: (self) => self.error },
    Terminate: {
      arity: [0, 0],
      call: (self) => void ask(self.scope, PROCESS_OPERATION.terminate, { pid: self.pid }),
    },
  },
});

function execObject(scope: ObjectScope, pid: number): AutomationObject {
  return execFace(new Running(scope, pid));
}

function start(scope: ObjectScope, command: string): ProcessState {
  return ask(scope, PROCESS_OPERATION.start, { command }) as ProcessState;
}

/** Asks the side that may wait; an error with an HRESULT becomes the script's. */
function ask(scope: ObjectScope, operation: string, request: unknown): unknown {
  try {
    return scope.waiting.waitFor(operation, request);
  } catch (thrown) {
    const { hresult, message } = thrown as { hresult?: unknown; message: string };
    if (typeof hresult !== 'number') throw thrown;
    throw refused(operation === PROCESS_OPERATION.start ? 'WshShell.Exec' : 'WshShell', hresult, message);
  }
}

/** `source` is object and method, as the shell's own objects name themselves in Err.Source. */
function refused(source: string, hresult: number, text: string): AutomationError {
  return new AutomationError(hresult | 0, text, { source });
}

export function createShell(scope: ObjectScope): AutomationObject {
  const variables = new Variables(scope.machine.variables);
  return shellFace({ scope, variables, shared: new Map([['PROCESS', variables]]) });
}

type Network = { readonly scope: ObjectScope };

const emptyCollectionFace: (self: object) => AutomationObject = automationFace<object>({
  name: 'IWshCollection',
  defaultMember: 'Item',
  members: {
    Count: { arity: [0, 0], get: () => 0 },
    length: { arity: [0, 0], get: () => 0 },
    Item: {
      arity: [1, 1],
      get: () => {
        throw runtimeError(5);
      },
    },
  },
  enumerate: () => [].values(),
});

const networkFace: (self: Network) => AutomationObject = automationFace<Network>({
  name: 'IWshNetwork2',
  members: {
    ComputerName: { arity: [0, 0], get: ({ scope }) => scope.machine.computerName },
    UserName: { arity: [0, 0], get: ({ scope }) => scope.machine.userName },
    UserDomain: { arity: [0, 0], get: ({ scope }) => scope.machine.userDomain },
    Organization: { arity: [0, 0], get: () => '' },
    Site: { arity: [0, 0], get: () => '' },
    UserProfile: { arity: [0, 0], get: () => '' },
    EnumNetworkDrives: { arity: [0, 0], call: (self) => emptyCollectionFace(self) },
    EnumPrinterConnections: { arity: [0, 0], call: (self) => emptyCollectionFace(self.scope) },
    MapNetworkDrive: { arity: [2, 5], call: noNetwork('MapNetworkDrive') },
    RemoveNetworkDrive: { arity: [1, 3], call: noNetwork('RemoveNetworkDrive') },
    AddPrinterConnection: { arity: [2, 5], call: noNetwork('AddPrinterConnection') },
    AddWindowsPrinterConnection: { arity: [1, 3], call: noNetwork('AddWindowsPrinterConnection') },
    RemovePrinterConnection: { arity: [1, 3], call: noNetwork('RemovePrinterConnection') },
    SetDefaultPrinter: { arity: [1, 1], call: noNetwork('SetDefaultPrinter') },
  },
});

function noNetwork(method: string): () => AutomationValue {
  return () => {
    throw new AutomationError(0x8007_04b3 | 0, 'No network provider accepted the given network path.', {
      source: `WSHNetwork.${method}`,
    });
  };
}

export function createNetwork(scope: ObjectScope): AutomationObject {
  return networkFace({ scope });
}
