import { describe, expect, it } from 'vitest';
import {
  type Answer,
  type AnswerEvent,
  type Block,
  type Completion,
  type Conversation,
  createPartList,
  type Exchange,
  type PartIndex,
  toAnswer,
} from '../../core/index.ts';
import { answerOf, batchesOf, codeOf, converse, say } from '../cleared.suite.ts';
import { createSimulator } from './simulator.ts';

const simulator = createSimulator({ name: 'simulator' });
const bytes = new Uint8Array(1_234);
const STREAM = 'InvokeModelWithResponseStream';

type Add = (text: string) => PartIndex;

/** A conversation made by hand, for what the protocols may not say. */
function conversation(make: (add: Add) => Partial<Conversation>): Exchange {
  const list = createPartList();
  const request = make((text) => list.add({ kind: 'text', origin: 'user', path: '', text }));
  const whole = { kind: 'conversation', system: [], messages: [], tools: [], inference: {}, metadata: [], ...request };
  return { ...converse(say('x')), request: whole as Conversation, parts: list.parts };
}

const user = (make: (add: Add) => readonly Block[], more: Partial<Conversation> = {}) =>
  conversation((add) => ({ messages: [{ role: 'user', content: make(add) }], ...more }));
const asking = (text: string, inference: Conversation['inference'] = {}) =>
  user((add) => [{ kind: 'text', text: add(text) }], { inference });

async function linesOf(exchange: Exchange): Promise<readonly string[]> {
  const [block] = (await answerOf(simulator, exchange)).blocks;
  return block?.kind === 'text' ? block.text.split('\n') : [];
}

/** An answer, which streamed must be the same. */
async function eitherWay(exchange: Exchange): Promise<Answer> {
  const whole = await answerOf(simulator, exchange);
  expect(toAnswer((await batchesOf(simulator, { ...exchange, action: STREAM })).flat())).toEqual(whole);
  return whole;
}

describe('what the simulator was shown', () => {
  it('is described where it is no text', async () => {
    const exchange = user(
      (add) => [
        { kind: 'media', modality: 'image', format: 'png', bytes },
        { kind: 'media', modality: 'video', format: 'mp4', bytes },
        { kind: 'reference', modality: 'image', source: { kind: 'url', url: add('https://a.example/b.png') } },
        {
          kind: 'reference',
          modality: 'document',
          name: add('report'),
          source: { kind: 's3Location', uri: add('s3://a/b') },
        },
        { kind: 'reference', modality: 'document', source: { kind: 'fileId', id: add('file-1') } },
        { kind: 'cachePoint' },
        {
          kind: 'toolResult',
          id: add('t'),
          failed: false,
          content: [add('found'), { kind: 'media', modality: 'audio', format: 'wav', bytes }],
        },
        { kind: 'text', text: add('what is it?') },
      ],
      {},
    );
    expect(await linesOf(exchange)).toEqual([
      '[image png 1234 bytes]',
      '[video mp4 1234 bytes]',
      '[image at https://a.example/b.png]',
      '[document report at s3://a/b]',
      '[document in file file-1]',
      'found',
      '[audio wav 1234 bytes]',
      'what is it?',
    ]);
  });

  it('is a document as its text, or as the file where that may go', async () => {
    const document = { kind: 'document', format: 'pdf', citations: false } as const;
    const exchange = user((add) => [
      { ...document, name: add('report'), context: add('of 2024'), text: [add('page one'), add('page two')] },
      { ...document, text: [add('unseen')], bytes },
      { ...document, name: add('old'), context: add('of 2023'), text: [add('unseen')], bytes },
      { ...document, text: [add('changed')], bytes },
    ]);
    const edited = exchange.parts.map((part) =>
      part.text === 'changed' ? { ...part, edits: [{ start: 0, end: 1, length: 1 }] } : part,
    );
    expect(await linesOf({ ...exchange, parts: edited })).toEqual([
      '[document pdf report]',
      'of 2024',
      'page one',
      'page two',
      '[document pdf 1234 bytes]',
      '[document pdf old 1234 bytes]',
      'of 2023',
      '[document pdf]',
      'changed',
    ]);
  });

  it('is what an earlier answer rests on, too', async () => {
    const exchange = conversation((add) => ({
      messages: [
        {
          role: 'assistant',
          content: [
            {
              kind: 'text',
              text: add('as they say'),
              citations: [{ title: add('notes'), source: add('wiki'), quotes: [add('a'), add('b')] }, { quotes: [] }],
            },
          ],
        },
      ],
    }));
    expect(await linesOf(exchange)).toEqual(['as they say', '[citing notes wiki a b]', '[citing ]']);
  });

  it('has the tools of the provider in it', async () => {
    const exchange = conversation((add) => ({ providerTools: [add('web_search')] }));
    expect(await linesOf(exchange)).toEqual(['[tool web_search]']);
  });
});

