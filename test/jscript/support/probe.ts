/** What programs ask the host to do with an object of theirs, by number. */
import {
  AutomationError,
  type AutomationObject,
  type AutomationValue,
  isAutomationObject,
  Scalar,
} from '../../../src/automation/index.ts';

export const probe: AutomationObject = {
  automationName: 'Probe',
  invoke(_kind, _member, args): AutomationValue {
    const [what, given] = args as [number, AutomationObject];
    switch (what) {
      case 0:
        return given.invoke('get', 'name', []);
      case 1:
        return given.invoke('get', 'N', []);
      case 2:
        return given.invoke('call', 'F', [41]);
      case 3:
        try {
          return given.invoke('get', 'missing', []);
        } catch (thrown) {
          return thrown instanceof AutomationError ? 438 : 'another error';
        }
      case 4:
        return given.invoke('get', 'length', []);
      case 5:
        return given.automationName;
      case 6:
        given.invoke('put', 'Put', ['by host']);
        return undefined;
      case 7:
        return given.invoke('call', '', [6, 7]);
      case 8:
        if (given instanceof Scalar) return `VT ${given.type}`;
        return isAutomationObject(given) ? given.automationName : typeof given;
      case 9:
        return given.invoke('call', '', []);
      default:
        return given instanceof Scalar ? String(Number(given.value.toFixed(10))) : 'no scalar';
    }
  },
};
