import type { Construct } from 'constructs';
import { AccessAnalyzers } from '../account/access-analyzers.ts';
import { AccountBaseline } from '../account/account-baseline.ts';
import { AccountTrail } from '../account/account-trail.ts';
import { EnforcedGuardrail } from '../account/enforced-guardrail.ts';
import { bedrockCallersStatement, ServiceKey } from '../keys/service-key.ts';
import { BreakGlass } from '../organization/break-glass.ts';
import { ConformancePack } from '../organization/conformance-pack.ts';
import { toAccountPlace, toMacieJobs } from './account-place.ts';
import { toParameters } from './published.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';

/** What an account has once in a Region, and what watches it. */
export class BaselineStack extends SallyportStack {
  constructor(scope: Construct, settings: Settings, baseline: NonNullable<Settings['deploy']['baseline']>) {
    super(scope, 'baseline', { settings, description: 'Sallyport: what watches the account' });
    const { prefix } = settings;
    const { guardDuty, securityHub, macie, dataRetention, enforcedGuardrail, breakGlass } = baseline;
    const place = toAccountPlace(this, settings);
    new AccountBaseline(this, 'Baseline', {
      ...{ place, guardDuty, securityHub, macie, dataRetention },
      macieJobs: toMacieJobs(settings),
    });
    if (enforcedGuardrail !== undefined) {
      const { keyArn: kmsKeyArn } = new ServiceKey(this, 'GuardrailKey', {
        alias: `${prefix}-enforced-guardrail`,
        description: 'The guardrail that applies to every call',
        statements: [bedrockCallersStatement()],
      });
      new EnforcedGuardrail(this, 'EnforcedGuardrail', { place, kmsKeyArn, ...enforcedGuardrail });
    }
    if (baseline.trail) new AccountTrail(this, 'Trail', { prefix, path: toParameters(settings) });
    if (baseline.analyzers !== 'none') {
      new AccessAnalyzers(this, 'Analyzers', { prefix, findsUnused: baseline.analyzers === 'all' });
    }
    if (baseline.conformancePack) new ConformancePack(this, 'ConformancePack', { prefix });
    if (breakGlass !== undefined) {
      const { principals, email } = breakGlass;
      new BreakGlass(this, 'BreakGlass', { prefix, principals, ...(email === undefined ? {} : { email }) });
    }
  }
}