describe('reasoning', () => {
  const thoughtOf = ({ blocks: [block] }: Answer) => {
    if (block?.kind !== 'reasoning' || block.proof === undefined) throw new Error('no reasoning');
    return { text: block.text, proof: block.proof };
  };
  /** The next turn, with the reasoning in it. */
  const next = (block: (add: Add) => Block) =>
    conversation((add) => ({
      messages: [
        { role: 'user', content: [{ kind: 'text', text: add('sim:reasoning') }] },
        { role: 'assistant', content: [block(add)] },
        { role: 'user', content: [{ kind: 'text', text: add('and now?') }] },
      ],
    }));

  it('comes signed before the answer, with an address that no prompt held, and is counted', async () => {
    const answer = await eitherWay(asking('sim:reasoning please'));
    const { text, proof } = thoughtOf(answer);
    expect(text).toMatch(/\w+@\w+\.\w+/);
    expect(proof.kind).toBe('signature');
    expect(answer.blocks.map(({ kind }) => kind)).toEqual(['reasoning', 'text']);
    expect(answer.usage.reasoningTokens).toBeGreaterThan(0);
    expect(answer.usage.outputTokens).toBeGreaterThan(answer.usage.reasoningTokens ?? 0);
  });

  it('comes encrypted, without a text', async () => {
    const { text, proof } = thoughtOf(await eitherWay(asking('sim:encrypted-reasoning')));
    expect([text, proof.kind]).toEqual(['', 'encrypted']);
  });

  it('is taken back in the next turn, to the letter', async () => {
    const signed = thoughtOf(await answerOf(simulator, asking('sim:reasoning')));
    const { proof } = thoughtOf(await answerOf(simulator, asking('sim:encrypted-reasoning')));
    expect(await linesOf(next((add) => ({ kind: 'reasoning', text: add(signed.text), proof: signed.proof })))).toEqual([
      'sim:reasoning',
      signed.text,
      'and now?',
    ]);
    expect((await linesOf(next(() => ({ kind: 'reasoning', proof }))))[1]).toBe('[reasoning encrypted]');
  });

  it('is refused where it is not the very same', async () => {
    const { text, proof } = thoughtOf(await answerOf(simulator, asking('sim:reasoning')));
    const encrypted = thoughtOf(await answerOf(simulator, asking('sim:encrypted-reasoning'))).proof;
    if (encrypted.kind !== 'encrypted') throw new Error('not encrypted');
    const others: readonly ((add: Add) => Block)[] = [
      (add) => ({ kind: 'reasoning', text: add(`${text} `), proof }),
      (add) => ({ kind: 'reasoning', text: add('{EMAIL}'), proof }),
      (add) => ({ kind: 'reasoning', text: add(text), proof: { kind: 'signature', signature: 'forged' } }),
      (add) => ({ kind: 'reasoning', text: add(text), proof: { kind: 'sealed', token: 'a token' } }),
      (add) => ({ kind: 'reasoning', text: add(text), proof: encrypted }),
      (add) => ({ kind: 'reasoning', text: add(text) }),
      () => ({ kind: 'reasoning', proof }),
      () => ({ kind: 'reasoning', proof: { kind: 'encrypted', data: `AA${encrypted.data}` } }),
      () => ({ kind: 'reasoning', proof: { kind: 'encrypted', data: '' } }),
    ];
    for (const other of others) expect(await codeOf(answerOf(simulator, next(other)))).toBe('upstreamInvalid');
  });
});

