import type { Reconciled } from '../audit/index.ts';
import { printable } from './audit/describe.ts';
import { toTable } from './output.ts';

/** What nobody learns from this, whatever it says. */
export const BLIND_SPOTS = [
  'calls to bedrock-mantle endpoints: the invocation log has none of them',
  'calls in accounts and regions whose invocation log is off or delivered elsewhere: it is off by default',
  'modalities that are off in its settings (text, image, embedding, video), and counts of tokens: never logged',
  'calls under the credentials of the gateway itself that claim a request id it has used',
  'records that AWS has not delivered yet: it takes minutes, and nothing is promised of it',
] as const;

/** Whether nothing was found that is not as it should be. */
export function isAgreed({ counts }: Reconciled): boolean {
  return counts.bypassed + counts.missing + counts.differences === 0;
}

/** Whether all of the invocation log's records were read: what was not could have been anything. */
export function isRead({ invocationLog: { unreadable, malformed, unknownSchema } }: Reconciled): boolean {
  return unreadable + malformed + unknownSchema === 0;
}

/** The result for people. What AWS's log says is untrusted text: its keys and ids may be anybody's. */
export function toWords(reconciled: Reconciled, range: { readonly from: number; readonly until: number }): string {
  const { counts, invocationLog: read, gone, bypassed, missing, differences } = reconciled;
  const lines: readonly (readonly [name: string, count: number, more: string])[] = [
    ['logged', counts.logged, `by AWS, in ${read.files} files (${read.passedOver} others passed over)`],
    ['recorded', counts.recorded, 'calls of ours to Bedrock'],
    ['matched', counts.matched, ''],
    ['further', counts.further, 'calls under a request id that is matched: tries, choices, texts of an embedding'],
    ['repeated', counts.repeated, 'copies of a record of AWS'],
    ['bypassed', counts.bypassed, 'calls that AWS logged and did not pass the gateway'],
    ['missing', counts.missing, 'calls that we recorded and AWS did not log'],
    ['differing', counts.differences, 'calls of which the two tell different things'],
    ['refused', counts.refused, 'calls that the provider turned away, and did not log'],
    ['unanswered', counts.unanswered, 'calls without an answer, and not logged: whether they reached it is not known'],
    ['too recent', counts.tooRecent, 'calls without a match that are too new to miss one'],
    ['gone', gone, 'requests of ours whose record was erased or removed: a call of theirs is told as bypassed'],
    ['unreadable', read.unreadable, 'files that are damaged or too large'],
    ['malformed', read.malformed, 'records that are none'],
    ['unknown', read.unknownSchema, 'records of another schema than ModelInvocationLog 1.0'],
  ];
  const always = new Set(['logged', 'recorded', 'matched', 'bypassed', 'missing', 'differing']);
  const shown = lines.filter(([name, count]) => count > 0 || always.has(name));
  return [
    `${toTime(range.from)} until ${toTime(range.until)}`,
    ...shown.map(([name, count, more]) => `  ${name.padEnd(11)} ${count}  ${more}`.trimEnd()),
    ...table('Did not pass the gateway:', bypassed.map(toLoggedRow), counts.bypassed),
    ...table('Not logged by AWS:', missing.map(toRecordedRow), counts.missing),
    ...table(
      'Told differently:',
      differences.map(({ kind, logged, recorded }) => [
        kind,
        ...toLoggedRow(logged),
        ...(recorded ? toRecordedRow(recorded) : []),
      ]),
      counts.differences,
    ),
    '',
    'Not seen by this:',
    ...BLIND_SPOTS.map((spot) => `  ${spot}`),
  ].join('\n');
}

type Logged = Reconciled['bypassed'][number];
type Recorded = Reconciled['missing'][number];

function toLoggedRow(call: Logged): readonly string[] {
  const { time, arn, operation, modelId, region, requestId, errorCode = '' } = call;
  return [toTime(time), arn, operation, modelId, region, requestId, errorCode];
}

function toRecordedRow(call: Recorded): readonly string[] {
  const { time, tenant, operation, model, region = '', requestId, providerRequestId = '' } = call;
  return [toTime(time), tenant, operation, model, region, requestId, providerRequestId];
}

function table(title: string, rows: readonly (readonly string[])[], count: number): readonly string[] {
  if (rows.length === 0) return [];
  const more = count > rows.length ? [`  and ${count - rows.length} more (--limit)`] : [];
  return [
    '',
    title,
    toTable(
      [],
      rows.map((row) => row.map(printable)),
    ),
    ...more,
  ];
}

function toTime(time: number): string {
  return new Date(time).toISOString();
}
