/** The automation faces of Fields and Field. */
import { AutomationError, type AutomationObject, DISP_E, type Member } from '../../automation/index.ts';
import type { Field, Fields } from '../fields.ts';
import { automationValue, fieldValue, isMissing, knownFace, text } from './arguments.ts';

function nameOrIndex(args: Parameters<NonNullable<Member<Fields>['get']>>[1]): string | number {
  const value = fieldValue(args[0]);
  return typeof value === 'number' ? value : text(args, 0);
}

export const fieldFace: (self: Field) => AutomationObject = knownFace<Field>({
  name: 'Field',
  defaultMember: 'Value',
  members: {
    Value: {
      arity: [0, 0],
      get: (self) => automationValue(self.value),
      put: (self, args) => {
        self.value = fieldValue(args[0]);
      },
    },
    Name: { arity: [0, 0], get: (self) => self.name },
    Type: { arity: [0, 0], get: (self) => self.type },
    ActualSize: { arity: [0, 0], get: (self) => self.actualSize },
    DefinedSize: { arity: [0, 0], get: (self) => self.definedSize },
    Attributes: { arity: [0, 0], get: (self) => self.attributes },
    OriginalValue: { arity: [0, 0], get: (self) => automationValue(self.value) },
    UnderlyingValue: { arity: [0, 0], get: (self) => automationValue(self.value) },
  },
});

export const fieldsFace: (self: Fields) => AutomationObject = knownFace<Fields>({
  name: 'Fields',
  defaultMember: 'Item',
  members: {
    Item: {
      arity: [1, 1],
      get: (self, args) => fieldFace(self.item(nameOrIndex(args))),
      // `Fields("x") = v` puts through the field's default member.
      put: (self, args) => {
        self.item(nameOrIndex(args)).value = fieldValue(args[1]);
      },
    },
    Count: { arity: [0, 0], get: (self) => self.count },
    Update: {
      arity: [0, 0],
      call: (self) => {
        self.update();
        return undefined;
      },
    },
    Resync: {
      arity: [0, 1],
      call: (self) => {
        self.resync();
        return undefined;
      },
    },
    Refresh: {
      arity: [0, 0],
      call: (self) => {
        self.resync();
        return undefined;
      },
    },
    CancelUpdate: {
      arity: [0, 0],
      call: (self) => {
        self.resync();
        return undefined;
      },
    },
    // Append(Name, Type, DefinedSize, Attributes, FieldValue)
    Append: {
      arity: [1, 5],
      call: (self, args) => {
        self.append(text(args, 0), isMissing(args[4]) ? '' : fieldValue(args[4]));
        return undefined;
      },
    },
    Delete: {
      arity: [1, 1],
      call: (self, args) => {
        const which = nameOrIndex(args);
        if (typeof which === 'number') self.delete(self.item(which).name);
        else self.delete(which);
        return undefined;
      },
    },
  },
  *enumerate(self) {
    for (const field of self) yield fieldFace(field);
  },
});

/** Assigning to a collection property as a whole: no such property, as IDispatch says it. */
export function notAssignable(): AutomationError {
  return new AutomationError(DISP_E.memberNotFound, "Object doesn't support this property or method");
}
