import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { configFile, removeTemporaryDirectories, temporaryDirectory } from './gateway.suite.ts';

const event = {
  httpMethod: 'GET',
  path: '/openai/v1/models',
  isBase64Encoded: false,
  requestContext: { path: '/prod/openai/v1/models', stage: 'prod', resourcePath: '/{proxy+}', identity: {} },
};
const context = { getRemainingTimeInMillis: () => 60_000 };

async function load(more: string): Promise<unknown> {
  vi.resetModules();
  vi.stubEnv('SALLYPORT_CONFIG', configFile(more));
  vi.stubEnv('SALLYPORT_DATA', join(temporaryDirectory(), 'data'));
  return (await import('./lambda.ts')).handler;
}

beforeEach(() => void Reflect.deleteProperty(globalThis, 'awslambda'));
afterAll(() => {
  vi.unstubAllEnvs();
  Reflect.deleteProperty(globalThis, 'awslambda');
  removeTemporaryDirectories();
});

describe('the entry of the function', () => {
  it('streams where the front door does, by what the runtime has for it', async () => {
    Reflect.set(globalThis, 'awslambda', { streamifyResponse: (handle: unknown) => ({ handle }) });
    const { handle } = (await load('frontDoor: { kind: rest }')) as {
      handle: (event: unknown, stream: PassThrough, context: object) => Promise<void>;
    };
    const stream = new PassThrough();
    const [chunks] = await Promise.all([stream.toArray(), handle(event, stream, context)]);
    expect(Buffer.concat(chunks).toString()).toMatch(/^\{"statusCode":401,.*\0{8}\{"error":/);
  });

  it('gives answers back where it does not', async () => {
    const handle = (await load('frontDoor: { kind: rest, transfer: buffered }')) as (
      event: unknown,
      context: object,
    ) => Promise<unknown>;
    expect(await handle(event, context)).toMatchObject({ statusCode: 401 });
  });

  it('does not start where it cannot stream, or on what is no configuration of a function', async () => {
    await expect(load('frontDoor: { kind: rest }')).rejects.toThrow('this runtime does not stream');
    await expect(load('')).rejects.toThrow('`frontDoor.kind` is `port`');
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'sallyport.yaml'), 'version: 2');
    vi.resetModules();
    vi.stubEnv('SALLYPORT_CONFIG', undefined);
    vi.stubEnv('SALLYPORT_DATA', undefined);
    vi.stubEnv('LAMBDA_TASK_ROOT', directory);
    await expect(import('./lambda.ts')).rejects.toThrow('sallyport.yaml');
  });
});
