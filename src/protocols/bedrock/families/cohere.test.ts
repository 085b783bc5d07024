import { describe, expect, it } from 'vitest';
import { type Answer, type AnswerEvent, parseModelId, toAnswer } from '../../../core/index.ts';
import { codeOf, itReadsEverything } from '../../protocol.suite.ts';
import { createdAt, requestId } from '../../served.suite.ts';
import { chunkOf, protocolFor, read, readFrames } from '../wire.suite.ts';

const CHAT = 'cohere.command-r-plus-v1:0';
const EMBED = 'cohere.embed-multilingual-v3';
const invoke = (model: string, body: unknown) => read('InvokeModel', model, body);
const createReply = (model: string, body: unknown, operation = 'InvokeModel') =>
  read(operation, model, body).createReply({ requestId, createdAt, model: parseModelId(model) });
const jsonOf = (body: Uint8Array) => JSON.parse(Buffer.from(body).toString());

const chat_history = [
  { role: 'USER', message: 'hello' },
  { role: 'CHATBOT', message: 'how can I help' },
];
const chatBody = {
  message: 'what is the weather',
  chat_history,
  preamble: 'be brief',
  max_tokens: 64,
  temperature: 0.5,
  p: 0.9,
  k: 5,
  frequency_penalty: 0.1,
  presence_penalty: 0.2,
  seed: 7,
  stop_sequences: ['END'],
};
const events: readonly AnswerEvent[] = [
  { kind: 'start' },
  { kind: 'blockStart', index: 0, block: { kind: 'text' } },
  { kind: 'delta', index: 0, text: 'su' },
  { kind: 'delta', index: 0, text: 'nny' },
  { kind: 'blockStop', index: 0 },
  { kind: 'stop', reason: 'maxTokens' },
];

describe('InvokeModel for Cohere Command R', () => {
  itReadsEverything({ protocol: protocolFor(CHAT), operation: 'InvokeModel', body: chatBody, raw: [], maps: [] });

  it('reads the turns before the message, then the message', () => {
    const { request, parts } = invoke(CHAT, chatBody);
    expect(request).toMatchObject({
      kind: 'conversation',
      system: [{ kind: 'text', text: 0 }],
      messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }],
      tools: [],
      inference: {
        maxTokens: 64,
        temperature: 0.5,
        topP: 0.9,
        topK: 5,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        seed: 7,
        stopSequences: [4],
      },
    });
    expect(parts.map(({ origin, path }) => [origin, path])).toEqual([
      ['system', '/preamble'],
      ['user', '/chat_history/0/message'],
      ['assistant', '/chat_history/1/message'],
      ['user', '/message'],
      ['parameter', '/stop_sequences/0'],
    ]);
    expect(invoke(CHAT, { message: 'x' }).request).toMatchObject({ system: [], inference: {} });
  });

  it.each([
    [{ documents: [{ title: 't', snippet: 's' }] }, 'unsupported'],
    [{ tools: [{ name: 'n' }] }, 'unsupported'],
    [{ tool_results: [{}] }, 'unsupported'],
    [{ search_queries_only: true }, 'unsupported'],
    [{ prompt_truncation: 'AUTO_PRESERVE_ORDER' }, 'unsupported'],
    [{ return_prompt: true }, 'unsupported'],
    [{ raw_prompting: true }, 'unsupported'],
    [{ documents: [], tools: [], prompt_truncation: 'OFF', return_prompt: false }, undefined],
    [{ chat_history: [{ role: 'SYSTEM', message: 'x' }] }, 'invalidRequest'],
    [{ message: '' }, 'invalidRequest'],
    [{ k: 501 }, 'invalidRequest'],
    [{ citation_quality: 'fast' }, 'invalidRequest'],
  ])('takes %j as %s', (extra, code) => {
    expect(codeOf(() => invoke(CHAT, { ...chatBody, ...extra }))).toBe(code);
  });

  it('answers with the turns so far, for the next request', () => {
    expect(jsonOf(createReply(CHAT, chatBody).whole(toAnswer(events), 1).body)).toEqual({
      response_id: requestId,
      generation_id: requestId,
      finish_reason: 'MAX_TOKENS',
      text: 'sunny',
      chat_history: [
        ...chat_history,
        { role: 'USER', message: 'what is the weather' },
        { role: 'CHATBOT', message: 'sunny' },
      ],
    });
  });

  it('streams its text, and why it ended', () => {
    const writer = createReply(CHAT, chatBody, 'InvokeModelWithResponseStream');
    const frames = readFrames(Buffer.concat([writer.events(events, 1), writer.end(2)]));
    expect(frames.map((frame) => JSON.parse(chunkOf(frame)))).toMatchObject([
      { is_finished: false, event_type: 'text-generation', text: 'su' },
      { is_finished: false, event_type: 'text-generation', text: 'nny' },
      {
        is_finished: true,
        event_type: 'stream-end',
        finish_reason: 'MAX_TOKENS',
        response: { response_id: requestId, finish_reason: 'MAX_TOKENS' },
        'amazon-bedrock-invocationMetrics': {},
      },
    ]);
  });
});