describe('a citation', () => {
  const cite = (add: Add): Block => ({ kind: 'text', text: add('sim:cite') });
  const document = (text: PartIndex, citations = true) =>
    ({ kind: 'document', format: 'txt', text: [text], citations }) as const;

  it('is of the end of the first document that may be cited, where the simulator was given it', async () => {
    const text = `A report. ${'word '.repeat(20)}the end`;
    const answer = await eitherWay(
      user((add) => [
        document(add('not to be cited'), false),
        { ...document(add(text)), name: add('report') },
        document(add('another')),
        cite(add),
      ]),
    );
    const [block] = answer.blocks;
    if (block?.kind !== 'text') throw new Error('no text');
    const [citation] = block.citations ?? [];
    expect(citation).toEqual({
      title: 'report',
      quotes: [block.text],
      location: { kind: 'characters', document: 1, start: text.length - 40, end: text.length },
    });
    expect(text.slice(text.length - 40)).toBe(block.text);
  });

  it('is of a document in the result of a tool, whole where it is short, and never begins inside a character', async () => {
    const citationOf = async (text: string) => {
      const result = (add: Add): Block => ({
        kind: 'toolResult',
        id: add('t'),
        failed: false,
        content: [add('found'), document(add(text))],
      });
      const [block] = (
        await answerOf(
          simulator,
          user((add) => [result(add), cite(add)]),
        )
      ).blocks;
      return block?.kind === 'text' ? block.citations?.[0] : undefined;
    };
    expect(await citationOf('short')).toEqual({
      quotes: ['short'],
      location: { kind: 'characters', document: 0, start: 0, end: 5 },
    });
    expect((await citationOf(`a😀${'x'.repeat(39)}`))?.quotes).toEqual(['x'.repeat(39)]);
  });

  it('is none where there is nothing to cite', async () => {
    const { blocks } = await answerOf(
      simulator,
      user((add) => [document(add('a'), false), cite(add)]),
    );
    expect(blocks).toEqual([{ kind: 'text', text: 'There is no document to cite.' }]);
  });
});

describe('the end of the context', () => {
  it('is why the answer stops, where asked', async () => {
    expect(await eitherWay(asking('sim:context-window'))).toMatchObject({
      blocks: [{ text: 'sim:context-window' }],
      stop: 'contextWindow',
    });
  });
});

describe('several choices', () => {
  it('are asked for one by one: a call gives one', async () => {
    const three = await eitherWay(asking('hello there', { choices: 3 }));
    expect(three).toEqual(await answerOf(simulator, asking('hello there')));
  });
});

