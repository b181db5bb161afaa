/**
 * Recordset.Save: the rows as XML, into a file or an object that takes text.
 * Owns: the form that ADO calls adPersistXML.  Leaves: writing (granted files, streams).
 * Fails: 3251 for the binary form, 3004 where the file cannot be written, 58 for a file that is there.
 * Sources: doc "XML Persistence Format (ADO)".
 */
import { AutomationError, type AutomationValue, isAutomationObject } from '../../automation/index.ts';
import { textOf } from '../arguments.ts';
import type { ObjectScope } from '../scope.ts';
import { AD, isBinaryType, isDateType, isTextType } from './columns.ts';
import type { DbValue } from './database.ts';
import { calendarOf, textOfCalendar } from './dates.ts';
import { adoError, notCapable } from './errors.ts';
import type { Recordset } from './recordset.ts';
import type { FieldColumn } from './rowset.ts';

/** PersistFormatEnum. */
const PERSIST_XML = 1;

export function saveRecordset(
  recordset: Recordset,
  scope: ObjectScope,
  target: AutomationValue,
  format: number,
): void {
  recordset.rowset();
  if (isAutomationObject(target)) {
    writeTo(target, recordsetXml(recordset));
    return;
  }
  if (format !== PERSIST_XML)
    throw notCapable('ADODB.Recordset', 'Recordsets are saved as XML alone: Save path, adPersistXML.');
  const path = textOf(target);
  if (path === '') throw adoError(3001, 'ADODB.Recordset');
  try {
    scope.files.writeAll(path, Buffer.from(recordsetXml(recordset), 'utf8'), 'refuse');
  } catch (thrown) {
    if (!(thrown instanceof AutomationError)) throw thrown;
    throw adoError(3004, 'ADODB.Recordset', thrown.message);
  }
}

/** A stream takes the text, a document is loaded with it, Response writes it. */
function writeTo(target: Extract<AutomationValue, { invoke: unknown }>, xml: string): void {
  if (target.has?.('loadXML')) target.invoke('call', 'loadXML', [xml]);
  else if (target.has?.('WriteText')) target.invoke('call', 'WriteText', [xml]);
  else target.invoke('call', 'Write', [xml]);
}

export function recordsetXml(recordset: Recordset): string {
  const { columns } = recordset;
  const names = columns.map((column, index) =>
    /^[A-Za-z_][\w.-]*$/.test(column.name) ? column.name : `c${index}`,
  );
  const types = columns.map(
    (column, index) =>
      `\t\t<s:AttributeType name='${names[index]}' rs:name='${escaped(column.name)}' rs:number='${index + 1}'${column.isNullable ? " rs:nullable='true'" : ''}>\r\n\t\t\t<s:datatype dt:type='${xmlType(column)}' dt:maxLength='${column.type.size}'/>\r\n\t\t</s:AttributeType>\r\n`,
  );
  const rows = recordset.shown.map((row) => {
    const values = row.values
      .map((value, index) =>
        value === null ? '' : ` ${names[index]}='${escaped(xmlText(columns[index]!, value))}'`,
      )
      .join('');
    return `\t<z:row${values}/>\r\n`;
  });
  return `<xml xmlns:s='uuid:BDC6E3F0-6DA3-11d1-A2A3-00AA00C14882'\r\n\txmlns:dt='uuid:C2F41010-65B3-11d1-A29F-00AA00C14882'\r\n\txmlns:rs='urn:schemas-microsoft-com:rowset'\r\n\txmlns:z='#RowsetSchema'>\r\n<s:Schema id='RowsetSchema'>\r\n\t<s:ElementType name='row' content='eltOnly'>\r\n${types.join('')}\t\t<s:extends type='rs:rowbase'/>\r\n\t</s:ElementType>\r\n</s:Schema>\r\n<rs:data>\r\n${rows.join('')}</rs:data>\r\n</xml>\r\n`;
}

function xmlType({ type }: FieldColumn): string {
  if (isTextType(type.type)) return 'string';
  if (isDateType(type.type)) return 'dateTime';
  if (isBinaryType(type.type)) return 'bin.hex';
  switch (type.type) {
    case AD.boolean:
      return 'boolean';
    case AD.smallInt:
      return 'i2';
    case AD.integer:
      return 'int';
    case AD.bigInt:
      return 'i8';
    case AD.unsignedTinyInt:
      return 'ui1';
    case AD.single:
      return 'r4';
    case AD.double:
      return 'float';
    case AD.guid:
      return 'uuid';
    default:
      return 'number';
  }
}

function xmlText({ type }: FieldColumn, value: DbValue): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (type.type === AD.boolean) return Number(value) === 0 ? 'False' : 'True';
  if (isDateType(type.type)) {
    const ms = calendarOf(value);
    return ms === undefined ? String(value) : textOfCalendar(ms).replace(' ', 'T');
  }
  return String(value);
}

function escaped(text: string): string {
  return text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]|[&<>'"\r\n\t]/gu, (char) => {
    const named = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&quot;' }[char];
    if (named !== undefined) return named;
    if (char === '\r' || char === '\n' || char === '\t') return `&#x${char.charCodeAt(0).toString(16)};`;
    return char.codePointAt(0)! > 0xffff ? char : '\ufffd';
  });
}
