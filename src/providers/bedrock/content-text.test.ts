import { describe, expect, it } from 'vitest';
import type {
  Block,
  CitedPassage,
  Conversation,
  DocumentBlock,
  Exchange,
  MediaBlock,
  Part,
  ReferenceBlock,
} from '../../core/index.ts';
import { converseBodyText } from './converse-body.ts';
import { type AddPart, conversationWith, exchangeOfRequest } from './inner-exchange.suite.ts';
import { hasServiceModel, modelFaults } from './service-model.suite.ts';

type Content = Conversation['messages'][number]['content'];

function sent(make: (add: AddPart) => Content): {
  readonly content: Record<string, unknown>[];
  readonly exchange: Exchange;
} {
  const exchange = exchangeOfRequest((add) => conversationWith(make(add)));
  const body = JSON.parse(textOf(exchange));
  expect(modelFaults('ConverseRequest', body)).toEqual([]);
  return { content: body.messages[0].content, exchange };
}

function textOf(exchange: Exchange): string {
  if (exchange.request.kind !== 'conversation') throw new Error('not a conversation');
  return converseBodyText(exchange, exchange.request);
}

/** What one block becomes. */
const one = (make: (add: AddPart) => Block) => sent((add) => [make(add)]).content[0];
const refusal = (make: (add: AddPart) => Block) => () => one(make);
const unsupported = (detail: RegExp) =>
  expect.objectContaining({ code: 'unsupported', message: expect.stringMatching(detail) });

const document = (more: Partial<DocumentBlock>): DocumentBlock => ({
  kind: 'document',
  format: 'txt',
  text: [],
  citations: false,
  ...more,
});
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('an answer with citations', () => {
  const cited = (add: AddPart, citations: readonly CitedPassage[], text = 'as they say') =>
    conversationWith([], {
      messages: [
        {
          role: 'user',
          content: [document({ text: [add('mail {EMAIL} today', { edits: [{ start: 5, end: 21, length: 7 }] })] })],
        },
        { role: 'assistant', content: [{ kind: 'text', text: add(text), citations }] },
      ],
    });
  const printed = (make: (add: AddPart) => readonly CitedPassage[], text?: string) => {
    const body = JSON.parse(textOf(exchangeOfRequest((add) => cited(add, make(add), text))));
    expect(modelFaults('ConverseRequest', body)).toEqual([]);
    return body.messages[1].content;
  };

  it('goes back with all they rest on', () => {
    const content = printed((add) => [
      {
        title: add('the "notes"'),
        source: add('wiki'),
        quotes: [add('one'), add('two')],
        location: { kind: 'pages', document: 0, start: 1, end: 2 },
      },
      { quotes: [], location: { kind: 'chunks', document: 0, start: 0, end: 1 } },
      { quotes: [] },
    ]);
    expect(content).toEqual([
      {
        citationsContent: {
          content: [{ text: 'as they say' }],
          citations: [
            {
              title: 'the "notes"',
              source: 'wiki',
              sourceContent: [{ text: 'one' }, { text: 'two' }],
              location: { documentPage: { documentIndex: 0, start: 1, end: 2 } },
            },
            { sourceContent: [], location: { documentChunk: { documentIndex: 0, start: 0, end: 1 } } },
            { sourceContent: [] },
          ],
        },
      },
    ]);
  });

  it('places them in the document as it goes out, in which a mask stands', () => {
    const location = { kind: 'characters', document: 0, start: 5, end: 27 } as const;
    const [{ citationsContent }] = printed(() => [{ quotes: [], location }]);
    expect(citationsContent.citations[0].location).toEqual({ documentChar: { documentIndex: 0, start: 5, end: 18 } });
  });

  it('is not left out where its text is blank: what it rests on would be lost', () => {
    expect(printed(() => [{ quotes: [] }], ' ')).toHaveLength(1);
  });
});

