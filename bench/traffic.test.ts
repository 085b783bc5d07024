import { expect, it } from 'vitest';
import { answerText, completion, streamEvents, toPrompt, toRequestBody } from './traffic.ts';

it('streams the answer in 52 events, whole', () => {
  expect(streamEvents).toHaveLength(52);
  const chunks = streamEvents.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
  expect(chunks.map(({ choices }) => choices[0].delta.content ?? '').join('')).toBe(answerText);
  expect(streamEvents.at(-1)).toBe('data: [DONE]\n\n');
});

it('answers with 300 bytes of text', () => {
  expect(Buffer.byteLength(answerText)).toBe(300);
  expect(JSON.parse(completion).choices[0].message.content).toBe(answerText);
});

it('asks for a stream only where one is wanted', () => {
  const options = { model: 'bench', promptBytes: 1_024, isStream: false };
  expect(JSON.parse(toRequestBody(1, options))).toEqual({
    model: 'bench',
    messages: [{ role: 'user', content: toPrompt(1, 1_024) }],
  });
  expect(JSON.parse(toRequestBody(1, { ...options, isStream: true }))).toMatchObject({ stream: true });
});
