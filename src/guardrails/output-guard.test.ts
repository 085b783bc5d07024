import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnswerEvent,
  type Citation,
  type ContentAction,
  type ContentPolicy,
  type FindingType,
  findingTypes,
  type OutputGuard,
  type Released,
  type Span,
  type StopReason,
  toAnswer,
  toContentPolicy,
} from '../core/index.ts';
import { maskText } from '../deidentify/index.ts';
import { detectors, scanPart } from '../detectors/index.ts';
import { isActedOn } from './detector-action.ts';
import { createOutputGuards } from './output-guard.ts';

const all = Object.values(detectors);
const EMAIL = 'jane.doe@example.com';
const CARD = '4111111111111111';
const KEY = ['AKIA', 'QYLPMN5HFIQR7XYA'].join('');
const USAGE: AnswerEvent = { kind: 'usage', usage: { inputTokens: 7, outputTokens: 9 } };

function policyOf(output: Partial<Record<FindingType, ContentAction>> = {}): ContentPolicy {
  const actions = Object.fromEntries(findingTypes.map((type) => [type, 'mask'])) as Record<FindingType, ContentAction>;
  return toContentPolicy({
    input: actions,
    output: { ...actions, PROMPT_ATTACK: 'allow', AWS_ACCESS_KEY: 'block', ...output },
    blockedInputMessage: 'in',
    blockedOutputMessage: 'Withheld.',
  });
}

const guardOf = (policy = policyOf(), format?: 'json'): OutputGuard =>
  createOutputGuards({ detectors: all, policy, mask: maskText })(format);

const start: AnswerEvent = { kind: 'start' };
const stop = (reason: StopReason = 'endTurn'): AnswerEvent => ({ kind: 'stop', reason });
const open = (index: number): AnswerEvent => ({ kind: 'blockStart', index, block: { kind: 'text' } });
const call = (index: number, name = 'lookup', id = 'call_1'): AnswerEvent => ({
  kind: 'blockStart',
  index,
  block: { kind: 'toolUse', id, name },
});
const delta = (index: number, text: string): AnswerEvent => ({ kind: 'delta', index, text });
const close = (index: number): AnswerEvent => ({ kind: 'blockStop', index });
const said = (index: number, ...texts: string[]) => [
  open(index),
  ...texts.map((text) => delta(index, text)),
  close(index),
];
const called = (index: number, ...fragments: string[]) => [
  call(index),
  ...fragments.map((text) => delta(index, text)),
  close(index),
];

interface Run {
  readonly events: readonly AnswerEvent[];
  readonly findings: readonly Span[];
  readonly blocked?: Released['blocked'];
  /** The text given out after each push. */
  readonly soFar: readonly string[];
}

function run(batches: readonly (readonly AnswerEvent[])[], guard = guardOf()): Run {
  const events: AnswerEvent[] = [];
  const findings: Span[] = [];
  const soFar: string[] = [];
  let blocked: Released['blocked'];
  const take = (released: Released) => {
    events.push(...released.events);
    findings.push(...released.findings);
    soFar.push(textOf(events));
    if (released.blocked !== undefined) {
      expect(blocked, 'blocked is set once').toBeUndefined();
      blocked = released.blocked;
    }
  };
  for (const batch of batches) take(guard.push(batch));
  take(guard.end());
  return { events, findings, soFar, ...(blocked === undefined ? {} : { blocked }) };
}

function textOf(events: readonly AnswerEvent[]): string {
  return events.map((event) => (event.kind === 'delta' ? event.text : '')).join('');
}

/** Joins the deltas that follow one another, so that answers can be compared whatever their division. */
function joined(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
  const result: AnswerEvent[] = [];
  for (const event of events) {
    const last = result.at(-1);
    if (event.kind === 'delta' && last?.kind === 'delta')
      result[result.length - 1] = delta(last.index, last.text + event.text);
    else result.push(event);
  }
  return result;
}

const thought = (index: number, text: string, proof?: AnswerEvent): AnswerEvent[] => [
  { kind: 'blockStart', index, block: { kind: 'reasoning' } },
  delta(index, text),
  ...(proof === undefined ? [] : [proof]),
  close(index),
];
const cited = (index: number, citation: Citation): AnswerEvent => ({ kind: 'citation', index, citation });

