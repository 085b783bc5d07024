import { describe, expect, it } from 'vitest';
import { type AnswerEvent, toAnswer } from '../../core/index.ts';
import { createChatAnswer, parseCompletion } from './chat-answer.ts';

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

const chunk = (delta: object, rest: object = {}) => ({ id: 'c-1', choices: [{ index: 0, delta, ...rest }] });
const stop = (finish_reason: string, rest: object = {}) => chunk({}, { finish_reason, ...rest });
const completion = (message: object, rest: object = {}) => ({
  id: 'c-1',
  choices: [{ index: 0, message, finish_reason: 'stop', ...rest }],
  usage,
});

function read(chunks: readonly unknown[], stops: readonly string[] = []): readonly AnswerEvent[] {
  const events: AnswerEvent[] = [];
  const answer = createChatAnswer(stops);
  for (const value of chunks) answer.chunk(value, events);
  answer.end(events);
  return events;
}

const call = (id: string, args: string, rest: object = {}) => ({
  id,
  type: 'function',
  function: { name: 'lookup', arguments: args },
  ...rest,
});
const fragment = (index: number, args: string) => ({ index, function: { arguments: args } });

describe('a streamed chat answer', () => {
  it('is a start, blocks, a stop and the tokens', () => {
    const chunks = [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      stop('stop'),
      { id: 'c-1', choices: [], usage },
    ];
    expect(read(chunks)).toEqual([
      { kind: 'start' },
      { kind: 'blockStart', index: 0, block: { kind: 'text' } },
      { kind: 'delta', index: 0, text: 'Hel' },
      { kind: 'delta', index: 0, text: 'lo' },
      { kind: 'blockStop', index: 0 },
      { kind: 'stop', reason: 'endTurn' },
      { kind: 'usage', usage: { inputTokens: 10, outputTokens: 5 } },
    ]);
  });

  it('has a block for each call, its arguments in fragments', () => {
    const chunks = [
      chunk({ content: 'a moment' }),
      chunk({ tool_calls: [call('a', '', { index: 0 })] }),
      chunk({ tool_calls: [fragment(0, '{"n"')] }),
      chunk({ tool_calls: [fragment(0, ':1}'), call('b', '{}', { index: 1 })] }),
      stop('tool_calls'),
    ];
    expect(toAnswer(read(chunks))).toMatchObject({
      blocks: [
        { kind: 'text', text: 'a moment' },
        { kind: 'toolUse', id: 'a', name: 'lookup', arguments: '{"n":1}' },
        { kind: 'toolUse', id: 'b', name: 'lookup', arguments: '{}' },
      ],
      stop: 'toolUse',
    });
  });

  it('may go on with text after a call', () => {
    const chunks = [chunk({ tool_calls: [call('a', '{}', { index: 0 })] }), chunk({ content: 'done' }), stop('stop')];
    expect(toAnswer(read(chunks)).blocks.map(({ kind }) => kind)).toEqual(['toolUse', 'text']);
  });

  it.each([
    ['count every call as the first', [call('a', '{"n":1}', { index: 0 }), call('b', '{"n":2}', { index: 0 })]],
    ['do not count', [call('a', '{"n":1}'), call('b', '{"n":2}')]],
    [
      'name the call each time',
      [call('a', '{"n"', { index: 0 }), call('a', ':1}', { index: 0 }), call('b', '{"n":2}', { index: 1 })],
    ],
    [
      'give a fragment an id of its own',
      [call('a', '{"n"', { index: 0 }), { id: 'x', ...fragment(0, ':1}') }, call('b', '{"n":2}', { index: 1 })],
    ],
    [
      'repeat the name alone',
      [
        call('a', '{"n"', { index: 0 }),
        { index: 0, function: { name: 'lookup', arguments: ':1}' } },
        call('b', '{"n":2}', { index: 1 }),
      ],
    ],
  ])('keeps calls apart for servers that %s', (_, calls) => {
    const { blocks } = toAnswer(read([...calls.map((one) => chunk({ tool_calls: [one] })), stop('tool_calls')]));
    expect(blocks).toEqual([
      { kind: 'toolUse', id: 'a', name: 'lookup', arguments: '{"n":1}' },
      { kind: 'toolUse', id: 'b', name: 'lookup', arguments: '{"n":2}' },
    ]);
  });

  it.each([
    ['stop', 'endTurn'],
    ['length', 'maxTokens'],
    ['tool_calls', 'toolUse'],
    ['content_filter', 'contentFilter'],
    ['model_length', 'contextWindow'],
    ['model_context_window_exceeded', 'contextWindow'],
  ])('that finished with %s stopped for %s', (finish, reason) => {
    expect(toAnswer(read([chunk({ content: 'a' }), stop(finish)])).stop).toBe(reason);
  });

  it('that called stopped for it, whatever the server says', () => {
    expect(toAnswer(read([chunk({ tool_calls: [call('a', '{}')] }), stop('stop')])).stop).toBe('toolUse');
    expect(toAnswer(read([chunk({ tool_calls: [call('a', '{}')] }), stop('length')])).stop).toBe('maxTokens');
  });

  it('names the stop sequence it met, if the request had it', () => {
    const met = (stop_reason: unknown) =>
      read([chunk({ content: 'a' }), stop('stop', { stop_reason })], ['END']).at(-1);
    expect(met('END')).toEqual({ kind: 'stop', reason: 'stopSequence', stopSequence: 'END' });
    expect(met('other')).toEqual({ kind: 'stop', reason: 'endTurn' });
    expect(met(151_643)).toEqual({ kind: 'stop', reason: 'endTurn' });
  });

  it('is text that a filter ended where the model refused', () => {
    const answer = toAnswer(read([chunk({ refusal: 'I can' }), chunk({ refusal: 'not' }), stop('stop')]));
    expect(answer).toMatchObject({ blocks: [{ kind: 'text', text: 'I cannot' }], stop: 'contentFilter' });
  });

  it.each([['reasoning'], ['reasoning_content']])('has a block for `%s`, before the text', (name) => {
    const chunks = [
      chunk({ role: 'assistant', content: null, [name]: '' }),
      chunk({ [name]: 'let ' }),
      chunk({ content: '', [name]: 'me see' }),
      chunk({ content: 'found', [name]: null }),
      stop('stop'),
    ];
    expect(read(chunks)).toEqual([
      { kind: 'start' },
      { kind: 'blockStart', index: 0, block: { kind: 'reasoning' } },
      { kind: 'delta', index: 0, text: 'let ' },
      { kind: 'delta', index: 0, text: 'me see' },
      { kind: 'blockStop', index: 0 },
      { kind: 'blockStart', index: 1, block: { kind: 'text' } },
      { kind: 'delta', index: 1, text: 'found' },
      { kind: 'blockStop', index: 1 },
      { kind: 'stop', reason: 'endTurn' },
    ]);
  });

  it('reasons once where a server says it under both names', () => {
    const chunks = [
      chunk({ reasoning: 'let me see', reasoning_content: 'let me see', content: 'found' }),
      stop('stop'),
    ];
    expect(toAnswer(read(chunks)).blocks).toEqual([
      { kind: 'reasoning', text: 'let me see' },
      { kind: 'text', text: 'found' },
    ]);
  });

  it('may reason again between calls', () => {
    const chunks = [
      chunk({ reasoning: 'one' }),
      chunk({ tool_calls: [call('a', '{}', { index: 0 })] }),
      chunk({ reasoning: 'two' }),
      chunk({ tool_calls: [call('b', '{}', { index: 1 })] }),
      stop('tool_calls'),
    ];
    const { blocks, stop: reason } = toAnswer(read(chunks));
    expect([blocks.map(({ kind }) => kind), reason]).toEqual([
      ['reasoning', 'toolUse', 'reasoning', 'toolUse'],
      'toolUse',
    ]);
  });

  it('counts the tokens of reasoning', () => {
    const counted = (completion_tokens_details: unknown) =>
      toAnswer(read([stop('stop'), { choices: [], usage: { ...usage, completion_tokens_details } }])).usage;
    expect(counted({ reasoning_tokens: 4 })).toEqual({ inputTokens: 10, outputTokens: 5, reasoningTokens: 4 });
    expect(counted({ reasoning_tokens: null })).toEqual({ inputTokens: 10, outputTokens: 5 });
    expect(() => counted({ reasoning_tokens: -4 })).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });

  it('may say its end twice', () => {
    expect(read([chunk({ content: 'a' }), stop('stop'), { ...stop('stop'), usage }]).at(-1)?.kind).toBe('usage');
  });

  it('counts tokens of a cache by themselves', () => {
    const counted = (details: unknown) => {
      const counts = { ...usage, prompt_tokens_details: details };
      return toAnswer(read([chunk({ content: 'a' }), stop('stop'), { choices: [], usage: counts }])).usage;
    };
    expect(counted({ cached_tokens: 7, cache_write_tokens: 2 })).toEqual({
      inputTokens: 1,
      outputTokens: 5,
      cacheReadInputTokens: 7,
      cacheWriteInputTokens: 2,
    });
    expect(counted({ cached_tokens: null })).toEqual({ inputTokens: 10, outputTokens: 5 });
    expect(counted(null)).toEqual({ inputTokens: 10, outputTokens: 5 });
    expect(counted({ cached_tokens: 70 }).inputTokens).toBe(0);
  });

  it('ignores members that are no content', () => {
    const first = {
      ...chunk({ content: 'a', annotations: [], reasoning: '', audio: null, note: 'x' }),
      obfuscation: 'y',
    };
    expect(toAnswer(read([{ ...first, error: null, usage: null }, stop('stop')])).blocks).toEqual([
      { kind: 'text', text: 'a' },
    ]);
  });

  it('takes its id from the first chunk that has one, unless it is more than a name', () => {
    const idOf = (...ids: readonly unknown[]) => {
      const answer = createChatAnswer([]);
      for (const id of ids) answer.chunk({ id, choices: [] }, []);
      return answer.id;
    };
    expect([idOf(undefined, 'c-1', 'c-2'), idOf('two words'), idOf(7), idOf('x'.repeat(129))]).toEqual([
      'c-1',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['no choices', {}],
    ['choices of another shape', { choices: ['a'] }],
    ['two choices', { choices: [...chunk({}).choices, ...chunk({}).choices] }],
    ['a second choice', chunk({ content: 'a' }, { index: 1 })],
    ['no delta', { choices: [{ index: 0, message: { content: 'a' } }] }],
    ['content in parts', chunk({ content: [{ type: 'text', text: 'a' }] })],
    ['a refusal that is no text', chunk({ refusal: { text: 'a' } })],
    ['audio', chunk({ audio: { data: 'AA' } })],
    ['images', chunk({ images: [{}] })],
    ['reasoning that is no text', chunk({ reasoning: { text: 'let me see' } })],
    ['two reasonings', chunk({ reasoning: 'let me see', reasoning_content: 'see me let' })],
    ['reasoning in parts', chunk({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'AA' }] })],
    ['annotations', chunk({ annotations: [{ type: 'url_citation' }] })],
    ['a function call of old', chunk({ function_call: { name: 'lookup' } })],
    ['log probabilities', chunk({ content: 'a' }, { logprobs: { content: [] } })],
    ['calls that are no list', chunk({ tool_calls: call('a', '{}') })],
    ['a call that is no object', chunk({ tool_calls: ['lookup'] })],
    ['a call of another type', chunk({ tool_calls: [call('a', '{}', { type: 'custom' })] })],
    ['a call without a function', chunk({ tool_calls: [{ id: 'a', type: 'function' }] })],
    ['a call without an id', chunk({ tool_calls: [call('', '{}')] })],
    ['a call with an id that is more than a name', chunk({ tool_calls: [call('two words', '{}')] })],
    ['a call without a name', chunk({ tool_calls: [{ id: 'a', function: { arguments: '{}' } }] })],
    [
      'a call with a name that is more than one',
      chunk({ tool_calls: [call('a', '', { function: { name: 'say it' } })] }),
    ],
    ['arguments that are no text', chunk({ tool_calls: [call('a', '', { function: { name: 'n', arguments: {} } })] })],
    ['a fragment of no call', chunk({ tool_calls: [fragment(0, '{}')] })],
    ['an end of its own', stop('abort')],
    ['a negative count', { choices: [], usage: { ...usage, prompt_tokens: -1 } }],
    ['a count that is no number', { choices: [], usage: { ...usage, completion_tokens: '5' } }],
    ['half a token', { choices: [], usage: { ...usage, completion_tokens: 0.5 } }],
    ['no counts', { choices: [], usage: 'many' }],
  ])('is refused with %s', (_, value) => {
    expect(() => read([value])).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });

  it('is refused where fragments of two calls mix', () => {
    const calls = [call('a', '{', { index: 0 }), call('b', '{', { index: 1 }), fragment(0, '}')];
    expect(() => read(calls.map((one) => chunk({ tool_calls: [one] })))).toThrow(
      expect.objectContaining({ code: 'upstreamFailed' }),
    );
  });

  it('is refused with content after its end', () => {
    for (const delta of [{ content: 'b' }, { refusal: 'b' }, { reasoning: 'b' }, { tool_calls: [call('a', '{}')] }]) {
      expect(() => read([chunk({ content: 'a' }), stop('stop'), chunk(delta)])).toThrow(
        expect.objectContaining({ code: 'upstreamFailed' }),
      );
    }
  });

  it('is interrupted without an end', () => {
    expect(() => read([chunk({ content: 'a' })])).toThrow(expect.objectContaining({ code: 'upstreamInterrupted' }));
    expect(() => read([])).toThrow(expect.objectContaining({ code: 'upstreamInterrupted' }));
  });

  it('that begins with an error fails as the status in it does', () => {
    const failing = (error: unknown) => () => read([{ error }]);
    expect(failing({ code: 429, message: 'slow down' })).toThrow(
      expect.objectContaining({ code: 'upstreamThrottled' }),
    );
    expect(failing({ code: 'overloaded' })).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
    expect(failing('broken')).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });

  it('is interrupted by an error on its way', () => {
    expect(() => read([chunk({ content: 'a' }), { ...chunk({}), error: { code: 429 } }])).toThrow(
      expect.objectContaining({ code: 'upstreamInterrupted' }),
    );
  });
});

