import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type LambdaDoor, type StreamingFunction, startLambdaDoor } from './lambda-door.ts';

const PRELUDE = `{"statusCode":207,"headers":{"x-a":"b"}}${'\0'.repeat(8)}`;

let door: LambdaDoor | undefined;
afterEach(() => door?.close());

/** A door before a function that answers so. */
async function startDoor(streams: StreamingFunction): Promise<string> {
  door = await startLambdaDoor({
    kind: 'rest',
    async streams(event, stream, context) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.on('error', () => undefined);
      await streams(event, stream, context);
    },
  });
  return door.endpoint;
}

describe('a streamed answer behind the door', () => {
  it('begins with its first byte, not with its head', async () => {
    const first = Promise.withResolvers<void>();
    const endpoint = await startDoor(async (_event, stream) => {
      stream.write(PRELUDE);
      await first.promise;
      stream.end('one');
      await once(stream, 'finish');
    });
    const sent = request(endpoint).end();
    let response: Awaited<ReturnType<typeof fetch>> | undefined;
    const answered = once(sent, 'response').then(([given]) => {
      response = given;
      return given;
    });
    await pause(100);
    expect(response).toBeUndefined();
    first.resolve();
    const answer = await answered;
    expect([answer.statusCode, answer.headers['x-a']]).toEqual([207, 'b']);
    expect(Buffer.concat(await answer.toArray()).toString()).toBe('one');
  });

  it('has its head where it has no byte', async () => {
    const endpoint = await startDoor(async (_event, stream) => {
      stream.end(PRELUDE);
      await once(stream, 'finish');
    });
    const answer = await fetch(endpoint);
    expect([answer.status, answer.headers.get('x-a'), await answer.text()]).toEqual([207, 'b', '']);
  });

  it.each([
    ['ends without a head', ''],
    ['ends within it', PRELUDE.slice(0, -1)],
  ])('is none where it %s', async (_name, written) => {
    const endpoint = await startDoor(async (_event, stream) => void stream.end(written));
    expect((await fetch(endpoint)).status).toBe(502);
  });

  it('is none where it breaks off before its first byte', async () => {
    const endpoint = await startDoor(async (_event, stream) => {
      stream.write(PRELUDE);
      await pause(20);
      stream.destroy();
    });
    expect((await fetch(endpoint)).status).toBe(502);
  });
});