const oneByOne = (events: readonly AnswerEvent[]) => events.map((event) => [event]);

describe('an answer in which nothing is found', () => {
  const answer = [
    start,
    ...said(0, 'Hello ', 'there, ', 'you.'),
    ...called(2, '{"a"', ':1.0}'),
    stop('toolUse'),
    USAGE,
  ];

  it('goes out as it came, in one batch or in many', () => {
    const whole = joined(run([answer]).events);
    expect(whole).toEqual([start, ...said(0, 'Hello there, you.'), ...called(2, '{"a":1.0}'), stop('toolUse'), USAGE]);
    expect(joined(run(oneByOne(answer)).events)).toEqual(whole);
  });

  it('leaves before it is whole', () => {
    const { soFar } = run(
      oneByOne([start, open(0), delta(0, 'It is a fine day today, and '), delta(0, 'more'), close(0), stop()]),
    );
    expect(soFar[2]).not.toBe('');
  });

  it('may be embeddings', () => {
    const vector: AnswerEvent = { kind: 'embedding', index: 0, vector: [0.5, 1] };
    expect(run([[start, vector, USAGE]]).events).toEqual([start, vector, USAGE]);
    expect(run([[start, vector], [stop()], [USAGE]]).events).toEqual([start, vector, stop(), USAGE]);
  });

  it('may be empty', () => {
    expect(run([[start, ...said(0), ...called(1), stop()]]).events).toEqual([start, ...said(0), ...called(1), stop()]);
  });

  it('has its usage at the end, whenever the provider counted', () => {
    expect(run(oneByOne([start, USAGE, ...said(0, 'Hi.'), stop()])).events).toEqual([
      start,
      ...said(0, 'Hi.'),
      stop(),
      USAGE,
    ]);
  });
});

describe('what the policy masks', () => {
  it('is masked in text, and reported in the offsets of its block', () => {
    const { events, findings } = run([[start, ...said(0, 'Hi.'), ...said(1, `Write to ${EMAIL}.`), stop()]]);
    expect(events).toEqual([start, ...said(0, 'Hi.'), ...said(1, 'Write to {EMAIL}.'), stop()]);
    expect(findings).toMatchObject([{ type: 'EMAIL', start: 9, end: 9 + EMAIL.length }]);
  });

  it('is masked where it is split over deltas, and not a byte of it leaves', () => {
    const { events, soFar } = run(oneByOne([start, ...said(0, 'Write to ', ...EMAIL, ' now.'), stop()]));
    expect(joined(events)).toEqual([start, ...said(0, 'Write to {EMAIL} now.'), stop()]);
    for (const text of soFar) expect('Write to {EMAIL} now.'.startsWith(text), text).toBe(true);
  });

  it('is masked where it is split over two blocks, in both', () => {
    const { events, findings } = run(
      oneByOne([start, ...said(0, 'Write to jane.doe@exa'), ...said(1, 'mple.com now.'), stop()]),
    );
    expect(joined(events)).toEqual([start, ...said(0, 'Write to {EMAIL}'), ...said(1, '{EMAIL} now.'), stop()]);
    expect(findings).toMatchObject([{ type: 'EMAIL', start: 9, end: 9 + EMAIL.length }]);
  });

  it('is masked where a tool call stands in the middle of it, and the call waits for the text before it', () => {
    const answer = [
      start,
      ...said(0, 'Write to jane.doe@exa'),
      ...called(1, '{}'),
      ...said(2, 'mple.com now.'),
      stop(),
    ];
    const { events, soFar } = run(oneByOne(answer));
    expect(joined(events)).toEqual([
      start,
      ...said(0, 'Write to {EMAIL}'),
      ...called(1, '{}'),
      ...said(2, '{EMAIL} now.'),
      stop(),
    ]);
    expect(soFar[6]).toBe('Write to ');
  });

  it('is masked in tool arguments, which wait until they are whole', () => {
    const { events, soFar, findings } = run(
      oneByOne([start, ...called(0, '{"to":"jane.doe', '\\u0040example', '.com","n":1.0}'), stop('toolUse')]),
    );
    expect(events).toEqual([start, ...called(0, '{"to":"{EMAIL}","n":1.0}'), stop('toolUse')]);
    expect(soFar.slice(0, 5).join('')).toBe('');
    expect(findings).toMatchObject([{ type: 'EMAIL', start: 7, end: 32 }]);
  });

  it('is masked in the stop sequence', () => {
    const { events, findings } = run([
      [start, ...said(0, 'Hi.'), { kind: 'stop', reason: 'stopSequence', stopSequence: EMAIL }],
    ]);
    expect(events.at(-1)).toEqual({ kind: 'stop', reason: 'stopSequence', stopSequence: '{EMAIL}' });
    expect(findings).toHaveLength(1);
    const plain: AnswerEvent = { kind: 'stop', reason: 'stopSequence', stopSequence: 'END' };
    expect(run([[start, plain]]).events).toEqual([start, plain]);
  });

  it('leaves no empty delta where hidden text was all there was', () => {
    const hidden = '\u200b'.repeat(40);
    expect(run([[start, ...said(0, hidden), stop()]]).events).toEqual([start, open(0), close(0), stop()]);
  });
});