describe('a whole chat answer', () => {
  it('is read as one chunk', () => {
    const tool_calls = [call('a', '{"n":1}', { index: 0 }), call('b', '', { index: 0 })];
    const { id, events } = parseCompletion(completion({ content: 'a moment', tool_calls }), []);
    expect(id).toBe('c-1');
    expect(toAnswer(events)).toEqual({
      blocks: [
        { kind: 'text', text: 'a moment' },
        { kind: 'toolUse', id: 'a', name: 'lookup', arguments: '{"n":1}' },
        { kind: 'toolUse', id: 'b', name: 'lookup', arguments: '{}' },
      ],
      embeddings: [],
      stop: 'toolUse',
      usage: { inputTokens: 10, outputTokens: 5 },
    });
  });

  it('has its reasoning before its text', () => {
    const { events } = parseCompletion(completion({ content: 'found', reasoning_content: 'let me see' }), []);
    expect(toAnswer(events).blocks).toEqual([
      { kind: 'reasoning', text: 'let me see' },
      { kind: 'text', text: 'found' },
    ]);
  });

  it('may say nothing', () => {
    expect(toAnswer(parseCompletion(completion({ content: null }), []).events).blocks).toEqual([]);
  });

  it('keeps calls apart that have one id', () => {
    const { events } = parseCompletion(completion({ tool_calls: [call('a', '{}'), call('a', '{}')] }), []);
    expect(toAnswer(events).blocks).toHaveLength(2);
  });

  it('is interrupted without an end', () => {
    const unfinished = completion({ content: 'a' }, { finish_reason: null });
    expect(() => parseCompletion(unfinished, [])).toThrow(expect.objectContaining({ code: 'upstreamInterrupted' }));
  });

  it('is refused with the message of a chunk', () => {
    expect(() => parseCompletion(stop('stop'), [])).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });
});