const embedBody = { texts: ['one', 'two'], input_type: 'search_document', truncate: 'END', embedding_types: ['float'] };

describe('InvokeModel for Cohere Embed', () => {
  itReadsEverything({ protocol: protocolFor(EMBED), operation: 'InvokeModel', body: embedBody, raw: [], maps: [] });

  it('reads the texts and what their vectors are for', () => {
    const { request, parts } = invoke(EMBED, embedBody);
    expect(request).toEqual({ kind: 'embedding', inputs: [0, 1], inputType: 'search_document', truncate: 'end' });
    expect(parts.map(({ kind, origin, path, text }) => [kind, origin, path, text])).toEqual([
      ['text', 'user', '/texts/0', 'one'],
      ['text', 'user', '/texts/1', 'two'],
    ]);
    expect(invoke(EMBED, { texts: ['one'], input_type: 'clustering' }).request).not.toHaveProperty('truncate');
  });

  it.each([
    [{ texts: [] }, 'invalidRequest'],
    [{ texts: [''] }, 'invalidRequest'],
    [{ texts: Array.from({ length: 97 }, () => 'x') }, 'invalidRequest'],
    [{ input_type: undefined }, 'invalidRequest'],
    [{ input_type: 'image' }, 'invalidRequest'],
    [{ images: ['data:image/png;base64,aGk='] }, 'uninspectable'],
    [{ embedding_types: ['int8'] }, 'unsupported'],
    [{ embedding_types: ['float', 'int8'] }, 'unsupported'],
  ])('refuses %j', (extra, code) => {
    expect(codeOf(() => invoke(EMBED, { ...embedBody, ...extra }))).toBe(code);
  });

  it('answers in the form the body asks for', () => {
    const embeddings = [[0.5, -1], [2]];
    const answer: Answer = { ...toAnswer([]), embeddings };
    const bodyOf = (body: object) => jsonOf(createReply(EMBED, body).whole(answer, 1).body);
    const { texts, input_type } = embedBody;
    const head = { id: requestId, texts };
    expect(bodyOf(embedBody)).toEqual({
      ...head,
      embeddings: { float: embeddings },
      response_type: 'embeddings_by_type',
    });
    for (const body of [
      { texts, input_type },
      { texts, input_type, embedding_types: [] },
    ]) {
      expect(bodyOf(body)).toEqual({ ...head, embeddings, response_type: 'embeddings_floats' });
    }
  });

  it.each([[[]], [[[1]]], [[[1], [2], [3]]]])(
    'fails where there are not as many vectors as texts: %j',
    (embeddings) => {
      const answer: Answer = { ...toAnswer([]), embeddings };
      expect(codeOf(() => createReply(EMBED, embedBody).whole(answer, 1))).toBe('upstreamFailed');
    },
  );

  it('does not stream', () => {
    expect(codeOf(() => read('InvokeModelWithResponseStream', EMBED, embedBody))).toBe('unsupported');
  });
});
