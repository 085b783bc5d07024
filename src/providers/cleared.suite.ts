import {
  type AnswerEvent,
  type Cleared,
  createRequestId,
  type Exchange,
  inspect,
  type Protocol,
  type Provider,
  parseModelId,
  parsePrincipalId,
  parseTenantId,
  toAnswer,
} from '../core/index.ts';
import { bedrockProtocol } from '../protocols/index.ts';

export const NOVA = 'amazon.nova-lite-v1:0';
export const CLAUDE = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
export const TITAN_EMBED = 'amazon.titan-embed-text-v2:0';

export const requestId = createRequestId(1_700_000_000_000, new Uint8Array(10).fill(0xab));

/** The exchange of a request as a protocol reads it, before any stage. */
export function exchangeOf(protocol: Protocol, path: string, body: unknown): Exchange {
  const route = protocol.match('POST', path);
  if (route?.kind !== 'invoke') throw new Error(`no such route: ${path}`);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const read = protocol.read(route, Buffer.from(text), () => undefined);
  return {
    id: requestId,
    caller: {
      tenant: parseTenantId('acme'),
      principal: parsePrincipalId('tester'),
      credentialId: 'key',
      credentialKind: 'apiKey',
    },
    protocol: protocol.name,
    operation: route.operation,
    action: read.stream ? 'InvokeModelWithResponseStream' : 'InvokeModel',
    model: { id: parseModelId(read.model), provider: 'tested', providerModelId: read.model },
    request: read.request,
    parts: read.parts,
    findings: [],
  };
}

export async function clear(exchange: Exchange): Promise<Cleared> {
  const decision = await inspect([{ name: 'pass', timeoutMs: 1_000, run: () => ({ kind: 'pass' }) }], exchange);
  if (decision.kind !== 'allow') throw new Error('not cleared');
  return decision.exchange;
}

/** A conversation as `Converse` or `ConverseStream` would carry it. */
export function converse(body: object | string, operation = 'converse', model = NOVA): Exchange {
  return exchangeOf(bedrockProtocol, `/model/${encodeURIComponent(model)}/${operation}`, body);
}

/** One user message. */
export const say = (text: string, more: object = {}) => ({
  messages: [{ role: 'user', content: [{ text }] }],
  ...more,
});

const never = new AbortController().signal;

/** Every batch of the answer to an exchange. */
export async function batchesOf(provider: Provider, exchange: Exchange, signal = never): Promise<AnswerEvent[][]> {
  const { events } = await provider.invoke(await clear(exchange), signal);
  const batches: AnswerEvent[][] = [];
  for await (const batch of events) batches.push([...batch]);
  return batches;
}

export async function answerOf(provider: Provider, exchange: Exchange) {
  return toAnswer((await batchesOf(provider, exchange)).flat());
}

/** The text of an answer's text blocks. */
export async function textOfAnswer(provider: Provider, exchange: Exchange): Promise<string> {
  const { blocks } = await answerOf(provider, exchange);
  return blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('');
}

/** The code of the fault a promise rejects with. */
export async function codeOf(pending: Promise<unknown>): Promise<unknown> {
  return pending.then(
    () => 'resolved',
    (error) => error.code,
  );
}