describe('a document', () => {
  it('goes as the text that was inspected, whatever it was', () => {
    const block = one((add) => document({ format: 'pdf', text: [add('page one'), add('Seite zwei ä😀')] }));
    expect(block).toEqual({
      document: { format: 'txt', name: 'document', source: { bytes: base64('page one\nSeite zwei ä😀') } },
    });
  });

  it('goes as text itself where it is to be cited: the service takes that source only then', () => {
    const block = one((add) =>
      document({ text: [add('a "text"')], context: add('a report'), citations: true, name: add('report') }),
    );
    expect(block).toEqual({
      document: {
        format: 'txt',
        name: 'report',
        source: { text: 'a "text"' },
        context: 'a report',
        citations: { enabled: true },
      },
    });
  });

  it('goes in the pieces it came in where it is to be cited, for the answer counts them', () => {
    const block = one((add) => document({ text: [add('{EMAIL}'), add('The sky is blue')], citations: true }));
    expect(block).toMatchObject({
      document: { source: { content: [{ text: '{EMAIL}' }, { text: 'The sky is blue' }] } },
    });
  });

  it('goes as the file where that is there still, and nothing of its text was rewritten', () => {
    const bytes = Buffer.from('%PDF-1.7');
    const edits: Part['edits'] = [{ start: 0, end: 1, length: 7 }];
    const asFile = { document: { format: 'pdf', name: 'document', source: { bytes: bytes.toString('base64') } } };
    expect(one((add) => document({ format: 'pdf', bytes, text: [add('x')] }))).toEqual(asFile);
    expect(one(() => document({ format: 'pdf', bytes }))).toEqual(asFile);
    const masked = one((add) => document({ format: 'pdf', bytes, text: [add('x'), add('{EMAIL}', { edits })] }));
    expect(masked).toEqual({ document: { format: 'txt', name: 'document', source: { bytes: base64('x\n{EMAIL}') } } });
  });

  it('is refused without text or file: an empty one would hide that it could not be read', () => {
    expect(refusal(() => document({ format: 'pdf' }))).toThrow(unsupported(/without text/));
    expect(refusal((add) => document({ text: [add('')] }))).toThrow(unsupported(/without text/));
  });

  it.each([
    ['report_v2.final.pdf', 'report-v2-final-pdf'],
    ['a  b\t\n c', 'a b c'],
    ['Q3 (draft) [1]-x', 'Q3 (draft) [1]-x'],
    ['日本語', 'document'],
    ['--', 'document'],
    ['   ', 'document'],
    ['é'.repeat(3) + 'x'.repeat(300), `-${'x'.repeat(189)}`],
  ])('by the name of %j is named %j', (name, expected) => {
    expect(one((add) => document({ text: [add('x')], name: add(name) }))).toMatchObject({
      document: { name: expected },
    });
  });

  it('has a name of its own over all messages and tool results', () => {
    const { content } = sent((add) => [
      document({ text: [add('1')], name: add('a') }),
      document({ text: [add('2')], name: add('a') }),
      document({ text: [add('3')], name: add('a (2)') }),
      {
        kind: 'toolResult',
        id: add('t'),
        content: [
          document({ text: [add('4')] }),
          document({ text: [add('5')] }),
          document({ text: [add('6')], name: add('a') }),
        ],
        failed: false,
      },
    ]);
    const names = JSON.stringify(content).match(/"name":"[^"]*"/g);
    expect(names).toEqual(
      ['a', 'a (2)', 'a (2) (2)', 'document', 'document (2)', 'a (3)'].map((name) => `"name":"${name}"`),
    );
  });
});

describe('media', () => {
  const media = (modality: MediaBlock['modality'], format: string): MediaBlock => ({
    kind: 'media',
    modality,
    format,
    bytes: new Uint8Array([0, 1, 254, 255]).subarray(1),
  });

  it.each([
    ['image', 'png', 'png'],
    ['image', 'jpg', 'jpeg'],
    ['video', 'mp4', 'mp4'],
    ['video', '3gp', 'three_gp'],
    ['audio', 'wav', 'wav'],
  ] as const)('of %s/%s go in base64, as %s', (modality, format, name) => {
    expect(one(() => media(modality, format))).toEqual({ [modality]: { format: name, source: { bytes: 'Af7/' } } });
  });

  it.each([
    ['image', 'bmp'],
    ['audio', 'png'],
    ['video', 'constructor'],
  ] as const)('of %s/%s are refused, without repeating the name', (modality, format) => {
    expect(refusal(() => media(modality, format))).toThrow(unsupported(/this format of/));
    expect(refusal(() => media(modality, format))).not.toThrow(format);
  });

  it('stand in tool results, except for sound, which the service has no place for there', () => {
    const result = (content: MediaBlock) => (add: AddPart) =>
      ({ kind: 'toolResult', id: add('t'), content: [add('see'), content], failed: true }) as const;
    expect(one(result(media('image', 'png')))).toEqual({
      toolResult: {
        toolUseId: 't',
        content: [{ text: 'see' }, { image: { format: 'png', source: { bytes: 'Af7/' } } }],
        status: 'error',
      },
    });
    expect(refusal(result(media('audio', 'wav')))).toThrow(unsupported(/audio in a tool result/));
  });
});

