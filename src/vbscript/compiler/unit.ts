/**
 * Writes the JavaScript of a whole unit: procedures, classes, the script's own statements.
 * Owns: prologues, parameters, how procedures and classes are announced to the session.  Leaves: statements.
 *
 *   link(rt, U, S)  →  { main }      S is the local scope of Execute, else undefined
 */
import type { Expression, Script } from '../ast.ts';
import { analyse, type ClassInfo, type ProcedureInfo, type UnitInfo, type UnitMode } from './analysis.ts';
import { methodKey } from './expressions.ts';
import { fieldKey, type Place } from './scope.ts';
import { StatementWriter } from './statements.ts';
import { quote, UnitWriter, type WriterOptions } from './writer.ts';

export type GeneratedUnit = {
  /** The body of a function of (K, R…) whose result is `link`. */
  readonly code: string;
  readonly helpers: readonly string[];
  readonly pool: readonly unknown[];
  readonly info: UnitInfo;
};

export type GenerateOptions = WriterOptions;

export function generateScript(script: Script, mode: UnitMode, options: GenerateOptions): GeneratedUnit {
  const info = analyse(script, mode);
  const writer = new UnitWriter(info, {
    ...options,
    isCounting: options.isCounting || definesTerminate(info),
  });
  const body = [
    ...[...info.procedures.values()].map((procedure) =>
      new BodyWriter(writer, placeOf(info, procedure)).procedure(),
    ),
    ...[...info.classes.values()].map((owner) => classCode(writer, info, owner)),
    new BodyWriter(writer, { unit: info, body: info.main, procedure: undefined, owner: undefined }).main(),
  ].join('\n');
  return finish(writer, info, `${constantCode(writer, info)}\n${body}`);
}

/** The one expression of Eval. */
export function generateExpression(
  expression: Expression,
  source: string,
  mode: UnitMode,
  options: GenerateOptions,
): GeneratedUnit {
  const script: Script = { source, optionExplicit: false, body: [] };
  const info = analyse(script, mode);
  const writer = new UnitWriter(info, options);
  const place: Place = { unit: info, body: info.main, procedure: undefined, owner: undefined };
  return finish(writer, info, new BodyWriter(writer, place).evaluation(expression));
}

function finish(writer: UnitWriter, info: UnitInfo, body: string): GeneratedUnit {
  // Functions in parentheses are compiled at once: both are called soon, and would else be read over before.
  const code = `"use strict";return(function link(rt,U,S){const G=rt.globals;\n${writer.head()}\n${body}\nreturn main;});`;
  return { code, helpers: [...writer.helpers], pool: writer.pool, info };
}

export function definesTerminate(info: UnitInfo): boolean {
  return [...info.classes.values()].some((owner) => owner.procedures.has('class_terminate'));
}

function placeOf(unit: UnitInfo, procedure: ProcedureInfo): Place {
  return { unit, body: procedure.body, procedure, owner: procedure.owner };
}

function constantCode(writer: UnitWriter, info: UnitInfo): string {
  const target = info.mode === 'local' ? 'S' : 'G';
  return [...info.constants.values()]
    .map(
      ({ lower, name, value }) =>
        `${target}.constant(${quote(lower)},${quote(name)},${writer.literal(value)});`,
    )
    .join('\n');
}

class BodyWriter extends StatementWriter {
  /** A Sub or Function of script level. */
  procedure(): string {
    const info = this.place.procedure!;
    const { node } = info;
    const isFunction = node.procedureKind === 'function';
    const code = this.functionCode(info);
    const mask = info.byReference.reduce((bits, is, at) => (is ? bits | (1 << at) : bits), 0);
    const make = this.helper('defineProcedure');
    return (
      `let ${info.js}=${code};\n` +
      `${make}(rt,${quote(node.lower)},${quote(node.name)},${isFunction},${node.parameters.length},${mask},` +
      `(...a)=>${info.js}(...a),(f)=>{${info.js}=f;});`
    );
  }

