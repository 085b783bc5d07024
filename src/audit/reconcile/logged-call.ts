/** A call as Bedrock's invocation log tells of it: facts alone, no body. All of it but `arn` and `claimedId` is AWS's word. */
export interface LoggedCall {
  /** Epoch milliseconds, to the second. */
  readonly time: number;
  readonly accountId: string;
  readonly region: string;
  /** The provider's. */
  readonly requestId: string;
  readonly operation: string;
  /** Id or ARN of a model or of an inference profile. */
  readonly modelId: string;
  /** Of who called, session name included; empty where the record has none. */
  readonly arn: string;
  /** The gateway's request id as the caller's metadata has it. Whoever calls can claim any. */
  readonly claimedId?: string;
  /** Absent of a call that went well. */
  readonly errorCode?: string;
}

/** A record that was read: what it tells, or why it tells nothing. */
export type ParsedRecord =
  | { readonly kind: 'call'; readonly call: LoggedCall }
  | { readonly kind: 'malformed' | 'unknownSchema' };

/** Under which `requestMetadata` has the gateway's request id. */
const CLAIM = 'sallyport-request-id';
/** Longer than any id or ARN of AWS. */
const LONGEST = 2_048;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** Reads one record of schema ModelInvocationLog 1.0 (Amazon Bedrock user guide, "model invocation logging"). */
export function parseLoggedCall(text: string): ParsedRecord {
  const record = toObject(parseJson(text));
  if (record === undefined) return { kind: 'malformed' };
  if (record['schemaType'] !== 'ModelInvocationLog' || record['schemaVersion'] !== '1.0') {
    return { kind: 'unknownSchema' };
  }
  const call = toCall(record);
  return call === undefined ? { kind: 'malformed' } : { kind: 'call', call };
}

function toCall(record: Members): LoggedCall | undefined {
  const { timestamp, errorCode } = record;
  const time = typeof timestamp === 'string' && TIME.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  const { accountId, region, requestId, operation, modelId } = record;
  const arn = toObject(record['identity'])?.['arn'] ?? '';
  const claimedId = toObject(record['requestMetadata'])?.[CLAIM];
  if (Number.isNaN(time) || !isShort(requestId) || requestId === '') return undefined;
  if (!isShort(accountId) || !isShort(region) || !isShort(operation) || !isShort(modelId) || !isShort(arn)) {
    return undefined;
  }
  return {
    time,
    accountId,
    region,
    requestId,
    operation,
    modelId,
    arn,
    ...(isShort(claimedId) ? { claimedId } : {}),
    ...(isShort(errorCode) ? { errorCode } : {}),
  };
}

type Members = Readonly<Record<string, unknown>>;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toObject(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST;
}
