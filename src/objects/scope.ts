/**
 * What the objects of one script run share: the folders, the permissions, the way to wait, and what must be cleaned up.
 * Owns: the types.  Leaves: building it (script host, ASP host).
 */
import type { AutomationObject, WaitingRoom } from '../automation/index.ts';
import type { ProfileName } from '../cdo/index.ts';
import type { DataSource } from './ado/data-sources.ts';
import type { GrantedFiles } from './files/granted-files.ts';
import type { TextStream } from './files/text-stream.ts';

export type ScriptMachine = {
  /** What WScript.Network answers. */
  readonly computerName: string;
  readonly userName: string;
  readonly userDomain: string;
  /** The variables scripts may see, and no others. Names in any case. */
  readonly variables: Readonly<Record<string, string>>;
  /** The Windows ANSI code page of text files: 1252 unless the installation says otherwise. */
  readonly codePage: number;
  /** The address that Outlook.Application sends as: the mailbox of the user whose profile it would open. */
  readonly mailAddress: string;
  /** The generation of Windows whose mail the mail objects write; absent: the newest. */
  readonly mailProfile?: ProfileName;
};

/** The objects' view of one run. */
export interface ObjectScope {
  readonly machine: ScriptMachine;
  readonly files: GrantedFiles;
  readonly waiting: WaitingRoom;
  /** Makes the object of a ProgID, for objects built over others (mail aliases). */
  readonly createObject: (progId: string) => AutomationObject;
  /** The standard streams, where the host has them. */
  readonly streams?: { readonly input: TextStream; readonly output: TextStream; readonly error: TextStream };
  /** Old databases and their new homes; addresses of servers without user and password. */
  readonly dataSources?: readonly DataSource[];
  /** Called before something happens that is seen outside and passes neither `files` nor `waiting`: a statement of a database. */
  readonly beforeEffect?: () => void;
  /** Texts meant for a person at the screen: Popup, LogEvent. */
  readonly notice: (text: string) => void;
}
