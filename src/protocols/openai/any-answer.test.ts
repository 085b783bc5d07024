import fc from 'fast-check';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { ResponseStream } from 'openai/lib/responses/ResponseStream';
import { describe, expect, it } from 'vitest';
import { type AnswerEvent, parseJson, textOf, toAnswer } from '../../core/index.ts';
import { anyAnswer, anyChoices, inBatches } from '../any-answer.suite.ts';
import { createChatChunks } from './chat-chunks.ts';
import { writeChatCompletion } from './chat-completion.ts';
import { createResponseEvents } from './response-events.ts';
import { writeWholeResponse } from './response-object.ts';
import { readResponse } from './response-request.ts';

const numRuns = 150;
const chatMeta = { id: 'chatcmpl-1', created: 1, model: 'demo' };

/** The JSON of each server-sent event, one a line, as the SDK's own serialisation has it. */
function toLines(events: readonly string[]): ReadableStream {
  const data = events.map((event) => event.slice(event.indexOf('data: ') + 'data: '.length, -1));
  return new Blob(data.filter((line) => line !== '[DONE]\n')).stream();
}

function expectWholeCharacters(units: readonly string[]): void {
  for (const unit of units) expect(unit).not.toMatch(/\\ud[89a-f][0-9a-f]{2}/);
}

interface Message {
  readonly reasoning_content?: string;
}

interface Completion {
  readonly choices: readonly { readonly message: Message }[];
}

function withoutReasoning({ choices, ...completion }: Completion) {
  return {
    ...completion,
    choices: choices.map(({ message: { reasoning_content: _ofOthers, ...message }, ...choice }) => ({
      ...choice,
      message,
    })),
  };
}

/** What of each choice was thought, from its chunks. */
function thoughtIn(chunks: readonly string[], choices: number): readonly string[] {
  const thought = Array.from({ length: choices }, () => '');
  for (const chunk of chunks.slice(0, -1)) {
    const [choice] = JSON.parse(chunk.slice('data: '.length)).choices;
    if (choice?.delta.reasoning_content) thought[choice.index] += choice.delta.reasoning_content;
  }
  return thought;
}

async function expectSameCompletion(events: readonly AnswerEvent[], size: number): Promise<void> {
  const stream = createChatChunks({ ...chatMeta, includeUsage: true });
  const chunks = [...inBatches(events, size).flatMap((batch) => stream.events(batch)), ...stream.end()];
  expectWholeCharacters(chunks);
  const whole: Completion = JSON.parse(writeChatCompletion(toAnswer(events), chatMeta));
  expect(thoughtIn(chunks, whole.choices.length)).toEqual(
    whole.choices.map(({ message }) => message.reasoning_content ?? ''),
  );
  const gathered = await ChatCompletionStream.fromReadableStream(toLines(chunks)).finalChatCompletion();
  const plain = JSON.parse(JSON.stringify(gathered), (key, value) => (key === 'parsed' ? undefined : value));
  // Chunks tell of no content where there is none, and the SDK counts on that.
  const told = (completion: Completion) =>
    JSON.parse(JSON.stringify(withoutReasoning(completion)), (key, value) =>
      key === 'content' && value === null ? '' : value,
    );
  expect(told(plain)).toEqual(told(whole));
}

describe('any answer, as a chat completion', () => {
  it('is the same whole and gathered from its stream by the SDK', async () => {
    await fc.assert(fc.asyncProperty(anyAnswer, fc.integer({ min: 1, max: 9 }), expectSameCompletion), { numRuns });
  });

  it('is so with several choices, whose events come mixed', async () => {
    await fc.assert(fc.asyncProperty(anyChoices, fc.integer({ min: 1, max: 9 }), expectSameCompletion), { numRuns });
  });
});

const asked = (includesProofs: boolean) =>
  readResponse(
    parseJson(
      JSON.stringify({
        model: 'demo',
        input: 'hi',
        ...(includesProofs ? { include: ['reasoning.encrypted_content'] } : {}),
      }),
    ),
  ).asked;
const responseMeta = (includesProofs: boolean) => ({
  key: '018bcfe568007abababababababababa',
  createdAt: 1_700_000_000,
  model: 'demo',
  asked: asked(includesProofs),
});

describe('any answer, as a response', () => {
  it('is the same whole and gathered from its stream by the SDK', async () => {
    await fc.assert(
      fc.asyncProperty(anyAnswer, fc.boolean(), fc.integer({ min: 1, max: 9 }), async (events, proofs, size) => {
        const meta = responseMeta(proofs);
        const stream = createResponseEvents(meta, () => 1_700_000_001);
        const written = [...inBatches(events, size).flatMap((batch) => stream.events(batch)), ...stream.end()];
        expectWholeCharacters(written);
        const whole = JSON.parse(writeWholeResponse(toAnswer(events), meta, 1_700_000_001));
        const last = JSON.parse(written.at(-1)?.split('\ndata: ')[1] ?? '');
        expect([last.type, last.response]).toEqual([`response.${whole.status}`, whole]);
        const gathered = await ResponseStream.fromReadableStream(toLines(written)).finalResponse();
        // What the SDK adds of its own.
        const told = JSON.parse(JSON.stringify(gathered), (key, value) =>
          key === 'parsed' || key === 'output_parsed' || key === 'output_text' || key === 'parsed_arguments'
            ? undefined
            : value,
        );
        expect(told).toEqual(whole);
      }),
      { numRuns },
    );
  });

  it('counts its events, names each twice, and makes of its deltas what it says in the end', () => {
    fc.assert(
      fc.property(anyAnswer, (events) => {
        const stream = createResponseEvents(responseMeta(true), () => 1);
        const written = [...stream.events(events), ...stream.end()];
        const said = new Map<string, string>();
        for (const [index, event] of written.entries()) {
          const [, name, data = ''] = /^event: (\S+)\ndata: (.+)\n\n$/s.exec(event) ?? [];
          const { type, sequence_number, item_id, delta, text, arguments: raw } = JSON.parse(data);
          expect([type, sequence_number]).toEqual([name, index]);
          if (delta !== undefined) said.set(item_id, `${said.get(item_id) ?? ''}${delta}`);
          else if (text !== undefined || raw !== undefined) expect(text ?? raw).toBe(said.get(item_id) ?? '');
        }
      }),
      { numRuns },
    );
  });

  it('is read as it was written when its output comes back in the next turn', () => {
    fc.assert(
      fc.property(anyAnswer, (events) => {
        const answer = toAnswer(events);
        const whole = writeWholeResponse(answer, responseMeta(true), 1);
        // Spliced as text: a parser in between would round large numbers.
        const output = whole.slice(whole.indexOf('"output":') + '"output":'.length, whole.lastIndexOf(',"usage":'));
        if (output === '[]') return;
        const { request, parts } = readResponse(parseJson(`{"model":"m","input":${output}}`));
        expect(request.messages.length).toBeLessThan(2);
        const read = (request.messages[0]?.content ?? []).map((each) => {
          if (each.kind === 'toolUse') {
            const [id, name, raw] = [each.id, each.name, each.arguments].map((index) => textOf({ parts }, index));
            return { kind: each.kind, id, name, arguments: raw };
          }
          if (each.kind !== 'text' && each.kind !== 'reasoning') return each;
          return { ...each, text: each.text === undefined ? '' : textOf({ parts }, each.text) };
        });
        const told = answer.blocks.filter(
          (each) =>
            each.kind === 'toolUse' || each.text !== '' || (each.kind === 'reasoning' && each.proof !== undefined),
        );
        expect(read).toEqual(told);
      }),
      { numRuns },
    );
  });
});
