import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { call, errorOf, testScope } from '../../../test/script/support/object-scope.ts';
import { type AutomationObject, Scalar, VT } from '../../automation/index.ts';
import { registryValue } from './registry-values.ts';

const MACHINE = { computerName: 'Mail01' };
const CONTROL = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\';

test('the name of the machine is there under each of its keys, in any case and by either name of the root', () => {
  const now = new Date();
  assert.equal(registryValue(`${CONTROL}ComputerName\\ComputerName\\ComputerName`, MACHINE, now), 'MAIL01');
  assert.equal(
    registryValue(
      'HKEY_LOCAL_MACHINE\\System\\ControlSet001\\control\\computername\\ACTIVEComputerName\\ComputerName',
      MACHINE,
      now,
    ),
    'MAIL01',
  );
  assert.equal(
    registryValue('HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Hostname', MACHINE, now),
    'Mail01',
  );
});

test('the biases of the time zone are minutes to UTC, with and without summer time', () => {
  const script = `
    import { registryValue } from ${JSON.stringify(new URL('./registry-values.ts', import.meta.url).href)};
    const told = [];
    for (const day of [new Date(2026, 0, 15), new Date(2026, 6, 15)])
      for (const name of ['ActiveTimeBias', 'Bias', 'StandardBias', 'DaylightBias'])
        told.push(registryValue('HKLM\\\\SYSTEM\\\\CurrentControlSet\\\\Control\\\\TimeZoneInformation\\\\' + name, { computerName: 'x' }, day).value);
    console.log(told.join(' '));`;
  const biases = (zone: string): string =>
    spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      env: { ...process.env, TZ: zone },
    }).stdout.trim();
  assert.equal(biases('Europe/Berlin'), '-60 -60 0 -60 -120 -60 0 -60');
  assert.equal(biases('America/New_York'), '300 300 0 -60 240 300 0 -60');
  assert.equal(biases('Asia/Kolkata'), '-330 -330 0 0 -330 -330 0 0');
  assert.equal(biases('Australia/Sydney'), '-660 -600 0 -60 -600 -600 0 -60');
});

test('RegRead gives them, a number as a Long, and refuses every other name', (t) => {
  const shell = testScope(t).createObject('WScript.Shell') as AutomationObject;
  assert.deepEqual(
    call(shell, 'RegRead', `${CONTROL}TimeZoneInformation\\ActiveTimeBias`),
    new Scalar(VT.long, new Date().getTimezoneOffset()),
  );
  assert.equal(call(shell, 'RegRead', `${CONTROL}ComputerName\\ComputerName\\ComputerName`), 'MAIL01');
  for (const name of [
    `${CONTROL}TimeZoneInformation\\StandardName`,
    `${CONTROL}TimeZoneInformation\\`,
    'HKCU\\SYSTEM\\CurrentControlSet\\Control\\TimeZoneInformation\\Bias',
    'Bias',
    '',
  ])
    assert.equal(
      errorOf(() => call(shell, 'RegRead', name)),
      0x8007_0002 | 0,
    );
});