describe('an answer to a completion', () => {
  const piece = (text: unknown, rest: object = {}) => ({ id: 'cmpl-1', choices: [{ index: 0, text, ...rest }] });

  it('is text, whole and streamed', () => {
    const events: AnswerEvent[] = [];
    const answer = createChatAnswer(['END'], 'text');
    const chunks = [
      piece('Hel', { logprobs: null, finish_reason: null }),
      piece('lo'),
      piece('', { finish_reason: 'stop', stop_reason: 'END' }),
      { choices: [], usage },
    ];
    for (const value of chunks) answer.chunk(value, events);
    answer.end(events);
    const whole = { ...piece('Hello', { finish_reason: 'stop', stop_reason: 'END' }), usage };
    const expected = {
      blocks: [{ kind: 'text', text: 'Hello' }],
      embeddings: [],
      stop: 'stopSequence',
      stopSequence: 'END',
      usage: { inputTokens: 10, outputTokens: 5 },
    };
    expect(toAnswer(events)).toEqual(expected);
    expect(toAnswer(parseCompletion(whole, ['END'], 'text').events)).toEqual(expected);
  });

  it('is refused with a text that is none', () => {
    expect(() => parseCompletion(piece(['Hello'], { finish_reason: 'stop' }), [], 'text')).toThrow(
      expect.objectContaining({ code: 'upstreamFailed' }),
    );
  });
});