describe('a reference', () => {
  const reference = (add: AddPart, more: Partial<ReferenceBlock> = {}): ReferenceBlock => ({
    kind: 'reference',
    modality: 'video',
    format: 'mp4',
    source: { kind: 's3Location', uri: add('s3://a-bucket/a key'), bucketOwner: add('123456789012') },
    ...more,
  });

  it('to S3 goes as one', () => {
    expect(one((add) => reference(add))).toEqual({
      video: { format: 'mp4', source: { s3Location: { uri: 's3://a-bucket/a key', bucketOwner: '123456789012' } } },
    });
    const source = (add: AddPart) => ({ kind: 's3Location', uri: add('s3://a-bucket/x') }) as const;
    expect(one((add) => reference(add, { modality: 'image', format: 'png', source: source(add) }))).toEqual({
      image: { format: 'png', source: { s3Location: { uri: 's3://a-bucket/x' } } },
    });
  });

  it('to a document has a name, and need not have a format', () => {
    const { format: _format, ...bare } = reference(() => 0 as never);
    const document = (add: AddPart): ReferenceBlock => ({
      ...bare,
      ...reference(add),
      modality: 'document',
      format: 'pdf',
    });
    expect(one((add) => ({ ...document(add), name: add('a.pdf') }))).toMatchObject({
      document: { name: 'a-pdf', format: 'pdf' },
    });
    expect(
      one((add) => ({ ...bare, modality: 'document', source: { kind: 's3Location', uri: add('s3://a-bucket/x') } })),
    ).toEqual({ document: { name: 'document', source: { s3Location: { uri: 's3://a-bucket/x' } } } });
  });

  it.each([
    ['a URL', (add: AddPart) => reference(add, { source: { kind: 'url', url: add('https://example.com') } }), /`url`/],
    ['a file id', (add: AddPart) => reference(add, { source: { kind: 'fileId', id: add('file-1') } }), /`fileId`/],
    [
      'a format that is not said',
      (add: AddPart): ReferenceBlock => {
        const { format: _format, ...bare } = reference(add);
        return bare;
      },
      /without a format/,
    ],
  ] as const)('by %s is refused', (_name, make, detail) => {
    expect(refusal(make)).toThrow(unsupported(detail));
  });
});

describe('reasoning', () => {
  it('goes back with its signature, or without one', () => {
    const signed = one((add) => ({
      kind: 'reasoning',
      text: add('so'),
      proof: { kind: 'signature', signature: 'c2ln' },
    }));
    expect(signed).toEqual({ reasoningContent: { reasoningText: { text: 'so', signature: 'c2ln' } } });
    expect(one(() => ({ kind: 'reasoning', proof: { kind: 'signature', signature: 'c2ln' } }))).toEqual({
      reasoningContent: { reasoningText: { text: '', signature: 'c2ln' } },
    });
    expect(one((add) => ({ kind: 'reasoning', text: add('so') }))).toEqual({
      reasoningContent: { reasoningText: { text: 'so' } },
    });
  });

  it('goes back encrypted', () => {
    expect(one(() => ({ kind: 'reasoning', proof: { kind: 'encrypted', data: 'AAEC' } }))).toEqual({
      reasoningContent: { redactedContent: 'AAEC' },
    });
  });

  it('never goes as the token that only the gateway can open', () => {
    const sealed = refusal((add) => ({ kind: 'reasoning', text: add('so'), proof: { kind: 'sealed', token: 't' } }));
    expect(sealed).toThrow(expect.objectContaining({ code: 'internal' }));
  });

  it('is refused in forms that the service does not have', () => {
    expect(refusal(() => ({ kind: 'reasoning' }))).toThrow(unsupported(/without a text/));
    const both = refusal((add) => ({ kind: 'reasoning', text: add('so'), proof: { kind: 'encrypted', data: 'AAEC' } }));
    expect(both).toThrow(unsupported(/encrypted reasoning/));
  });
});

describe('cache points', () => {
  it('keep their time to live', () => {
    const { content } = sent((add) => [
      { kind: 'text', text: add('x') },
      { kind: 'cachePoint', ttl: '1h' },
      { kind: 'text', text: add('y') },
      { kind: 'cachePoint' },
    ]);
    expect(content[1]).toEqual({ cachePoint: { type: 'default', ttl: '1h' } });
    expect(content[3]).toEqual({ cachePoint: { type: 'default' } });
  });
});

describe.skipIf(!hasServiceModel)('what validates these bodies', () => {
  it('finds what is not of the service model', () => {
    const faults = modelFaults('ConverseRequest', {
      messages: [
        { role: 'nobody', content: [{ text: 'a', image: {} }, { document: { name: '', source: { bytes: '?' } } }] },
      ],
      inferenceConfig: { maxTokens: 0, temperature: 2 },
      requestMetadata: { 'a;b': 1 },
      surprise: 1,
    });
    expect(faults).toEqual([
      '$.messages[0].role: not one of its values',
      '$.messages[0].content[0]: a union with 2 members',
      '$.messages[0].content[0].image: no format',
      '$.messages[0].content[0].image: no source',
      '$.messages[0].content[1].document.name: out of range',
      '$.messages[0].content[1].document.source.bytes: not base64',
      '$.inferenceConfig.maxTokens: out of range',
      '$.inferenceConfig.temperature: out of range',
      '$.requestMetadata key: not of its pattern',
      '$.requestMetadata.a;b: not a string',
      '$: unknown surprise',
    ]);
  });
});