describe('reasoning', () => {
  const proof: AnswerEvent = { kind: 'proof', index: 0, proof: { kind: 'signature', signature: 'c2lnbmF0dXJl' } };

  it('is masked like text, and its proof stands behind it', () => {
    const answer = [start, ...thought(0, `She is ${EMAIL}, and`, proof), ...said(1, 'Hi.'), stop()];
    const expected = [start, ...thought(0, 'She is {EMAIL}, and', proof), ...said(1, 'Hi.'), stop()];
    expect(joined(run([answer]).events)).toEqual(expected);
    expect(joined(run(oneByOne(answer)).events)).toEqual(expected);
  });

  it('lets a proof through only when the text before it is decided', () => {
    const { soFar, events } = run(
      oneByOne([start, ...thought(0, 'She is jane.doe@exa', proof), ...said(1, 'mple.com')]).slice(0, 4),
      {
        ...guardOf(),
        end: () => ({ events: [], findings: [] }),
      },
    );
    expect(soFar.at(-1)).toBe('She is ');
    expect(events.some(({ kind }) => kind === 'proof')).toBe(false);
  });

  it('hides nothing that stands alone in the block behind it', () => {
    for (const value of [EMAIL, CARD, '4111 1111 1111 1111', '536-90-4399']) {
      const answer = [start, ...thought(0, 'So it is 4'), ...said(1, `${value} it is.`), stop()];
      for (const { events } of [run([answer]), run(oneByOne(answer))]) {
        expect(textOf(events)).not.toContain(value);
        expect(textOf(events)).toMatch(/\{[A-Z_]+\} it is\.$/);
      }
    }
  });

  it('ends before what is blocked, without a proof', () => {
    const { events } = run([[start, ...thought(0, `The key is ${KEY} .`, proof), ...said(1, 'Hi.'), stop()]]);
    expect(events).toEqual([start, ...thought(0, 'The key is '), stop('guardrail')]);
  });
});