  /** A member of a class, as a function on its prototype. */
  method(): string {
    const info = this.place.procedure!;
    return `${info.owner!.js}.prototype[${quote(methodKey(info))}]=${this.functionCode(info)};`;
  }

  private functionCode(info: ProcedureInfo): string {
    const { body, owner } = this.place;
    const { node } = info;
    const variables = [...body.variables.values()];
    const parameters = node.parameters.map((parameter) => body.variables.get(parameter.lower)!);
    const head: string[] = [];
    node.parameters.forEach((parameter, at) => {
      const variable = parameters[at]!;
      const isReference = info.byReference[at] === true;
      const { js } = variable;
      if (owner !== undefined) {
        head.push(`${js}=${this.helper(isReference ? 'placeOf' : 'valueIn')}(${js});`);
      }
      if (isReference) return;
      if (parameter.mode === 'byval') head.push(`${js}=${this.helper('copied')}(${js});`);
      if (this.writer.isCounting) head.push(`${this.helper('hold')}(rt,undefined,${js});`);
      if (variable.boxed) head.push(`${js}=new ${this.helper('Cell')}(${js});`);
    });
    for (const variable of variables) {
      if (variable.kind === 'parameter') continue;
      if (variable.kind === 'implicit') {
        head.push(
          `const ${variable.js}=${this.helper('implicitVariable')}(${this.writer.cell(variable.lower)});`,
        );
      } else if (variable.boxed) head.push(`const ${variable.js}=new ${this.helper('Cell')}(undefined);`);
      else head.push(`let ${variable.js};`);
    }
    if (body.isDynamic) head.push(this.localScopeCode());
    this.block(node.body);
    const result = variables.find((variable) => variable.kind === 'result');
    const resultCode = result === undefined ? 'undefined' : result.boxed ? `${result.js}.v` : result.js;
    return [
      `function(${parameters.map(({ js }) => js).join(',')}){`,
      `if(++rt.depth>rt.maxDepth)${this.helper('tooDeep')}(rt);if(--rt.fuel<0)rt.tick();`,
      `let L=${node.at};${owner === undefined ? '' : 'const self=this;'}`,
      body.hasResume ? 'const D=rt.depth;let on=false;' : '',
      this.writer.isCounting ? 'const M=rt.pending.length;' : '',
      this.temporaryDeclaration(),
      head.join(''),
      'try{body:{',
      this.written(),
      this.writer.isCounting
        ? `}}catch(e){throw rt.locate(e,L,U);}finally{${this.releaseCode(info)}}`
        : '}}catch(e){rt.depth--;throw rt.locate(e,L,U);}',
      `rt.depth--;return ${resultCode};}`,
    ].join('\n');
  }

  /** In counting programs: what the variables of a procedure hold is let go when it ends. */
  private releaseCode(info: ProcedureInfo): string {
    const { body } = this.place;
    const held: string[] = [];
    let result = '';
    for (const variable of body.variables.values()) {
      const value = variable.boxed ? `${variable.js}.v` : variable.js;
      if (variable.kind === 'result') result = `rt.letGo(${value});`;
      else if (variable.kind === 'dim') held.push(value);
      else if (variable.kind === 'implicit') held.push(`${this.helper('ownLocal')}(${variable.js})`);
      else {
        const at = info.node.parameters.findIndex((parameter) => parameter.lower === variable.lower);
        if (info.byReference[at] !== true) held.push(value);
      }
    }
    const releases = held.map((value) => `rt.letGo(${value});`).join('');
    return `${releases}${held.length > 0 ? 'if(rt.pending.length>M)rt.drain(M);' : ''}${result}`;
  }

  private localScopeCode(): string {
    const { body, owner } = this.place;
    const entries = [...body.variables.values()].map(({ lower, js }) => `[${quote(lower)},${js}]`);
    for (const [lower, value] of body.constants) {
      entries.push(`[${quote(lower)},new ${this.helper('Cell')}(${this.writer.literal(value)})]`);
    }
    return `const S=new ${this.helper('LocalScope')}([${entries.join(',')}],${owner === undefined ? 'undefined' : 'self'});`;
  }

