import { hash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../access/index.ts';
import { parseConfig } from '../../config/index.ts';
import {
  type Block,
  type Conversation,
  createRequestId,
  type DocumentBlock,
  type DocumentReader,
  type Exchange,
  GatewayError,
  type Message,
  type Part,
  type PartIndex,
  parsePrincipalId,
  parseTenantId,
  type ReadRequest,
} from '../../core/index.ts';
import { openaiProtocol } from '../../protocols/index.ts';
import type { PassRequest } from './passage.ts';
import { type PreparationOptions, prepareExchange } from './preparation.ts';
import { createReasoningSeals } from './reasoning-seal.ts';

const MODEL = 'amazon.nova-lite-v1:0';
const NAMES =
  'permit (principal, action in [Sallyport::Action::"SendUninspectedMedia", Sallyport::Action::"SendUninspectedReference"], resource);';
const EVERY = 'permit (principal, action, resource);';

const seals = createReasoningSeals({ derive: (purpose) => hash('sha256', purpose, 'buffer') }, randomBytes);
const documents: DocumentReader = {
  read: async ({ bytes }) => ({
    pieces: ['page one', Buffer.from(bytes).toString()],
    hasUninspected: bytes.length > 4,
  }),
  [Symbol.asyncDispose]: async () => {},
};

interface House {
  readonly policies?: string;
  readonly accepts?: boolean;
  readonly documents?: DocumentReader;
}

function optionsOf({ policies = EVERY, accepts = false, ...rest }: House = {}): PreparationOptions {
  const config = parseConfig(
    `version: 1
environment: test
region: us-east-1
providers: [{ name: simulator, kind: simulator, terms: { uninspectedContent: ${accepts} } }]
models: [{ id: "${MODEL}", provider: simulator }]
tenants: [{ name: demo, principals: [{ name: developer }, { name: other }] }]
policies: [{ name: main.cedar, cedar: '${policies}' }]`,
    { path: 'test.yaml' },
  );
  return {
    models: new Map(config.models.map((model) => [model.id, model])),
    authorizer: createAuthorizer(config),
    seals,
    documents,
    ...rest,
  };
}

const text: Part = { kind: 'text', origin: 'user', path: '/messages/0/content/0/text', text: 'hello' };
const at = (index: number) => index as PartIndex;
const said = { kind: 'text', text: at(0) } as const;

function conversationOf(blocks: readonly Block[], rest: Partial<Conversation> = {}): Conversation {
  const messages: Message[] = [{ role: 'user', content: [said, ...blocks] }];
  return { kind: 'conversation', system: [], messages, tools: [], inference: {}, metadata: [], ...rest };
}

function requestOf(
  request: ReadRequest['request'],
  rest: Partial<ReadRequest & { parts: readonly Part[] }> = {},
): PassRequest {
  const read: ReadRequest = {
    model: MODEL,
    stream: false,
    request,
    parts: [text],
    createReply: () => {
      throw new Error('nothing is answered here');
    },
    ...rest,
  };
  return {
    id: createRequestId(1_764_000_000_000, new Uint8Array(10)),
    bytesReceived: 0,
    caller: {
      tenant: parseTenantId('demo'),
      principal: parsePrincipalId('developer'),
      credentialId: 'k1',
      credentialKind: 'apiKey',
    },
    protocol: openaiProtocol,
    operation: 'Converse',
    read,
    startedAt: 0,
  };
}

async function prepare(blocks: readonly Block[], house?: House, rest?: Partial<Conversation>): Promise<Exchange> {
  return prepareExchange(requestOf(conversationOf(blocks, rest)), optionsOf(house), new AbortController().signal);
}

const code = (name: string) => expect.objectContaining({ code: name });
const image = { kind: 'media', modality: 'image', format: 'png', bytes: Buffer.from('PNG') } as const;
const link = { kind: 'reference', modality: 'image', source: { kind: 'url', url: at(0) } } as const;
const pdf: DocumentBlock = { kind: 'document', format: 'pdf', bytes: Buffer.from('%PDF'), text: [], citations: false };

describe('preparing a request', () => {
  it('keeps the trace that the request is part of', () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const traced = { ...requestOf(conversationOf([])), traceparent };
    expect(prepareExchange(traced, optionsOf(), new AbortController().signal)).toMatchObject({ traceparent });
    const plain = prepareExchange(requestOf(conversationOf([])), optionsOf(), new AbortController().signal);
    expect(plain).not.toHaveProperty('traceparent');
  });

  it('takes its action from what is asked', () => {
    const actionOf = (rest: Partial<ReadRequest>) => {
      const exchange = prepareExchange(requestOf(conversationOf([]), rest), optionsOf(), new AbortController().signal);
      if (exchange instanceof Promise) throw new Error('nothing had to be read');
      return exchange.action;
    };
    expect([actionOf({}), actionOf({ stream: true }), actionOf({ action: 'CountTokens' })]).toEqual([
      'InvokeModel',
      'InvokeModelWithResponseStream',
      'CountTokens',
    ]);
  });

  it('refuses a model that there is not, and one that no policy permits', () => {
    const signal = new AbortController().signal;
    const ask = (model: string, house?: House) =>
      prepareExchange(requestOf(conversationOf([]), { model }), optionsOf(house), signal);
    expect(() => ask('nothing')).toThrow(code('modelNotFound'));
    expect(() => ask(MODEL, { policies: NAMES })).toThrow(code('forbidden'));
  });
});