describe('an answer in JSON', () => {
  const inForm = async (schema: object, text = 'hello') => {
    const exchange = user((add) => [{ kind: 'text', text: add(text) }], {});
    const parts = [...exchange.parts];
    const at = parts.length as PartIndex;
    parts.push({ kind: 'json', origin: 'parameter', path: '', text: JSON.stringify(schema) });
    const request = exchange.request as Conversation;
    const inference = { outputFormat: { kind: 'jsonSchema', schema: at } } as const;
    return (await linesOf({ ...exchange, parts, request: { ...request, inference } })).join('\n');
  };

  it('is an object, with the echo in it', async () => {
    const answer = await linesOf(asking('hello "you"', { outputFormat: { kind: 'json' } }));
    expect(JSON.parse(answer.join('\n'))).toEqual({ answer: 'hello "you"' });
  });

  it('has what its schema requires', async () => {
    const schema = {
      type: 'object',
      required: ['text', 'count', 'least', 'yes', 'list', 'two', 'nested', 'one', 'fixed', 'maybe', 'none', 'any'],
      properties: {
        text: { type: 'string' },
        count: { type: 'number' },
        least: { type: 'integer', minimum: 3 },
        yes: { type: 'boolean' },
        list: { type: 'array', items: { type: 'string' } },
        two: { type: 'array', minItems: 2, items: { type: 'number' } },
        nested: { $ref: '#/$defs/inner' },
        one: { enum: ['red', 'green'] },
        fixed: { const: 7 },
        maybe: { type: ['string', 'null'] },
        none: { type: 'null' },
        any: { anyOf: [{ type: 'boolean' }, { type: 'string' }] },
        left: { type: 'string' },
      },
      $defs: { inner: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } } },
    };
    expect(JSON.parse(await inForm(schema))).toEqual({
      text: 'hello',
      count: 0,
      least: 3,
      yes: true,
      list: [],
      two: [0, 0],
      nested: { text: 'hello' },
      one: 'red',
      fixed: 7,
      maybe: 'hello',
      none: null,
      any: true,
    });
  });

  it('ends for a schema that has no end', async () => {
    expect(await inForm({ required: ['a'], properties: { a: { $ref: '#' } } })).toMatch(/^\{"a":.*null\}+$/);
    const names = Array.from({ length: 10 }, (_, index) => `p${index}`);
    const properties = Object.fromEntries(names.map((name) => [name, { $ref: '#' }]));
    expect((await inForm({ required: names, properties })).length).toBeLessThan(500_000);
  });

  it('has null for what nothing is said of', async () => {
    const schema = { required: ['a', 'b', 'c'], properties: { a: true, b: { $ref: '#/$defs/nowhere' } } };
    expect(JSON.parse(await inForm(schema))).toEqual({ a: null, b: null, c: null });
  });

  it('is not given where a directive asks for something else', async () => {
    expect(await inForm({ type: 'object' }, 'sim:say no')).toBe('no');
  });
});

describe('a completion', () => {
  const complete = (prompt: string, action: Exchange['action'] = 'InvokeModel'): Exchange => {
    const list = createPartList();
    const index = list.add({ kind: 'text', origin: 'user', path: '/prompt', text: prompt });
    const request: Completion = { kind: 'completion', prompt: index, inference: { maxTokens: 100 } };
    return { ...converse(say('x')), action, request, parts: list.parts };
  };

  it('is the prompt again, whole and streamed', async () => {
    const prompt = '[INST] hello 😀 [/INST]';
    expect(await eitherWay(complete(prompt))).toMatchObject({ blocks: [{ kind: 'text', text: prompt }] });
  });

  it('hears directives, and speaks those it has no form for', async () => {
    expect(await eitherWay(complete('sim:say this'))).toMatchObject({ blocks: [{ text: 'this' }] });
    for (const text of ['sim:tool-call', 'sim:reasoning', 'sim:cite']) {
      expect(await eitherWay(complete(text))).toMatchObject({ blocks: [{ kind: 'text', text }] });
    }
    expect(await codeOf(answerOf(simulator, complete('sim:throttle')))).toBe('upstreamThrottled');
  });
});

describe('a count of tokens', () => {
  it('is that of everything the model would be shown, and nothing else', async () => {
    const counted = async (exchange: Exchange): Promise<readonly AnswerEvent[]> => {
      const { request } = exchange;
      if (request.kind !== 'conversation') throw new Error('no conversation');
      const count = { ...exchange, action: 'CountTokens', request: { kind: 'tokenCount', of: request } } as const;
      return (await batchesOf(simulator, count)).flat();
    };
    expect(await counted(asking('12345'))).toEqual([{ kind: 'usage', usage: { inputTokens: 2, outputTokens: 0 } }]);
    const completion = { ...asking('123456789'), action: 'CountTokens' } as const;
    const of: Completion = { kind: 'completion', prompt: 0 as PartIndex, inference: {} };
    const events = await batchesOf(simulator, { ...completion, request: { kind: 'tokenCount', of } });
    expect(events).toEqual([[{ kind: 'usage', usage: { inputTokens: 3, outputTokens: 0 } }]]);
  });
});
