/** events: the event log as the old products had it, and the log-on guard that speaks through it. */
export { Destination } from './forward/destination.ts';
export {
  type ForwardMachine,
  type ForwardSettings,
  openDestinations,
  thisForwardMachine,
} from './forward/open.ts';
export { defaultLogonName, guardLogon, type LogonGuard, mayLogOn } from './logon-guard.ts';
export { WINDOWS_EVENTS, type WindowsEvent, type WindowsSeverity } from './windows-events.ts';
