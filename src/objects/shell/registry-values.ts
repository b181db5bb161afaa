/**
 * The few values of the registry that mail scripts read and this machine can tell: its name, and how far local time is from UTC.
 * Owns: their names and subtypes.  Leaves: refusing all others (shell.ts).
 * Sources: doc "TIME_ZONE_INFORMATION structure"; observed: scripts that write a Date field from ActiveTimeBias.
 */
import { type AutomationValue, Scalar, VT } from '../../automation/index.ts';

export type NamedMachine = { readonly computerName: string };

/** The value of a name as RegRead takes it, in any case; undefined: there is none here. A REG_DWORD is a Long. */
export function registryValue(name: string, machine: NamedMachine, now: Date): AutomationValue {
  const path = name
    .toLowerCase()
    .replace(/^hkey_local_machine\\/, 'hklm\\')
    .replace(/^hklm\\system\\(?:currentcontrolset|controlset00\d)\\/, 'system\\');
  const zone = 'system\\control\\timezoneinformation\\';
  if (path.startsWith(zone)) {
    const minutes = bias(path.slice(zone.length), now);
    return minutes === undefined ? undefined : new Scalar(VT.long, minutes);
  }
  switch (path) {
    case 'system\\control\\computername\\computername\\computername':
    case 'system\\control\\computername\\activecomputername\\computername':
      return machine.computerName.toUpperCase();
    case 'system\\services\\tcpip\\parameters\\hostname':
    case 'system\\services\\tcpip\\parameters\\nv hostname':
      return machine.computerName;
    default:
      return undefined;
  }
}

/** Minutes that must be added to local time to give UTC: less than 0 east of Greenwich. */
function bias(name: string, now: Date): number | undefined {
  const active = now.getTimezoneOffset();
  const year = now.getFullYear();
  const offsets = [new Date(year, 0, 1), new Date(year, 6, 1)].map((day) => day.getTimezoneOffset());
  const standard = Math.max(...offsets);
  switch (name) {
    case 'activetimebias':
      return active;
    case 'bias':
      return standard;
    case 'standardbias':
      return 0;
    case 'daylightbias':
      return Math.min(...offsets) - standard;
    default:
      return undefined;
  }
}
