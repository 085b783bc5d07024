import type { ActRecord, AnswerEvent, JournalRecord, RequestRecord } from '../../core/index.ts';

/** Part of a prompt, as far as it is shown. */
export interface ShownPart {
  readonly path: string;
  readonly text: string;
}

/** A record, and what of its content is shown. */
export interface ShownRecord {
  readonly record: JournalRecord;
  /** Its place in the log; absent where it is in the journal only. */
  readonly index?: number;
  /** Absent where no content is shown. */
  readonly content?: {
    /** With a tag for what was found. */
    readonly prompt?: readonly ShownPart[];
    readonly original?: readonly ShownPart[];
    readonly sent?: readonly ShownPart[];
    readonly answer?: readonly AnswerEvent[];
  };
}

/** A record in words. */
export function describeRecord({ record, index, content = {} }: ShownRecord): string {
  const time = new Date(record.time).toISOString();
  const place = index === undefined ? 'not in the log yet' : `entry ${index}`;
  switch (record.kind) {
    case 'request':
      return [
        `${time}  request  ${record.requestId}  (${place})`,
        ...describeHead(record),
        ...describeParts('masked', content.prompt ?? []),
        ...describeParts('original', content.original ?? []),
        ...describeParts('sent', content.sent ?? []),
      ].join('\n');
    case 'release':
      return [`${time}  release ${record.sequence}  (${place})`, ...describeText(content.answer ?? [])].join('\n');
    case 'response':
      return [
        `${time}  response  ${record.status}${record.code === undefined ? '' : ` (${record.code})`}  (${place})`,
        ...(record.usage === undefined
          ? []
          : [`  tokens    ${record.usage.inputTokens} in, ${record.usage.outputTokens} out`]),
        `  findings  ${counts(record.findingCounts)}`,
        ...describeText(content.answer ?? []),
      ].join('\n');
    default:
      return describeAct(record, `${time}  ${record.kind}  ${record.requestId}  (${place})`);
  }
}

function describeHead(request: RequestRecord): readonly string[] {
  const { caller, protocol, operation, model, provider, servedModel, bytesReceived, stages, findingCounts } = request;
  const served = servedModel === model ? provider : `${provider}: ${servedModel}`;
  const said = Object.entries(request.unverifiedMetadata ?? {});
  return [
    `  caller    ${caller.tenant}/${caller.principal} with ${caller.credentialKind} ${caller.credentialId}`,
    `  call      ${protocol} ${operation} on ${model} (${served}), ${bytesReceived} bytes`,
    `  stages    ${stages.map(({ stage, decision }) => `${stage}: ${decision}`).join(', ')}`,
    `  findings  ${counts(findingCounts)}`,
    ...said.map(([name, value]) => `  caller says  ${quote(name)}: ${quote(value)}`),
  ];
}

function describeAct({ operator, approver, act, reason, details }: ActRecord, head: string): string {
  const who = `${quote(operator)}${approver === undefined ? '' : `, approved by ${quote(approver)}`}`;
  return [
    head,
    `  operator  ${who}`,
    `  act       ${act}${reason === undefined ? '' : `, because ${quote(reason)}`}`,
    ...Object.entries(details).map(([name, value]) => `  ${name.padEnd(9)} ${quote(String(value))}`),
  ].join('\n');
}

function describeParts(label: string, parts: readonly ShownPart[]): readonly string[] {
  return parts.map(({ path, text }) => `  ${label.padEnd(9)} ${quote(path).slice(1, -1)}: ${quote(text)}`);
}

function describeText(released: readonly AnswerEvent[]): readonly string[] {
  return released.flatMap((event) => (event.kind === 'delta' ? [`  text      ${quote(event.text)}`] : []));
}

function counts(found: Readonly<Record<string, number | undefined>>): string {
  const entries = Object.entries(found);
  return entries.length === 0 ? 'none' : entries.map(([type, count]) => `${type} ${count}`).join(', ');
}

/** A text that somebody gave, as it may stand in a table. */
export function printable(text: string): string {
  return quote(text).slice(1, -1);
}

/** Content as a JSON string, so that control characters in it cannot steer the terminal. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
