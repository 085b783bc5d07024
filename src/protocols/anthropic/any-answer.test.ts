import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, textOf, toAnswer } from '../../core/index.ts';
import { anyCitingAnswer } from '../any-answer.suite.ts';
import { createMessageEvents, readMessages, writeMessage } from './messages.ts';

const meta = { id: 'msg_1', model: 'demo' };

describe('any answer, with thinking and citations', () => {
  it('is the same message whole and gathered from its stream by the SDK', async () => {
    await fc.assert(
      fc.asyncProperty(anyCitingAnswer, async (events) => {
        const stream = createMessageEvents(meta);
        const written = [...events.flatMap((event) => stream.events([event])), ...stream.end()];
        const lines = written.map(({ json }) => `${json}\n`);
        const { parsed_output: _ofTheSdk, ...gathered } = await MessageStream.fromReadableStream(
          new Blob(lines).stream(),
        ).finalMessage();
        expect(gathered).toEqual(JSON.parse(writeMessage(toAnswer(events), meta)));
        for (const line of lines) expect(line).not.toMatch(/\\ud[89a-f][0-9a-f]{2}/);
      }),
      { numRuns: 150 },
    );
  });

  it('is read as it was written when it comes back in the next turn, if it cites nothing', () => {
    fc.assert(
      fc.property(anyCitingAnswer, (events) => {
        const { blocks, ...rest } = toAnswer(events.filter(({ kind }) => kind !== 'citation'));
        const whole = writeMessage({ ...rest, blocks }, meta);
        // Spliced as text: a parser in between would round large numbers.
        const content = whole.slice(whole.indexOf('"content":'), whole.lastIndexOf(',"stop_reason":'));
        const turn = parseJson(`{"model":"m","max_tokens":1,"messages":[{"role":"assistant",${content}}]}`);
        const { request, parts } = readMessages(turn, 'api');
        const read = request.messages[0]?.content.map((each) => {
          if (each.kind === 'toolUse') {
            const [id, name, raw] = [each.id, each.name, each.arguments].map((index) => textOf({ parts }, index));
            return { kind: each.kind, id, name, arguments: raw };
          }
          if (each.kind !== 'text' && each.kind !== 'reasoning') return each;
          return { ...each, text: each.text === undefined ? '' : textOf({ parts }, each.text) };
        });
        expect(read).toEqual(blocks);
      }),
      { numRuns: 150 },
    );
  });
});
