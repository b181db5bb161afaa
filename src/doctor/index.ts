/** doctor: finds out why mail does not move, and says how to mend it. */
export { CHECK_LIST, type CheckRow } from './check-list.ts';
export { CHECKS, type Diagnosis, diagnose } from './doctor.ts';
export type { Check, DoctorContext, DoctorOptions, Finding, Severity } from './finding.ts';
export { foldersOf, mailrootsOf, shellWord } from './folders.ts';
export { type Machine, type RunResult, thisMachine } from './machine.ts';
export { type Permission, plannedPermissions, setPermissions } from './permissions.ts';
export { FAULTS, type Fault, type FaultKind, type FaultRow } from './scan/faults.ts';
export { explainFault, type ScanResult, type SendPlace, scanTree } from './scan/scan.ts';
export { whoListens } from './service.ts';
export {
  readSystemdState,
  SERVICE_NAME,
  type ServiceOptions,
  type ServiceState,
  systemdUnit,
} from './service-unit.ts';
export { replyText, SmtpProbe } from './smtp-probe.ts';
export {
  readWindowsState,
  TASK_NAME,
  taskPlan,
  WINDOWS_REMOVE,
  type WindowsPlan,
  windowsWord,
  wrapperPlan,
} from './windows-service.ts';
