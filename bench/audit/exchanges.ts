import { createHash } from 'node:crypto';
import {
  type Caller,
  parsePrincipalId,
  parseRequestId,
  parseTenantId,
  type RecordOwner,
  type RequestRecord,
  type ResponseRecord,
} from '../../src/core/index.ts';
import { toProse } from '../prose.ts';

export const owner: RecordOwner = { tenant: 'bench', principal: 'load' };

const caller: Caller = {
  tenant: parseTenantId(owner.tenant),
  principal: parsePrincipalId(owner.principal),
  credentialId: 'k1',
  credentialKind: 'apiKey',
};

/** A kind of exchange: what is asked is as long as what is answered. */
export interface Sort {
  readonly name: string;
  readonly about: string;
  toText(seed: number): string;
}

export const sorts = {
  small: {
    name: 'small',
    about: 'a sentence of 60 characters, the smallest record there is',
    toText: (seed) => toProse(seed, 60),
  },
  prose: {
    name: '3 KB prose',
    about: '3,000 characters of prose, which compress well',
    toText: (seed) => toProse(seed, 3_000),
  },
  dense: {
    name: '4 KB',
    about: '4,300 random characters of base64, which compress to 4 KB as encrypted',
    toText: (seed) => toNoise(seed, 4_300),
  },
} as const satisfies Readonly<Record<string, Sort>>;

/** Texts of a sort, to be used in turn: that a text comes again shows nowhere, for no two records are compressed at once. */
const TEXTS = 64;

export interface Exchange {
  readonly request: RequestRecord;
  readonly response: ResponseRecord;
}

/** Gives the `number`-th exchange of a sort. Each record of the two holds a text of it. */
export function createExchanges({ toText }: Sort): (number: number) => Exchange {
  const texts = Array.from({ length: TEXTS }, (_, seed) => toText(seed));
  return (number) => {
    const requestId = parseRequestId(`019ab2c4-7d00-7a5c-9f1e-${number.toString(16).padStart(12, '0')}`);
    const time = Date.now();
    const text = texts[number % TEXTS] ?? '';
    return {
      request: {
        kind: 'request',
        requestId,
        time,
        caller,
        protocol: 'bedrock',
        operation: 'Converse',
        action: 'InvokeModel',
        model: 'amazon.nova-lite-v1:0',
        provider: 'simulator',
        servedModel: 'amazon.nova-lite-v1:0',
        bytesReceived: text.length,
        policyVersion: '0123456789abcdef',
        stages: [
          { stage: 'access', decision: 'pass' },
          { stage: 'detect', decision: 'pass' },
        ],
        findingCounts: {},
        findings: [],
        original: [{ kind: 'text', origin: 'user', path: '/messages/0/content/0/text', text }],
      },
      response: {
        kind: 'response',
        requestId,
        time,
        status: 'complete',
        stop: 'endTurn',
        usage: { inputTokens: 700, outputTokens: 700 },
        findingCounts: {},
        findings: [],
        released: [{ kind: 'delta', index: 0, text }],
        bytesSent: 0,
      },
    };
  };
}

/** Characters of base64 that nothing compresses below three quarters of them; the same for the same seed. */
function toNoise(seed: number, length: number): string {
  let text = '';
  for (let part = 0; text.length < length; part += 1) {
    text += createHash('sha512').update(`${seed} ${part}`).digest('base64').replace(/=+$/, '');
  }
  return text.slice(0, length);
}
