import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cdoConstants } from './full-catalogue.ts';
import { constantsOf, libraryOf, metadataTags } from './type-libraries.ts';

for (const [reference, library] of [
  ['CD000000-8B95-11D1-82DB-00C04FB1625D', 'CDO'],
  ['{cd000000-8b95-11d1-82db-00c04fb1625d}', 'CDO'],
  ['CDO.Message', 'CDO'],
  ['cdo.message.1', 'CDO'],
  ['c:\\windows\\system32\\cdosys.dll', 'CDO'],
  ['CDO for Windows 2000 Library', 'CDO'],
  ['00000205-0000-0010-8000-00AA006D2EA4', 'ADODB'],
  ['00000200-0000-0010-8000-00AA006D2EA4', 'ADODB'],
  ['C:\\Program Files\\Common Files\\System\\ado\\msado15.dll', 'ADODB'],
  ['ADODB.Stream', 'ADODB'],
  ['0E064ADD-9D99-11D0-ABE5-00AA0064D470', 'CDONTS'],
  ['CDONTS.NewMail', 'CDONTS'],
  ['Scripting.FileSystemObject', 'Scripting'],
  ['{420B2830-E718-11CF-893D-00A0C9054228}', 'Scripting'],
  ['Excel.Application', undefined],
  ['', undefined],
] as const)
  test(`'${reference}' names ${library ?? 'no library we know'}`, () =>
    assert.equal(libraryOf(reference), library));

test('finds METADATA tags in any case, order and number of lines', () => {
  const tags =
    metadataTags(`<!--METADATA TYPE="typelib" UUID="CD000000-8B95-11D1-82DB-00C04FB1625D" NAME="CDO for Windows 2000 Library" -->
<% x = 1 %>
<!-- metadata
  file='c:\\program files\\common files\\system\\ado\\msado15.dll'
  type=TypeLib
-->
<!--METADATA TYPE="Cookie" NAME="a"--><!--METADATA TYPE="typelib" UUID="00000000-0000-0000-0000-000000000000"-->`);
  assert.deepEqual(
    tags.map(({ library }) => library),
    ['CDO', 'ADODB', undefined],
  );
  assert.equal(tags[2]!.reference, '00000000-0000-0000-0000-000000000000');
});

for (const [library, name, value] of [
  ['CDO', 'cdoSendUsingMethod', 'http://schemas.microsoft.com/cdo/configuration/sendusing'],
  ['CDO', 'cdoSendUsingPort', 2],
  ['CDO', 'cdoBasic', 1],
  ['ADODB', 'adTypeText', 2],
  ['ADODB', 'adSaveCreateOverWrite', 2],
  ['CDONTS', 'CdoBodyFormatHTML', 0],
  ['Scripting', 'ForAppending', 8],
] as const)
  test(`${library} has ${name}`, () => assert.equal(constantsOf(library, cdoConstants)[name], value));