describe('a citation', () => {
  it('needs neither title nor source', () => {
    const citation = cited(0, { quotes: ['plain'] });
    const answer = [start, open(0), delta(0, 'So it is. '), citation, close(0), stop()];
    expect(run([answer]).events).toEqual(answer);
  });

  const location = { kind: 'characters', document: 0, start: 3, end: 9 } as const;

  it('is masked in its title, its source and its passages, and stands where it stood', () => {
    const citation = {
      title: `By ${EMAIL}`,
      source: `https://x.org/${CARD}`,
      quotes: [`Call ${EMAIL}`, 'plain'],
      location,
    };
    const { events, findings } = run(
      oneByOne([start, open(0), delta(0, 'So it is. '), cited(0, citation), delta(0, 'And more.'), close(0), stop()]),
    );
    expect(joined(events)).toEqual([
      start,
      open(0),
      delta(0, 'So it is. '),
      cited(0, {
        title: 'By {EMAIL}',
        source: 'https://x.org/{CREDIT_DEBIT_CARD_NUMBER}',
        quotes: ['Call {EMAIL}', 'plain'],
        location,
      }),
      delta(0, 'And more.'),
      close(0),
      stop(),
    ]);
    expect(findings).toHaveLength(3);
  });

  it.each([{ title: KEY, quotes: [] }, { source: KEY, quotes: [] }, { quotes: ['plain', KEY, EMAIL] }])(
    'ends the answer where it holds what is blocked: %j',
    (citation) => {
      const { events, blocked } = run([[start, open(0), delta(0, 'So it is. '), cited(0, citation), close(0), stop()]]);
      expect(events).toEqual([start, open(0), delta(0, 'So it is. '), close(0), stop('guardrail')]);
      expect(blocked?.types).toEqual(['AWS_ACCESS_KEY']);
    },
  );
});

describe('what is encoded', () => {
  it('is masked whole, in any division', () => {
    const base64 = Buffer.from(`To: ${EMAIL}`).toString('base64');
    for (const text of [base64, 'jane.doe%40example.com', 'jane.doe\\u0040example.com']) {
      const { events, soFar } = run(oneByOne([start, ...said(0, 'It is ', ...text, ' .'), stop()]));
      expect(joined(events), text).toEqual([start, ...said(0, 'It is {EMAIL} .'), stop()]);
      for (const some of soFar) expect('It is {EMAIL} .'.startsWith(some)).toBe(true);
    }
  });
});

describe('the arguments of a tool call', () => {
  it('stay byte for byte what they were around a mask', () => {
    const json = `{ "z" : 12345678901234567890, "a":1.50, "to":"x\\t${EMAIL}\\n\\u00e9", "n":{"b":null,"a":-0.0}}`;
    const masked = json.replace(EMAIL, '{EMAIL}');
    expect(toAnswer(run([[start, ...called(0, json), stop('toolUse')]]).events).blocks).toMatchObject([
      { arguments: masked },
    ]);
    const clean = json.replace(EMAIL, 'nobody');
    expect(toAnswer(run([[start, ...called(0, clean), stop('toolUse')]]).events).blocks).toMatchObject([
      { arguments: clean },
    ]);
  });
});

