import { describe, expect, it } from 'vitest';
import { hasServiceModel, violations } from '../../../test/vectors/service-model.suite.ts';
import { GatewayError, parseModelId, toAnswer } from '../../core/index.ts';
import { codeOf, itReadsEverything } from '../protocol.suite.ts';
import { createdAt, requestId } from '../served.suite.ts';
import { protocolFor, read } from './wire.suite.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const TITAN = 'amazon.titan-text-express-v1';
const EMBED = 'amazon.titan-embed-text-v2:0';
const messages = [{ role: 'user', content: [{ text: 'hello' }] }];
const base64 = (body: unknown) => Buffer.from(JSON.stringify(body)).toString('base64');
const invoked = (body: unknown) => ({ input: { invokeModel: { body: base64(body) } } });
const count = (model: string, body: unknown) => read('CountTokens', model, body);

const full = {
  input: {
    converse: {
      messages,
      system: [{ text: 'be brief' }],
      toolConfig: { tools: [{ toolSpec: { name: 'n', inputSchema: { json: { type: 'object' } } } }] },
      additionalModelRequestFields: { top_k: 5 },
    },
  },
};

describe('reading CountTokens', () => {
  itReadsEverything({
    protocol: protocolFor(NOVA),
    operation: 'CountTokens',
    body: full,
    raw: [
      '/input/converse/toolConfig/tools/0/toolSpec/inputSchema/json',
      '/input/converse/additionalModelRequestFields',
    ],
    maps: [],
  });

  it('gives the conversation that Converse would, as something to count', () => {
    const { request, parts, action, stream } = count(NOVA, full);
    const conversed = read('Converse', NOVA, full.input.converse);
    expect([action, stream]).toEqual(['CountTokens', false]);
    expect(request).toEqual({ kind: 'tokenCount', of: conversed.request });
    expect(parts).toEqual(conversed.parts.map((part) => ({ ...part, path: `/input/converse${part.path}` })));
    expect(conversed).not.toHaveProperty('action');
  });

  it('reads a body of InvokeModel as InvokeModel would', () => {
    const body = { inputText: 'hello' };
    const { request, parts } = count(TITAN, invoked(body));
    expect(request).toEqual({ kind: 'tokenCount', of: read('InvokeModel', TITAN, body).request });
    expect(parts).toEqual([{ kind: 'text', origin: 'user', path: '/input/invokeModel/body/inputText', text: 'hello' }]);
  });

  it.each([
    [NOVA, {}, 'invalidRequest'],
    [NOVA, { input: {} }, 'invalidRequest'],
    [NOVA, { input: { ...full.input, invokeModel: { body: base64({}) } } }, 'invalidRequest'],
    [NOVA, { input: { converse: { messages, inferenceConfig: {} } } }, 'invalidRequest'],
    [NOVA, { input: { converse: {} } }, 'invalidRequest'],
    [NOVA, { input: { invokeModel: { body: '' } } }, 'invalidRequest'],
    [NOVA, { input: { invokeModel: { body: '{}' } } }, 'invalidRequest'],
    [NOVA, { input: { invokeModel: { body: Buffer.of(0xff).toString('base64') } } }, 'invalidRequest'],
    [NOVA, invoked({ messages, unknown: 1 }), 'invalidRequest'],
    ['ai21.jamba-1-5-large-v1:0', invoked({ messages }), 'unsupported'],
    [EMBED, invoked({ inputText: 'hello' }), 'unsupported'],
  ])('refuses for %s %j as %s', (model, body, code) => {
    expect(codeOf(() => count(model, body))).toBe(code);
  });

  it('refuses a body that is not declared as JSON, and an answer in another form', () => {
    const declared = (name: string, value: string) =>
      codeOf(() => read('CountTokens', NOVA, full, (asked) => (asked === name ? value : undefined)));
    expect(declared('content-type', 'text/plain')).toBe('unsupportedMediaType');
    expect(declared('accept', 'text/html')).toBe('unsupported');
    expect(declared('accept', 'application/json')).toBeUndefined();
  });
});

describe('answering CountTokens', () => {
  const reply = count(NOVA, full).createReply({ requestId, createdAt, model: parseModelId(NOVA) });

  it('gives the count', () => {
    const usage = { inputTokens: 7, outputTokens: 0 };
    const { status, headers, body } = reply.whole(toAnswer([{ kind: 'usage', usage }]), 1);
    expect([status, headers]).toEqual([200, { 'content-type': 'application/json', 'x-amzn-requestid': requestId }]);
    const value = JSON.parse(Buffer.from(body).toString());
    expect(value).toEqual({ inputTokens: 7 });
    if (hasServiceModel) expect(violations('CountTokensResponse', value)).toEqual([]);
  });

  it('tells of a block as a fault: a number could not', () => {
    const { status, headers } = reply.blocked({ types: ['EMAIL'], message: 'no' }, 1);
    expect([status, headers['x-amzn-errortype']]).toEqual([400, 'ValidationException']);
  });

  it('is no stream', () => {
    expect(codeOf(() => reply.events([], 1))).toBe('unsupported');
    expect(codeOf(() => reply.end(1))).toBe('unsupported');
    expect(codeOf(() => reply.fault(new GatewayError('internal')))).toBe('unsupported');
  });
});
