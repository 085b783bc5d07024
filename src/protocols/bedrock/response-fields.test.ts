import { describe, expect, it } from 'vitest';
import { type AnswerEvent, parseModelId, toAnswer } from '../../core/index.ts';
import { createdAt, requestId } from '../served.suite.ts';
import { headerOf, read, readFrames } from './wire.suite.ts';

const MODEL = 'anthropic.claude-v2:1';
const answer = (stopSequence?: string): readonly AnswerEvent[] => [
  { kind: 'start' },
  { kind: 'stop', reason: 'stopSequence', ...(stopSequence === undefined ? {} : { stopSequence }) },
  { kind: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
];

function fieldsOf(paths: readonly string[], stopSequence?: string) {
  const body = { messages: [{ role: 'user', content: [{ text: 'hello' }] }], additionalModelResponseFieldPaths: paths };
  const create = (operation: string) =>
    read(operation, MODEL, body).createReply({ requestId, createdAt, model: parseModelId(MODEL) });
  const whole = JSON.parse(Buffer.from(create('Converse').whole(toAnswer(answer(stopSequence)), 1).body).toString());
  const writer = create('ConverseStream');
  const frames = readFrames(Buffer.concat([writer.events(answer(stopSequence), 1), writer.end(1)]));
  const stop = frames.find((frame) => headerOf(frame, ':event-type') === 'messageStop');
  expect(JSON.parse(String(stop?.payload)).additionalModelResponseFields).toEqual(whole.additionalModelResponseFields);
  return whole.additionalModelResponseFields;
}

describe('fields of the model’s own answer', () => {
  it('are told where they are asked for, whole and streamed', () => {
    expect(fieldsOf(['/delta/stop_sequence'], 'END')).toEqual({ delta: { stop_sequence: 'END' } });
    expect(fieldsOf(['/stop_sequence', '/delta/stop_sequence'], 'END')).toEqual({
      stop_sequence: 'END',
      delta: { stop_sequence: 'END' },
    });
    expect(fieldsOf(['/stop_sequence'])).toEqual({ stop_sequence: null });
  });

  it('are left out where they are not', () => {
    expect(fieldsOf([], 'END')).toBeUndefined();
  });
});