describe('an answer that is to be JSON', () => {
  const jsonOf = (...texts: readonly string[]) => {
    const answer = [start, ...said(0, ...texts), stop()];
    const buffered = run([answer], guardOf(policyOf(), 'json'));
    const streamed = run(
      oneByOne(
        divided(
          texts.join(''),
          [],
          texts
            .join('')
            .split('')
            .map((_, at) => at),
        ),
      ),
      guardOf(policyOf(), 'json'),
    );
    expect(textOf(streamed.events)).toBe(textOf(buffered.events));
    expect(streamed.blocked).toEqual(buffered.blocked);
    return { text: textOf(buffered.events), blocked: buffered.blocked };
  };

  it('is masked in its strings, and stays JSON', () => {
    for (const [text, masked] of [
      [`{"to":"${EMAIL}","n":[1.0,12345678901234567890]}`, '{"to":"{EMAIL}","n":[1.0,12345678901234567890]}'],
      [`{"list":"\\n${EMAIL}\\n${EMAIL}\\"${EMAIL}\\""}`, '{"list":"\\n{EMAIL}\\n{EMAIL}\\"{EMAIL}\\""}'],
      ['{"to":"jane.doe\\u0040example.com\\u0021"}', '{"to":"{EMAIL}\\u0021"}'],
      [`{"${EMAIL}":[true]}`, '{"{EMAIL}":[true]}'],
      [`["${Buffer.from(EMAIL).toString('base64')}"]`, '["{EMAIL}"]'],
    ] as const) {
      expect(jsonOf(text)).toEqual({ text: masked, blocked: undefined });
      expect(() => JSON.parse(masked)).not.toThrow();
    }
  });

  it.each([
    ['a number', `{"card":${CARD}}`, '{"card":', 'CREDIT_DEBIT_CARD_NUMBER'],
    ['a second name of the same kind', `{"${EMAIL}":1,"b${EMAIL}":2}`, '{"{EMAIL}":1,"', 'EMAIL'],
    ['text around the JSON', `For ${EMAIL}: {}`, 'For ', 'EMAIL'],
    ['more than one string', `["-----BEGIN PRIVATE KEY-----","${'MHcCAQEEIIrYSS'.repeat(5)}"]`, '["', 'PRIVATE_KEY'],
  ])('ends before what would be masked in %s', (_name, text, before, type) => {
    expect(jsonOf(text)).toEqual({ text: before, blocked: { types: [type], message: 'Withheld.' } });
  });

  it('is no JSON in its reasoning', () => {
    const answer = [start, ...thought(0, `Ask ${EMAIL}, then `), ...said(1, `{"a":"${EMAIL}"}`), stop()];
    for (const { events } of [
      run([answer], guardOf(policyOf(), 'json')),
      run(oneByOne(answer), guardOf(policyOf(), 'json')),
    ]) {
      expect(textOf(events)).toBe('Ask {EMAIL}, then {"a":"{EMAIL}"}');
    }
  });

  it('stays JSON wherever anything is found in it, or ends there', () => {
    const value = fc.oneof(
      fc.constantFrom(...PLANTED, 'a\nb', '"', '\\').map((text) => text as unknown),
      fc.constantFrom(4111111111111111, 1.5, null, true),
      prose,
    );
    const document = fc.dictionary(
      fc.oneof(prose, fc.constantFrom(EMAIL, `x ${EMAIL}`)),
      fc.oneof(value, fc.array(value)),
      {
        maxKeys: 4,
      },
    );
    fc.assert(
      fc.property(document, cuts, blockPolicy, (members, deltas, policy) => {
        const answer = divided(JSON.stringify(members), [], deltas);
        const { events, blocked } = run(oneByOne(answer), guardOf(policy, 'json'));
        const text = textOf(events);
        for (const planted of [EMAIL, CARD]) expect(text).not.toContain(planted);
        if (blocked === undefined) expect(Object.keys(JSON.parse(text))).toHaveLength(Object.keys(members).length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what the policy allows', () => {
  it('is not looked for', () => {
    const guard = guardOf(policyOf({ EMAIL: 'allow' }));
    const { events, findings } = run([[start, ...said(0, `Write to ${EMAIL}, ${CARD}.`), stop()]], guard);
    expect(textOf(events)).toBe(`Write to ${EMAIL}, {CREDIT_DEBIT_CARD_NUMBER}.`);
    expect(findings).toMatchObject([{ type: 'CREDIT_DEBIT_CARD_NUMBER' }]);
  });
});

describe('what the policy blocks', () => {
  const blocked = { types: ['AWS_ACCESS_KEY'], message: 'Withheld.' };

  it('ends the answer before it, masked up to there', () => {
    const result = run([[start, ...said(0, `Ask ${EMAIL}: ${KEY} and ${CARD}`), ...said(1, 'More.'), stop(), USAGE]]);
    expect(result.events).toEqual([start, ...said(0, 'Ask {EMAIL}: '), stop('guardrail'), USAGE]);
    expect(result.blocked).toEqual(blocked);
    expect(result.findings.map(({ type }) => type)).toEqual(['EMAIL', 'AWS_ACCESS_KEY']);
  });

  it('ends a streamed answer there too, and nothing leaves after it', () => {
    const guard = guardOf();
    guard.push([start, open(0), delta(0, 'Here you are: ')]);
    const last = guard.push([delta(0, `${KEY} `)]);
    expect(last.blocked).toEqual(blocked);
    expect(last.events.slice(-2)).toEqual([close(0), stop('guardrail')]);
    expect(guard.push([delta(0, 'more'), close(0), stop(), USAGE])).toEqual({ events: [], findings: [] });
    expect(guard.end()).toEqual({ events: [], findings: [] });
  });

  it('leaves the message where nothing has left before it', () => {
    const message = [start, ...said(0, 'Withheld.'), stop('guardrail')];
    expect(run([[start, ...said(0, `${KEY} `), stop()]]).events).toEqual(message);
    expect(joined(run(oneByOne([start, ...said(0, ...KEY, ' '), stop()])).events)).toEqual(message);
    expect(run([[start, call(0, KEY)]]).events).toEqual(message);
    expect(run([[start, ...called(0, `{"k":"${KEY}"}`)]]).events).toEqual(message);
    expect(run([[start, ...said(0), ...called(4, `{"k":"${KEY}"}`)]]).events).toEqual([
      start,
      ...said(0),
      ...said(1, 'Withheld.'),
      stop('guardrail'),
    ]);
  });

  it('leaves no message behind a tool call', () => {
    const { events } = run([[start, ...called(0), ...said(1, `${KEY} `), stop()]]);
    expect(events).toEqual([start, ...called(0), open(1), close(1), stop('guardrail')]);
  });

  it('ends the answer before a tool call that holds it, and gives out the text that waited', () => {
    const { events } = run(
      oneByOne([start, ...said(0, 'To jane.doe@exa'), ...called(1, `{"k":"${KEY}"}`), ...said(2, 'mple.com')]),
    );
    expect(joined(events)).toEqual([start, ...said(0, 'To jane.doe@exa'), stop('guardrail')]);
  });

  it('ends the answer before the first of two findings, also where the second is in a tool call', () => {
    const guard = guardOf(policyOf({ EMAIL: 'block' }));
    const { events, blocked: why } = run(
      [[start, ...said(0, `To ${EMAIL}`), ...called(1, `{"k":"${KEY}"}`), stop()]],
      guard,
    );
    expect(events).toEqual([start, ...said(0, 'To '), stop('guardrail')]);
    expect(why?.types).toEqual(['EMAIL']);
  });

  it('reports nothing of what stands behind it', () => {
    const { findings } = run([[start, ...said(0, KEY), call(1, EMAIL)]]);
    expect(findings.map(({ type }) => type)).toEqual(['AWS_ACCESS_KEY']);
  });

  it('counts where the text only ends with the answer', () => {
    expect(run(oneByOne([start, ...said(0, 'Key: ', KEY), stop(), USAGE])).events.at(-1)).toEqual(stop('guardrail'));
  });

  it('blocks a stop sequence', () => {
    const { events, blocked: why } = run([
      [start, ...said(0, 'Hi.'), { kind: 'stop', reason: 'stopSequence', stopSequence: KEY }],
    ]);
    expect(events).toEqual([start, ...said(0, 'Hi.'), stop('guardrail')]);
    expect(why).toEqual(blocked);
  });

  it.each([
    ['a tool name', [call(0, EMAIL)], 'EMAIL'],
    ['a tool id', [call(0, 'lookup', EMAIL)], 'EMAIL'],
    ['a JSON number', called(0, `{"card":${CARD}}`), 'CREDIT_DEBIT_CARD_NUMBER'],
    ['two keys of one object', called(0, '{"jane@example.com":1,"john@example.com":2}'), 'EMAIL'],
  ])('includes what would be masked in %s', (_name, events, type) => {
    const result = run([
      [start, ...said(0, 'Hi.'), ...events.map((event) => ({ ...event, ...('index' in event ? { index: 1 } : {}) }))],
    ]);
    expect(result.events).toEqual([start, ...said(0, 'Hi.'), stop('guardrail')]);
    expect(result.blocked).toEqual({ types: [type], message: 'Withheld.' });
    expect(new Set(result.findings.map((finding) => finding.type))).toEqual(new Set([type]));
  });
});

describe('an answer that is broken', () => {
  it.each<[string, AnswerEvent[]]>([
    ['text before it starts', [delta(0, 'a')]],
    ['a second start', [start, start]],
    ['a delta of no block', [start, delta(0, 'a')]],
    ['a delta of a closed block', [start, ...said(0, 'a'), delta(0, 'b')]],
    ['a delta of another block', [start, open(0), delta(1, 'a')]],
    ['the end of no block', [start, close(0)]],
    ['a block within a block', [start, open(0), open(1)]],
    ['a block whose index came before', [start, ...said(1, 'a'), open(1)]],
    ['an embedding within text', [start, open(0), { kind: 'embedding', index: 0, vector: [] }]],
    ['text after embeddings', [start, { kind: 'embedding', index: 0, vector: [] }, open(0)]],
    ['an end within a block', [start, open(0), stop()]],
    ['text after the end', [start, stop(), open(0)]],
    ['two ends', [start, stop(), stop()]],
    ['usage before it starts', [USAGE]],
    ['the events of another answer', [start, { kind: 'choice', choice: 1 }]],
    ['a proof of text', [start, open(0), { kind: 'proof', index: 0, proof: { kind: 'signature', signature: 'a' } }]],
    ['a citation in reasoning', [start, ...thought(0, 'a').slice(0, 2), cited(0, { quotes: [] })]],
    ['an event of no known kind', [start, { kind: 'image' } as never]],
    ['arguments that are no JSON', [start, ...called(0, '{"a":'), stop('toolUse')]],
    ['arguments that are no JSON, at an end of turn', [start, ...called(0, '{"a":'), stop()]],
    ['a block after arguments that are no JSON', [start, ...called(0, '{"a":'), open(1)]],
    ['arguments two readers could read in two ways', [start, ...called(0, '{"a":1,"a":2}'), stop('toolUse')]],
  ])('fails with %s', (_name, events) => {
    const interrupted = expect.objectContaining({ code: 'upstreamInterrupted' });
    expect(() => guardOf().push(events)).toThrow(interrupted);
    const guard = guardOf();
    expect(() => events.map((event) => guard.push([event]))).toThrow(interrupted);
  });

  it.each([
    ['nothing', []],
    ['only a start', [start]],
    ['no end', [start, ...said(0, 'a')]],
    ['an open block', [start, open(0), delta(0, 'a')]],
  ])('fails where it has %s when no more comes', (_name, events) => {
    const guard = guardOf();
    guard.push(events);
    expect(() => guard.end()).toThrow(expect.objectContaining({ code: 'upstreamInterrupted' }));
  });

  it('leaves out the tool call that a limit cut short', () => {
    const { events } = run([
      [start, ...said(0, 'Hi.'), ...called(1, '{"to":"jane.doe@exam'), stop('maxTokens'), USAGE],
    ]);
    expect(events).toEqual([start, ...said(0, 'Hi.'), stop('maxTokens'), USAGE]);
  });

  it('fails where a tool call has more arguments than can be held', () => {
    const guard = guardOf();
    guard.push([start, call(0), delta(0, '"')]);
    const fragment = 'a'.repeat(65_536);
    expect(() => {
      for (let count = 0; count < 17; count += 1) guard.push([delta(0, fragment)]);
    }).toThrow(expect.objectContaining({ code: 'inspectionFailed' }));
  });

  it('fails where more waits behind held text than can be held', () => {
    const guard = guardOf();
    guard.push([start, ...said(0, 'Write to jane.doe@exa')]);
    const big = `"${'a '.repeat(400_000)}"`;
    expect(() => {
      for (let index = 1; index < 8; index += 1) guard.push(called(index, big));
    }).toThrow(expect.objectContaining({ code: 'inspectionFailed' }));
  });

  it('takes as many tool calls as come where nothing waits', () => {
    const big = `"${'a '.repeat(400_000)}"`;
    const calls = Array.from({ length: 8 }, (_, index) => called(index, big));
    expect(toAnswer(run([[start, ...calls.flat(), stop('toolUse')]]).events).blocks).toHaveLength(8);
    expect(toAnswer(run([[start], ...calls, [stop('toolUse')]]).events).blocks).toHaveLength(8);
  });
});

const PLANTED = [
  EMAIL,
  CARD,
  '4111 1111 1111 1111',
  '+49 30 901820',
  'DE89 3704 0044 0532 0130 00',
  '536-90-4399',
  '203.0.113.77',
  KEY,
  'https://admin:hunter2horse@db.example.com/x',
  '-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAx\n-----END RSA PRIVATE KEY-----',
  'jane\u200b.doe@exa\u00admple.com',
  '４１１１１１１１１１１１１１１１',
];
const PARTIAL = [
  'jane.doe@exa',
  '4111 1111 ',
  'AKIA',
  '-----BEGIN ',
  'https://admin:',
  '\ud83d\ude00',
  '@',
  '4',
  '-',
  '\u200b',
  ' ',
  '\n',
];
const planted = fc.constantFrom(...PLANTED);
const prose = fc.lorem({ maxCount: 6 });
const answerText = fc
  .array(fc.oneof(planted, fc.constantFrom(...PARTIAL), prose), { maxLength: 10 })
  .chain((pieces) =>
    fc
      .array(fc.constantFrom('', ' ', ', '), { minLength: 10, maxLength: 10 })
      .map((gaps) => pieces.map((piece, i) => piece + gaps[i]).join('')),
  );
const blockPolicy = fc.constantFrom(policyOf(), policyOf({ EMAIL: 'block' }), policyOf({ AWS_ACCESS_KEY: 'mask' }));
const cuts = fc.array(fc.nat(), { maxLength: 30 });

function divide<T extends string | readonly AnswerEvent[]>(whole: T, at: readonly number[]): T[] {
  const places = [...new Set(at.map((n) => n % (whole.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, i) => whole.slice(from, places[i] ?? whole.length) as T);
}

/** One text as one block or two, in some deltas, in some batches. */
function divided(text: string, blockEnds: readonly number[], deltas: readonly number[]): AnswerEvent[] {
  const blocks = divide(text, blockEnds).map((block, index) => said(index, ...divide(block, deltas)));
  return [start, ...blocks.flat(), stop(), USAGE];
}

describe('any division of an answer', () => {
  it('gives the same text, findings and decision as the buffered answer', () => {
    fc.assert(
      fc.property(
        answerText,
        blockPolicy,
        fc.array(fc.nat(), { maxLength: 2 }),
        cuts,
        cuts,
        (text, policy, ends, deltas, batches) => {
          const buffered = run([divided(text, ends, [])], guardOf(policy));
          const streamed = run(divide(divided(text, ends, deltas), batches), guardOf(policy));
          const withoutUsage = ({ events }: Run) => joined(events).filter(({ kind }) => kind !== 'usage');
          expect(withoutUsage(streamed)).toEqual(withoutUsage(buffered));
          expect(streamed.findings).toEqual(buffered.findings);
          expect(streamed.blocked).toEqual(buffered.blocked);
          const whole = textOf(buffered.events);
          for (const soFar of streamed.soFar) expect(whole.startsWith(soFar)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives the text a buffered inspection masks, or its beginning up to what is blocked', () => {
    fc.assert(
      fc.property(answerText, cuts, (text, deltas) => {
        const policy = policyOf();
        const active = all.filter((detector) => isActedOn(policy.output, detector));
        const spans = scanPart(active, { kind: 'text', text });
        const first = spans.findIndex((span) => policy.output.actionOf(span) === 'block');
        const before = first === -1 ? text : text.slice(0, spans[first]?.start);
        const masked = maskText(before, first === -1 ? spans : spans.slice(0, first), 'text');
        const { events, blocked } = run(oneByOne(divided(text, [], deltas)), guardOf(policy));
        expect(blocked === undefined).toBe(first === -1);
        expect(textOf(events)).toBe(masked === '' && first !== -1 ? 'Withheld.' : masked);
      }),
      { numRuns: 300 },
    );
  });

  it('never gives out the beginning of a value that is taken out in the end', () => {
    const text = fc.tuple(prose, planted, prose, planted, prose).map((pieces) => pieces.join(' '));
    fc.assert(
      fc.property(text, cuts, (whole, deltas) => {
        const secrets = PLANTED.filter((value) => whole.includes(value)).map((value) =>
          value.replace('https://', '').slice(0, 6),
        );
        for (const soFar of run(oneByOne(divided(whole, [], deltas))).soFar) {
          for (const secret of secrets) expect(soFar).not.toContain(secret);
        }
      }),
      { numRuns: 300 },
    );
  });
});
