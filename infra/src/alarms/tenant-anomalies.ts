import type { Anomaly } from './anomaly.ts';
import type { WatchedMetric } from './watch.ts';

/**
 * What is found that is personal or a secret, most telling first; an alarm takes ten metrics, one of them the requests, so that
 * nine are counted (docs/reference/detection.md).
 */
export const watchedFindings = [
  'EMAIL',
  'PHONE',
  'CREDIT_DEBIT_CARD_NUMBER',
  'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  'US_SOCIAL_SECURITY_NUMBER',
  'AWS_SECRET_KEY',
  'PRIVATE_KEY',
  'BEARER_TOKEN',
  'API_KEY',
] as const;

const MINUTES = 15;

/** What is unusual of one tenant, by the gateway's own metrics: nobody else's tell tenants apart. */
export function tenantAnomalies(namespace: string, tenant: string): readonly Anomaly[] {
  const metric = (name: string): WatchedMetric => ({ namespace, name, dimensions: { tenant }, statistic: 'Sum' });
  const findings = Object.fromEntries(watchedFindings.map((type, at) => [`f${at}`, metric(`Findings.${type}`)]));
  const found = Object.keys(findings).map((id) => `FILL(${id},0)`);
  return [
    {
      name: `tenant-${tenant}-requests`,
      says: `Tenant ${tenant} sends more requests than it does at this hour: a new use, a loop, or a key in other hands.`,
      metric: { expression: 'FILL(requests,0)', of: { requests: metric('Requests') } },
      minutes: MINUTES,
      width: 4,
    },
    {
      name: `tenant-${tenant}-denials`,
      says: `Of tenant ${tenant}'s requests more are blocked or refused than usual: somebody tries what they may not, or a policy changed.`,
      metric: {
        expression: '100 * (FILL(blocked,0) + FILL(refused,0)) / requests',
        of: { requests: metric('Requests'), blocked: metric('Blocked'), refused: metric('CallerFaults') },
      },
      minutes: MINUTES,
      width: 3,
    },
    {
      name: `tenant-${tenant}-findings`,
      says: `More that is personal or secret is found in tenant ${tenant}'s requests and answers than usual: the application sends other data.`,
      metric: {
        expression: `100 * (${found.join(' + ')}) / requests`,
        of: { requests: metric('Requests'), ...findings },
      },
      minutes: MINUTES,
      width: 3,
    },
    {
      name: `tenant-${tenant}-tokens`,
      says: `Tenant ${tenant} takes more tokens than it does at this hour: what it costs, and may be a loop.`,
      metric: {
        expression: 'FILL(read,0) + FILL(written,0)',
        of: { read: metric('InputTokens'), written: metric('OutputTokens') },
      },
      minutes: MINUTES,
      width: 4,
    },
  ];
}