describe('what nobody can inspect', () => {
  const all = { policies: `${EVERY} ${NAMES}`, accepts: true };

  it.each([
    ['media', [image], {}],
    ['a reference', [link], {}],
    ['media in a tool result', [{ kind: 'toolResult', id: at(0), content: [at(0), image], failed: false }], {}],
    ['a tool that runs elsewhere', [], { providerTools: [at(0)] }],
  ] as const)('passes as %s only where a policy names it and the terms allow it', async (_, blocks, rest) => {
    await expect(prepare(blocks, all, rest)).resolves.toMatchObject({ action: 'InvokeModel' });
    await expect(prepare(blocks, { ...all, accepts: false }, rest)).rejects.toThrow(code('uninspectable'));
    await expect(prepare(blocks, { ...all, policies: EVERY }, rest)).rejects.toThrow(code('uninspectable'));
  });

  it('is asked for before tokens are counted, too', () => {
    const counted = { kind: 'tokenCount', of: conversationOf([image]) } as const;
    const ask = () => prepareExchange(requestOf(counted), optionsOf(), new AbortController().signal);
    expect(ask).toThrow(code('uninspectable'));
  });

  it('is recorded as it came', async () => {
    const { files } = await prepare([image, pdf], all);
    expect(files).toEqual([
      { kind: 'image', format: 'png', bytes: image.bytes },
      { kind: 'document', format: 'pdf', bytes: pdf.bytes },
    ]);
  });
});

