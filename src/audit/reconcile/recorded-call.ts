import type { FaultCode, RequestRecord, ResponseRecord } from '../../core/index.ts';
import { isSent } from '../export/exchange.ts';

/** What a request record tells of the call it led to. */
export interface AskedCall {
  /** The gateway's. */
  readonly requestId: string;
  /** Epoch milliseconds, of the request's arrival. */
  readonly time: number;
  /** Of the key that the record is under. */
  readonly tenant: string;
  readonly operation: string;
  /** The id or ARN that the provider knows the model by. */
  readonly model: string;
  readonly provider: string;
  /** Of the provider, where it is Bedrock; absent where the invocation log has nothing of the call. */
  readonly region?: string;
}

/** What a response record tells of it. */
export interface AnsweredCall {
  readonly requestId: string;
  readonly status: ResponseRecord['status'];
  readonly code?: FaultCode;
  readonly providerRequestId?: string;
}

/** A call of the gateway. Without a status where no response record was found. */
export interface RecordedCall extends AskedCall, Partial<Omit<AnsweredCall, 'requestId'>> {}

/** The region of each provider that is Bedrock, by its name in the configuration. */
export type BedrockRegions = ReadonlyMap<string, string>;

export function toAskedCall(record: RequestRecord, tenant: string, regions: BedrockRegions): AskedCall {
  const { requestId, time, operation, action, servedModel: model, provider } = record;
  const region = isSent(record) && action !== 'CountTokens' ? regions.get(provider) : undefined;
  return { requestId, time, tenant, operation, model, provider, ...(region === undefined ? {} : { region }) };
}

export function toAnsweredCall({ requestId, status, code, providerRequestId }: ResponseRecord): AnsweredCall {
  return {
    requestId,
    status,
    ...(code === undefined ? {} : { code }),
    ...(providerRequestId === undefined ? {} : { providerRequestId }),
  };
}

/** Faults with which the provider, or the way to it, turned a call away: there was no invocation to log. */
const REFUSALS: ReadonlySet<FaultCode | undefined> = new Set<FaultCode>([
  'unsupported',
  'upstreamForbidden',
  'upstreamInvalid',
  'upstreamNotReady',
  'upstreamThrottled',
  'upstreamUnavailable',
]);

/** Whether no invocation came of a call. */
export function isRefused({ code, providerRequestId }: RecordedCall): boolean {
  return providerRequestId === undefined && REFUSALS.has(code);
}