  /** The statements of script level. */
  main(): string {
    this.block(this.place.unit.script.body);
    const { body } = this.place;
    return [
      'const main=(function(){let L=0;',
      body.hasResume ? 'const D=rt.depth;let on=false;' : '',
      this.writer.isCounting ? 'const M=rt.pending.length;' : '',
      this.temporaryDeclaration(),
      'try{body:{',
      this.written(),
      '}}catch(e){throw rt.locate(e,L,U);}});',
    ].join('\n');
  }

  evaluation(expression: Expression): string {
    const { code } = this.value(expression);
    return `function main(){let L=${expression.at};${this.temporaryDeclaration()}try{return ${code};}catch(e){throw rt.locate(e,L,U);}}`;
  }
}

function classCode(writer: UnitWriter, unit: UnitInfo, owner: ClassInfo): string {
  const { node, js } = owner;
  const base = writer.helper('VbInstance');
  const fields = node.fields
    .map((field) => {
      const value =
        field.bounds === undefined
          ? 'undefined'
          : `${writer.helper('dimArray')}(undefined,[${field.bounds.join(',')}],rt)`;
      return `this[${quote(fieldKey(field.lower))}]=${value};`;
    })
    .join('');
  const lines = [`class ${js} extends ${base}{constructor(){super(rt);${fields}}}`];
  const members: string[] = [];
  for (const field of node.fields) {
    if (field.visibility !== 'public') continue;
    const key = quote(fieldKey(field.lower));
    const prototype = `${js}.prototype`;
    const store = (code: string): string =>
      writer.isCounting ? `${writer.helper('hold')}(rt,this[${key}],${code})` : code;
    lines.push(
      `${prototype}[${quote(`m$${field.lower}$0`)}]=function(){return ${writer.helper('copied')}(this[${key}]);};`,
      `${prototype}[${quote(`l$${field.lower}$0`)}]=function(v){this[${key}]=${store(`${writer.helper('letOwned')}(${writer.helper('valueIn')}(v),rt)`)};};`,
      `${prototype}[${quote(`s$${field.lower}$0`)}]=function(v){this[${key}]=${store(`${writer.helper('valueIn')}(v)`)};};`,
    );
    members.push(`[${quote(field.lower)},{name:${quote(field.name)},reads:[0],field:${key}}]`);
  }
  let defaultMember: string | undefined;
  for (const [lower, procedures] of owner.procedures) {
    for (const procedure of procedures) {
      lines.push(new BodyWriter(writer, { unit, body: procedure.body, procedure, owner }).method());
      if (procedure.node.isDefault) defaultMember = lower;
    }
    const open = procedures.filter(({ node: { visibility } }) => visibility === 'public');
    if (open.length === 0) continue;
    const reads = open
      .filter(({ node: { procedureKind } }) => procedureKind !== 'let' && procedureKind !== 'set')
      .map(({ node: { parameters } }) => parameters.length);
    members.push(
      `[${quote(lower)},{name:${quote(open[0]!.node.name)},reads:[${reads.join(',')}],field:undefined}]`,
    );
  }
  const key = (name: string): string => {
    const [procedure] = owner.procedures.get(name) ?? [];
    return procedure === undefined ? 'undefined' : quote(methodKey(procedure));
  };
  lines.push(
    `${js}.prototype.description={name:${quote(node.name)},members:new Map([${members.join(',')}]),` +
      `defaultMember:${defaultMember === undefined ? 'undefined' : quote(defaultMember)},` +
      `initialize:${key('class_initialize')},terminate:${key('class_terminate')}};`,
    `${writer.helper('defineClass')}(rt,${quote(node.lower)},${quote(node.name)},${js});`,
  );
  return lines.join('\n');
}
