import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StreamingEmulator, startStreamingEmulator } from '../../tools/lambda-emulator.ts';
import { findLambdaEmulator, type LambdaPrograms } from '../../tools/lambda-runtime/installations.ts';
import { splitPrelude } from '../../tools/lambda-runtime/prelude.ts';

const place = await findLambdaEmulator();
const streamDoor = pathToFileURL(resolve(import.meta.dirname, '../../src/server/lambda/stream-door.ts'));

/** A function that does with its door what the event says. */
const FUNCTION = `
import { createStreamDoor } from '${streamDoor}';
export const handler = awslambda.streamifyResponse(async ({ status, headers, text, writes }, stream) => {
  const door = createStreamDoor({ stream, readBody: () => Buffer.alloc(0), stallTimeoutMs: 5_000 });
  const { outlet, send } = door.open({ 'x-of-door': 'a' });
  if (writes === undefined) send({ status, headers, body: Buffer.from(text) }, { 'x-beside': 'b' });
  else {
    outlet.promise('receipt');
    outlet.open(headers);
    for (const bytes of writes) outlet.write(Buffer.from(bytes));
    outlet.end();
  }
  await door.done();
});
`;

describe.skipIf('reason' in place)("a door over the stream of AWS's runtime client", () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-function-'));
  let emulator: StreamingEmulator;

  beforeAll(async () => {
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    writeFileSync(join(directory, 'index.js'), FUNCTION);
    const options = { directory, handler: 'index.handler', environment: {} };
    emulator = await startStreamingEmulator(place as LambdaPrograms, options);
  });
  afterAll(async () => {
    await emulator?.stop();
    rmSync(directory, { recursive: true });
  });

  async function answerOf(event: object) {
    const invocation = await emulator.invoke(event);
    const answer = splitPrelude(Buffer.concat(await Array.fromAsync(invocation.chunks)));
    expect(invocation.failure()).toBeUndefined();
    expect(invocation.contentType).toBe('application/vnd.awslambda.http-integration-response');
    return answer && { status: answer.statusCode, headers: answer.headers, text: answer.body.toString() };
  }
  const headers = { 'content-type': 'text/plain' };

  it.each([
    ['without a byte', []],
    ['of one byte', ['a']],
    ['of an empty piece and others', ['', 'a', 'bc']],
  ])('sends the head of a stream %s', async (_name, writes) => {
    const sent = { 'x-of-door': 'a', 'x-sallyport-record': 'receipt', ...headers };
    expect(await answerOf({ headers, writes })).toEqual({ status: 200, headers: sent, text: writes.join('') });
  });

  it.each([
    [200, 'a whole answer'],
    [200, ''],
    [204, ''],
  ])('sends the head of an answer with status %d and body %j', async (status, text) => {
    const sent = { 'x-beside': 'b', ...headers };
    expect(await answerOf({ status, headers, text })).toEqual({ status, headers: sent, text });
  });
});
