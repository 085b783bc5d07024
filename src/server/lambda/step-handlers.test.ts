import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type S3Server, startS3Server } from '../../../tools/s3-server.ts';
import { demoConfigText } from '../../config/index.ts';
import { createLogger } from '../../telemetry/index.ts';
import { loadSetup } from '../setup.ts';
import { CONVERSE, eventOf, MACHINE } from '../steps/steps.suite.ts';
import { createFunctionMetrics } from './function-metrics.ts';
import { createStepHandlers, type StepHandlers } from './step-handlers.ts';

const MINUTE = { getRemainingTimeInMillis: () => 60_000 };
const KEY = 'requests/demo/in.json';

let s3: S3Server;
const directories: string[] = [];
const opened: StepHandlers[] = [];

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  s3 = await startS3Server({ bucket: 'workflow', isVersioned: false });
});
afterEach(async () => {
  for (const handlers of opened.splice(0)) await handlers.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await s3.close();
});

/** Handlers on the demo's configuration, as of one instance; `directory` is what instances share. */
async function openHandlers(directory: string, more?: string): Promise<StepHandlers> {
  const workflow = `
workflow:
  bucket: workflow
  region: us-east-1
  endpoint: ${s3.url}
  forcePathStyle: true
  stateMachines: [{ arn: "${MACHINE}", tenant: demo, principal: developer }]
`;
  const configFile = join(directory, 'sallyport.yaml');
  writeFileSync(configFile, `${demoConfigText}${more ?? workflow}`);
  const setup = await loadSetup({ configFile, dataDirectory: join(directory, 'data') });
  const logger = createLogger({ destination: join(directory, 'log') });
  const handlers = createStepHandlers({
    ...setup,
    logger,
    metrics: createFunctionMetrics(setup.config, () => undefined),
  });
  opened.push(handlers);
  return handlers;
}

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-steps-'));
  directories.push(directory);
  return directory;
}

function putPrompt(text: string): void {
  const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: [{ text }] }] }));
  s3.bucket.put(KEY, body, {});
}

describe('the handlers of steps', () => {
  it('take a request from a bucket to its reply there, each in an instance of its own', async () => {
    putPrompt('my card is 4111 1111 1111 1111');
    const directory = makeDirectory();
    const run = async (name: keyof Omit<StepHandlers, 'close'>, event: object) => {
      const handlers = await openHandlers(directory);
      const result = await handlers[name](event, MINUTE);
      opened.splice(0);
      await handlers.close();
      return result;
    };
    await run('sanitise', eventOf('a', { key: KEY, path: CONVERSE }));
    await run('guard', eventOf('a'));
    await run('record', eventOf('a'));
    await run('invoke', eventOf('a'));
    await run('scan', eventOf('a'));
    const { reply, record } = await run('record', eventOf('a'));
    expect(reply?.status).toBe(200);
    expect(record).toBeTruthy();
    const { bytes } = s3.bucket.get(String(reply?.key));
    expect(JSON.parse(bytes.toString()).output.message.content[0].text).toContain('{CREDIT_DEBIT_CARD_NUMBER}');
  });

  it('find in the record what a try before wrote, whose state was lost', async () => {
    putPrompt('hello');
    const handlers = await openHandlers(makeDirectory());
    await handlers.sanitise(eventOf('b', { key: KEY }), MINUTE);
    await handlers.guard(eventOf('b'), MINUTE);
    const isState = ({ method, key }: { readonly method: string; readonly key: string }) =>
      method === 'PUT' && key.endsWith('2-recorded');
    s3.fail({ kind: 'refuse', status: 403, code: 'AccessDenied' }, { on: isState });
    await expect(handlers.record(eventOf('b'), MINUTE)).rejects.toMatchObject({ name: 'Sallyport.internal' });
    const { record, requestId } = await handlers.record(eventOf('b'), MINUTE);
    expect(record).toBeTruthy();
    await handlers.invoke(eventOf('b'), MINUTE);
    await handlers.scan(eventOf('b'), MINUTE);
    expect(await handlers.record(eventOf('b'), MINUTE)).toMatchObject({ requestId, reply: { status: 200 } });
  });

  it('reject with what a workflow can catch', async () => {
    const handlers = await openHandlers(makeDirectory());
    await expect(handlers.guard(eventOf('c'), MINUTE)).rejects.toMatchObject({ name: 'Sallyport.invalidRequest' });
    await expect(handlers.sanitise({}, MINUTE)).rejects.toMatchObject({ name: 'Sallyport.invalidRequest' });
    const other = eventOf('c', { key: 'requests/other/in.json' });
    await expect(handlers.sanitise(other, MINUTE)).rejects.toMatchObject({ name: 'Sallyport.forbidden' });
  });

  it('need a workflow in the configuration', async () => {
    await expect(openHandlers(makeDirectory(), '\n')).rejects.toThrow('the configuration has no `workflow`');
  });
});
