/** doctor: finds out why mail does not move, and says how to mend it. */
export { FAULTS, type Fault, type FaultKind, type FaultRow } from './scan/faults.ts';
export { explainFault, type ScanResult, type SendPlace, scanTree } from './scan/scan.ts';
