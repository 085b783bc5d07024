import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type LambdaEmulator,
  type LambdaFunction,
  type StreamingEmulator,
  startLambdaEmulator,
  startStreamingEmulator,
} from './lambda-emulator.ts';
import { findLambdaEmulator, type LambdaPrograms } from './lambda-runtime/installations.ts';
import { splitPrelude } from './lambda-runtime/prelude.ts';

const place = await findLambdaEmulator();
const isAbsent = 'reason' in place;

const FUNCTIONS = `
const { streamifyResponse, HttpResponseStream } = awslambda;
let invocations = 0;
export const streamed = streamifyResponse(async ({ fails }, stream, { getRemainingTimeInMillis }) => {
  invocations += 1;
  const headers = { 'x-invocation': String(invocations), 'x-has-time': String(getRemainingTimeInMillis() > 1_000) };
  const http = HttpResponseStream.from(stream, { statusCode: 201, headers, cookies: ['a=b'] });
  http.write('one ');
  await new Promise((resolve) => setTimeout(resolve, 150));
  if (fails) throw new TypeError('it broke off');
  http.end('two');
});
export const buffered = async ({ fails, ...event }) => {
  if (fails) throw new TypeError('it failed');
  return { event, environment: process.env.GIVEN, home: process.env.HOME };
};
`;

describe.skipIf(isAbsent)('functions in an emulated Lambda', () => {
  const programs = place as LambdaPrograms;
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-function-'));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  writeFileSync(join(directory, 'functions.js'), FUNCTIONS);
  const toFunction = (handler: string): LambdaFunction => ({ directory, handler, environment: { GIVEN: 'given' } });
  afterAll(() => rmSync(directory, { recursive: true }));

  describe("in AWS's emulator", () => {
    let [streamed, buffered]: (LambdaEmulator | undefined)[] = [];
    beforeAll(async () => {
      streamed = await startLambdaEmulator(programs, toFunction('functions.streamed'));
      buffered = await startLambdaEmulator(programs, toFunction('functions.buffered'));
    });
    afterAll(async () => {
      await streamed?.stop();
      await buffered?.stop();
    });

    it('a streamed answer comes whole, with its prelude, from one process', async () => {
      for (const invocation of ['1', '2']) {
        const invoked = await streamed?.invoke({});
        const answer = splitPrelude(invoked?.payload ?? Buffer.alloc(0));
        expect(answer).toMatchObject({ statusCode: 201, cookies: ['a=b'], headers: { 'x-has-time': 'true' } });
        expect(answer?.headers['x-invocation']).toBe(invocation);
        expect(answer?.body.toString()).toBe('one two');
      }
    });

    it('a returned answer is JSON, and the environment is what was given', async () => {
      const invoked = await buffered?.invoke({ text: 'ä' });
      expect(JSON.parse(String(invoked?.payload))).toEqual({ event: { text: 'ä' }, environment: 'given' });
    });

    it('a failure is in the payload, and the function goes on', async () => {
      const failed = await buffered?.invoke({ fails: true });
      expect(JSON.parse(String(failed?.payload))).toMatchObject({ errorType: 'TypeError', errorMessage: 'it failed' });
      expect(String((await buffered?.invoke({}))?.payload)).toContain('given');
    });
  });

  describe('before a Runtime API that streams', () => {
    let emulator: StreamingEmulator | undefined;
    beforeAll(async () => {
      emulator = await startStreamingEmulator(programs, toFunction('functions.streamed'));
    });
    afterAll(() => emulator?.stop());

    it('a piece comes before the next is written', async () => {
      const invocation = await emulator?.invoke({});
      const times: number[] = [];
      const chunks: Buffer[] = [];
      for await (const chunk of invocation?.chunks ?? []) {
        times.push(performance.now());
        chunks.push(chunk);
      }
      const [first = 0, last = 0] = [times[0], times.at(-1)];
      expect(last - first).toBeGreaterThan(100);
      expect(splitPrelude(Buffer.concat(chunks))?.body.toString()).toBe('one two');
      expect(invocation?.contentType).toBe('application/vnd.awslambda.http-integration-response');
      expect(invocation?.failure()).toBeUndefined();
    });

    it('an answer that broke off says so behind what came', async () => {
      const invocation = await emulator?.invoke({ fails: true });
      const chunks = await Array.fromAsync(invocation?.chunks ?? []);
      expect(splitPrelude(Buffer.concat(chunks))?.body.toString()).toBe('one ');
      expect(invocation?.failure()).toMatchObject({ type: 'TypeError', body: expect.stringContaining('it broke off') });
    });

    it('a function that cannot be loaded is told of', async () => {
      const broken = await startStreamingEmulator(programs, toFunction('functions.absent'));
      await expect(broken.invoke({})).rejects.toThrow('functions.absent is undefined or not exported');
      await broken.stop();
    });
  });
});
