import {
  type Caller,
  createRequestId,
  type Exchange,
  GatewayError,
  type Protocol,
  type ReadRequest,
} from '../../core/index.ts';
import type { ClientSignal } from '../passage/outlet.ts';
import { type PreparationOptions, prepareExchange } from '../passage/preparation.ts';
import type { FirstEvent } from './step-event.ts';
import type { StepObjects } from './step-places.ts';
import type { StepState } from './step-state.ts';

/** A request as it came. */
export type SentRequest = Pick<StepState, 'requestId' | 'startedAt' | 'path' | 'headers' | 'body'>;

/** It, read. `exchange` is as it came, before any stage. */
export interface ReadExchange {
  readonly protocol: Protocol;
  readonly read: ReadRequest;
  readonly exchange: Exchange;
}

interface StepRequestOptions extends PreparationOptions {
  readonly protocols: readonly Protocol[];
  readonly clock: { now(): number };
  readonly random: (length: number) => Uint8Array;
  /** Where callers put requests, below `requests/` and their tenant's name. */
  readonly objects: StepObjects;
  readonly maxBodyBytes: number;
}

/** A workflow has no client that could leave. */
export const nobody: ClientSignal = { aborted: false, addEventListener() {}, removeEventListener() {} };

/** Takes requests from where they were put, and reads them. */
export function createStepRequests(options: StepRequestOptions) {
  return {
    /** Throws `forbidden` for a key that is not below the caller's tenant, `payloadTooLarge` and `invalidRequest`. */
    async fetch({ request }: FirstEvent, caller: Caller): Promise<SentRequest> {
      const { key, path, headers } = request;
      if (!key.startsWith(`requests/${caller.tenant}/`)) throw new GatewayError('forbidden');
      const body = await options.objects.read(key);
      if (body === undefined) throw new GatewayError('invalidRequest', { detail: 'no request lies under this key' });
      if (body.length > options.maxBodyBytes) throw new GatewayError('payloadTooLarge');
      const startedAt = options.clock.now();
      return { requestId: createRequestId(startedAt, options.random(10)), startedAt, path, headers, body };
    },

    /** The same exchange for the same request, whenever it is asked. Throws as a request at a port is answered. */
    async read(sent: SentRequest, caller: Caller): Promise<ReadExchange> {
      const { requestId: id, startedAt, body } = sent;
      const { protocol, operation, read } = readBody(options.protocols, sent);
      const request = { id, caller, protocol, operation, read, bytesReceived: body.length, startedAt };
      return { protocol, read, exchange: await prepareExchange(request, options, nobody) };
    },
  };
}

export type StepRequests = ReturnType<typeof createStepRequests>;

function readBody(protocols: readonly Protocol[], { path, headers, body }: SentRequest) {
  for (const protocol of protocols) {
    const route = protocol.match('POST', path);
    if (route === undefined) continue;
    if (route.kind !== 'invoke') throw new GatewayError('unsupported', { detail: 'a route that calls no model' });
    const lookup = (name: string) => (Object.hasOwn(headers, name) ? headers[name] : undefined);
    const read = protocol.read(route, body, lookup);
    if (read.stream) throw new GatewayError('unsupported', { detail: 'a streamed answer from a workflow' });
    return { protocol, operation: route.operation, read };
  }
  throw new GatewayError('routeNotFound');
}

/** The exchange as the stages left it. */
export function asRewritten(exchange: Exchange, { findings, rewritten }: StepState): Exchange {
  return { ...exchange, findings, parts: rewritten ?? exchange.parts };
}
