import type { Caller, RequestId, RequestRecord } from '../src/core/index.ts';

interface Named {
  readonly requestId: RequestId;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly caller: Pick<Caller, 'tenant' | 'principal'>;
}

/** The record of a request in which nothing was looked for and of which no text is kept. */
export function toRequestRecord({ requestId, time, caller }: Named): RequestRecord {
  return {
    kind: 'request',
    requestId,
    time,
    caller: { ...caller, credentialId: 'k1', credentialKind: 'apiKey' },
    protocol: 'bedrock',
    operation: 'Converse',
    action: 'InvokeModel',
    model: 'amazon.nova-lite-v1:0',
    provider: 'simulator',
    servedModel: 'amazon.nova-lite-v1:0',
    bytesReceived: 57,
    policyVersion: 'p1',
    stages: [],
    findingCounts: {},
    findings: [],
    original: [],
  };
}
