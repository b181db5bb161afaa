/**
 * Runs all checks and, when asked, mends what is safe.
 * Owns: order, one failing check that must not end the others, the exit code's meaning.
 * Leaves: the checks (one file for each group), printing (cli).
 */
import { accessCheck } from './access.ts';
import type { Check, DoctorContext, Finding } from './finding.ts';
import { outboundCheck } from './outbound.ts';
import { pickupCheck } from './pickup.ts';
import { rightsCheck } from './rights.ts';
import { serviceCheck } from './service.ts';

/** In the order in which a message meets them. */
export const CHECKS: readonly Check[] = [rightsCheck, pickupCheck, serviceCheck, accessCheck, outboundCheck];

export type Diagnosis = {
  readonly findings: readonly Finding[];
  /** What was mended, as sentences. */
  readonly mended: readonly string[];
};

const SEVERITIES = ['error', 'warning', 'info'] as const;

export async function diagnose(
  context: DoctorContext,
  options: { readonly groups?: readonly string[]; readonly mends: boolean },
): Promise<Diagnosis> {
  const findings: Finding[] = [];
  const mended: string[] = [];
  for (const { group, run } of CHECKS) {
    if (options.groups !== undefined && !options.groups.includes(group)) continue;
    for (const finding of await runOne(group, run, context)) {
      if (!options.mends || finding.fix === undefined) {
        findings.push(finding);
        continue;
      }
      try {
        await finding.fix.run();
        mended.push(`${finding.seen}: ${finding.fix.what}`);
      } catch (thrown) {
        findings.push({
          ...finding,
          seen: `${finding.seen} (mending it failed: ${(thrown as Error).message})`,
        });
      }
    }
  }
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return { findings, mended };
}

/** A check that breaks is a finding of its own: the others still count. */
async function runOne(group: string, run: Check['run'], context: DoctorContext): Promise<readonly Finding[]> {
  try {
    return await run(context);
  } catch (thrown) {
    return [
      {
        id: `${group}.check-failed`,
        severity: 'warning',
        seen: `the checks of '${group}' ended early: ${(thrown as Error).message}`,
        why: 'What they would have found is not known.',
        cure: 'Report this with the text above.',
        source: 'docs/doctor.md',
      },
    ];
  }
}
