/**
 * The functions of the host, under the names by which the other parts know them.
 * Owns: the names.  Leaves: calling them (asking.ts), what they do (../session.ts).
 * A part of the realm's text (text.ts): types alone are imported.
 */
import type { HostSide } from './contract.ts';

export type HostFunctions = ReturnType<typeof hostFunctions>;

export function hostFunctions({ host }: { readonly host: HostSide }) {
  const {
    get: hostGet,
    put: hostPut,
    call: hostCall,
    primitive: hostPrimitive,
    has: hostHas,
    create: hostCreate,
    getObject: hostGetObject,
    enumerate: hostEnumerate,
    advance: hostAdvance,
    current: hostCurrent,
    bound: hostBound,
    element: hostElement,
    elements: hostElements,
    varDate: hostVarDate,
    code: hostCode,
    makeFunction: hostMakeFunction,
    functionText: hostFunctionText,
    explain: hostExplain,
    raised: hostRaised,
    line: hostLine,
    test: hostTest,
    enter: hostEnter,
    memory: hostMemory,
    turns: hostTurns,
  } = host;

  return {
    hostGet,
    hostPut,
    hostCall,
    hostPrimitive,
    hostHas,
    hostCreate,
    hostGetObject,
    hostEnumerate,
    hostAdvance,
    hostCurrent,
    hostBound,
    hostElement,
    hostElements,
    hostVarDate,
    hostCode,
    hostMakeFunction,
    hostFunctionText,
    hostExplain,
    hostRaised,
    hostLine,
    hostTest,
    hostEnter,
    hostMemory,
    hostTurns,
  };
}
