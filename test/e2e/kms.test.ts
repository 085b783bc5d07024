import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfigText } from '../../src/config/index.ts';
import { type KmsServer, startKmsServer } from '../../tools/kms-server.ts';
import { runSallyport, startGatewayProcess, temporaryDirectory } from '../gateway/process.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
/** Where the SDK's own credential chain looks first. */
const aws = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
const BECAUSE = ['--full', '--reason', 'case 4711'];

let kms: KmsServer;
beforeAll(async () => {
  kms = await startKmsServer();
});
afterAll(() => kms.close());

const configText = (more: object = {}) =>
  `${demoConfigText}\nkeys: ${JSON.stringify({ kms: { key: KEY, endpoint: kms.url, ...more } })}\n`;

type Running = Awaited<ReturnType<typeof startGatewayProcess>>;

const start = (dataDirectory: string, more?: object) =>
  startGatewayProcess({ config: configText(more), dataDirectory, environment: aws });

const own = ({ configFile, dataDirectory }: Running) => ['--config', configFile, '--data', dataDirectory];

async function keyFor(principal: string, gateway: Running): Promise<string> {
  const created = await runSallyport(['key', 'create', '-t', 'demo', '-p', principal, ...own(gateway)], aws);
  return created.out.trim();
}

async function call(apiKey: string, { demo }: Running, model = 'amazon.nova-lite-v1:0') {
  const response = await fetch(`${demo.endpoint}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'good morning' }] }),
  });
  await response.text();
  return { status: response.status, id: response.headers.get('x-sallyport-request-id') ?? '' };
}

describe('a gateway whose record keys KMS wraps', () => {
  it('asks KMS once for each subject, and serves none that it has no key of while KMS is away', async () => {
    await using gateway = await start(temporaryDirectory());
    const developer = await keyFor('developer', gateway);
    const titanOnly = await keyFor('titanOnly', gateway);
    const { id } = await call(developer, gateway);
    const before = kms.requests.length;
    expect((await call(developer, gateway)).status).toBe(200);
    expect(kms.requests.length).toBe(before);
    const shown = await runSallyport(['audit', 'show', id, ...BECAUSE, ...own(gateway)], aws);
    expect(shown.out).toContain('good morning');

    await kms.bringDown();
    const titan = 'amazon.titan-text-express-v1';
    expect((await call(developer, gateway)).status).toBe(200);
    expect((await call(titanOnly, gateway, titan)).status).toBe(503);
    const unread = await runSallyport(['audit', 'show', id, ...BECAUSE, ...own(gateway)], aws);
    expect(unread).toMatchObject({ code: 2, out: '' });
    expect(unread.error).toMatch(/^sallyport: .*KMS[^\n]*\n$/);
    await expect(start(temporaryDirectory())).rejects.toThrow(/^the gateway did not start:\nsallyport: [^\n]*\n$/);
    await kms.bringUp();
    expect((await call(titanOnly, gateway, titan)).status).toBe(200);
    const verified = await runSallyport(['audit', 'verify', '--with-keys', ...own(gateway)], aws);
    expect(verified.out).toMatch(/^internally consistent/);
  });

  it('takes over what the key ring had, says so where it may not, and lets go of it once all is wrapped anew', async () => {
    const dataDirectory = temporaryDirectory();
    const before = await startGatewayProcess({ config: demoConfigText, dataDirectory });
    const apiKey = await keyFor('developer', before);
    const { id } = await call(apiKey, before);
    await before.stop();

    await expect(start(dataDirectory)).rejects.toThrow(/cannot be unwrapped[^\n]*acceptsKeyRing/);
    const taking = await start(dataDirectory, { acceptsKeyRing: true });
    expect((await call(apiKey, taking)).status).toBe(200);
    const rekeyed = await runSallyport(['audit', 'rekey', '--reason', 'to KMS', ...own(taking)], aws);
    expect(rekeyed).toMatchObject({ code: 0, out: expect.stringContaining('2 keys wrapped anew') });
    await taking.stop();

    await using after = await start(dataDirectory);
    expect((await call(apiKey, after)).status).toBe(200);
    const shown = await runSallyport(['audit', 'show', id, ...BECAUSE, ...own(after)], aws);
    expect(shown.out).toContain('good morning');
  });
});