describe('a document', () => {
  const documentOf = ({ request }: Exchange) => {
    const block = request.kind === 'conversation' ? request.messages[0]?.content[1] : undefined;
    if (block?.kind !== 'document') throw new Error('no document');
    return block;
  };

  it('goes as its text where its file may not', async () => {
    const exchange = await prepare([pdf]);
    const { bytes, text: indexes } = documentOf(exchange);
    expect(bytes).toBeUndefined();
    expect(indexes.map((index) => exchange.parts[index])).toMatchObject([
      { origin: 'document', text: 'page one' },
      { origin: 'document', text: '%PDF' },
    ]);
  });

  it('says to the model that its pictures were left out', async () => {
    const exchange = await prepare([{ ...pdf, bytes: Buffer.from('%PDF with pictures') }]);
    const { text: indexes } = documentOf(exchange);
    expect(exchange.parts[indexes.at(-1) ?? 0]?.text).toMatch(/pictures .* left out/);
  });

  it('keeps its file, beside its text, where a policy names it', async () => {
    const exchange = await prepare([{ ...pdf, bytes: Buffer.from('%PDF with pictures') }], {
      policies: `${EVERY} ${NAMES}`,
      accepts: true,
    });
    const { bytes, text: indexes } = documentOf(exchange);
    expect(bytes).toBeDefined();
    expect(indexes).toHaveLength(2);
  });

  it('within a tool result is read as well', async () => {
    const exchange = await prepare([{ kind: 'toolResult', id: at(0), content: [pdf], failed: false }]);
    expect(exchange.parts.map((part) => part.text)).toEqual(['hello', 'page one', '%PDF']);
  });

  it('of text needs no reading', async () => {
    const exchange = await prepare([{ kind: 'document', format: 'txt', text: [at(0)], citations: false }]);
    expect(exchange.parts).toHaveLength(1);
  });

  it('without any text is not sent, unless its file may go', async () => {
    const scan: DocumentReader = { ...documents, read: async () => ({ pieces: [], hasUninspected: true }) };
    await expect(prepare([pdf], { documents: scan })).rejects.toThrow(code('uninspectable'));
    const house = { policies: `${EVERY} ${NAMES}`, accepts: true, documents: scan };
    expect(documentOf(await prepare([pdf], house)).bytes).toBeDefined();
  });

  it('that cannot be read is not sent', async () => {
    const broken: DocumentReader = {
      ...documents,
      read: () => Promise.reject(new GatewayError('uninspectable', { detail: 'an encrypted file' })),
    };
    await expect(prepare([pdf], { documents: broken })).rejects.toThrow(code('uninspectable'));
  });
});

describe('reasoning that comes back', () => {
  const scope = {
    caller: requestOf(conversationOf([])).caller,
    model: { id: MODEL, provider: 'simulator', providerModelId: MODEL },
  };
  const proof = { kind: 'signature', signature: 'c2ln' } as const;
  const seal = (thought: string, shown: string) =>
    seals.seal({ text: thought, proof, shown }, { ...scope, model: optionsOf().models.get(MODEL) ?? never() });
  const reasoning = (token: string, shown?: number): Block => ({
    kind: 'reasoning',
    proof: { kind: 'sealed', token },
    ...(shown === undefined ? {} : { text: at(shown) }),
  });

  it('goes to the model as it said it, whatever of it the caller saw', async () => {
    const exchange = await prepare([reasoning(seal('call 555-0100', 'hello'), 0)]);
    expect(exchange.parts).toEqual([{ ...text, kind: 'sealed', origin: 'assistant', text: 'call 555-0100' }]);
    expect(exchange.request).toMatchObject({ messages: [{ content: [said, { kind: 'reasoning', text: 0, proof }] }] });
  });

  it('that the caller never saw comes out of its token', async () => {
    const exchange = await prepare([reasoning(seal('hidden thought', ''))]);
    expect(exchange.parts[1]).toMatchObject({ kind: 'sealed', text: 'hidden thought' });
  });

  it('that is encrypted has no text', async () => {
    const model = optionsOf().models.get(MODEL) ?? never();
    const encrypted = { kind: 'encrypted', data: 'AAAA' } as const;
    const token = seals.seal({ text: '', proof: encrypted, shown: '' }, { ...scope, model });
    const exchange = await prepare([reasoning(token)]);
    expect(exchange.parts).toHaveLength(1);
    expect(exchange.request).toMatchObject({
      messages: [{ content: [said, { kind: 'reasoning', proof: encrypted }] }],
    });
  });

  it('without a token is text like any other', async () => {
    const exchange = await prepare([{ kind: 'reasoning', text: at(0) }]);
    expect(exchange.parts[0]?.kind).toBe('text');
  });

  it('is refused where the token is not ours', async () => {
    await expect(prepare([reasoning('AAAA', 0)])).rejects.toThrow(code('uninspectable'));
  });

  it('is opened by the gateway alone', async () => {
    const block: Block = { kind: 'reasoning', text: at(0), proof };
    await expect(prepare([block])).rejects.toThrow(code('internal'));
  });
});

function never(): never {
  throw new Error('the model is configured');
}
