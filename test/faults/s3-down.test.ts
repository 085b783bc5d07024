import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { demoConfigText } from '../../src/config/index.ts';
import { type S3Server, startS3Server } from '../../tools/s3-server.ts';
import { type GatewayProcess, runSallyport, startGatewayProcess, temporaryDirectory } from '../gateway/process.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const MEBIBYTE = 2 ** 20;
/** The least there may be. */
const BOUND = 64 * MEBIBYTE;
const LOG_OWNER = '111122223333';
const VAULT_OWNER = '444455556666';
/** Where the SDK's own credential chain looks first. */
const aws = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

let log: S3Server;
let vault: S3Server;
let gateway: GatewayProcess;
let apiKey = '';
const dataDirectory = temporaryDirectory();

function configText(): string {
  const place = { region: 'eu-central-1', forcePathStyle: true };
  const objectLock = { mode: 'compliance', days: 365 };
  const ofLog = { endpoint: log.url, bucket: 'bank-log', prefix: 'prod/', expectedBucketOwner: LOG_OWNER };
  const ofVault = { endpoint: vault.url, bucket: 'bank-vault', expectedBucketOwner: VAULT_OWNER };
  const store = { kind: 's3', ...place, ...ofLog, objectLock };
  const sinks = [{ name: 'vault', kind: 's3', ...place, ...ofVault }];
  return `${demoConfigText}\naudit: ${JSON.stringify({ store, sinks, maxJournalBytes: BOUND })}\n`;
}

const own = () => ['--config', gateway.configFile, '--data', dataDirectory];
const audit = (...words: readonly string[]) => runSallyport(['audit', ...words], aws);

beforeAll(async () => {
  log = await startS3Server({ bucket: 'bank-log', owner: LOG_OWNER });
  vault = await startS3Server({ bucket: 'bank-vault', owner: VAULT_OWNER });
  gateway = await startGatewayProcess({ config: configText(), dataDirectory, environment: aws });
  const created = await runSallyport(['key', 'create', '-t', 'demo', '-p', 'developer', '--json', ...own()], aws);
  apiKey = JSON.parse(created.out).apiKey;
});
afterAll(async () => {
  await gateway.stop();
  await Promise.all([log.close(), vault.close()]);
});

interface Answer {
  readonly status: number;
  readonly id: string;
  readonly receipt: string;
}

/** A refusal in the form of each protocol. */
async function refusals(): Promise<readonly unknown[]> {
  const messages = [{ role: 'user', content: 'hello' }];
  const bodies = {
    '/openai/v1/chat/completions': { model: NOVA, messages },
    '/anthropic/v1/messages': { model: NOVA, max_tokens: 9, messages },
    [`/model/${NOVA}/converse`]: { messages: [{ role: 'user', content: [{ text: 'hello' }] }] },
  };
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  return Promise.all(
    Object.entries(bodies).map(async ([path, body]) => {
      const sent = { method: 'POST', headers, body: JSON.stringify(body) };
      const response = await fetch(`${gateway.demo.endpoint}${path}`, sent);
      return [response.status, await response.json(), response.headers.get('x-sallyport-record')];
    }),
  );
}

async function call(prompt = 'hello'): Promise<Answer> {
  const response = await fetch(`${gateway.demo.endpoint}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: NOVA, messages: [{ role: 'user', content: prompt }] }),
  });
  await response.text();
  const { status, headers } = response;
  return { status, id: headers.get('x-sallyport-request-id') ?? '', receipt: headers.get('x-sallyport-record') ?? '' };
}

function checkReceipt(answer: Answer | undefined) {
  const file = join(temporaryDirectory(), 'receipt');
  writeFileSync(file, answer?.receipt ?? '');
  return runSallyport(['receipt', 'check', file, ...own()], aws);
}

const ready = async () => (await fetch(`${gateway.demo.endpoint}/readyz`)).status;
const said = (event: string) => gateway.output().split(`"event":"${event}"`).length - 1;
const within = (check: () => unknown, timeout = 60_000) => vi.waitFor(check, { timeout, interval: 100 });

interface Verified {
  readonly result: string;
  readonly size: number;
  readonly unsequenced: number;
  readonly anchors: number;
  readonly faults: readonly object[];
}

async function verify(...more: readonly string[]): Promise<Verified> {
  const { code, out, error } = await audit('verify', '--json', ...own(), ...more);
  expect({ code, error: error.replace(/^\d+ of \d+ entries\n/gm, '') }).toEqual({ code: 0, error: '' });
  return JSON.parse(out);
}

/** All that was recorded is in the log. */
async function whole(): Promise<Verified> {
  return within(async () => {
    const verified = await verify();
    expect(verified).toMatchObject({ unsequenced: 0, faults: [] });
    return verified;
  }) as Promise<Verified>;
}

/** What the vault keeps, as whoever administers it downloads it. */
function download(): string {
  const directory = temporaryDirectory();
  for (const [key, [first]] of vault.bucket.objects) writeFileSync(join(directory, key), first?.bytes ?? '');
  return directory;
}

describe('a gateway whose log is in S3', () => {
  it('writes it there, locked, and nothing of it on its disk', async () => {
    expect((await call()).status).toBe(200);
    const { size, result } = await whole();
    expect(size).toBeGreaterThan(2);
    expect(result).toBe('internally consistent');
    expect(readdirSync(join(dataDirectory, 'audit', 'log'))).toEqual([]);
    const kept = [...log.bucket.objects.values()].flat();
    expect(kept.every(({ key }) => key.startsWith('prod/'))).toBe(true);
    const segments = kept.filter(({ key }) => key.startsWith('prod/segments/'));
    expect(segments.length).toBeGreaterThan(0);
    expect(segments.every(({ lock }) => lock?.mode === 'COMPLIANCE')).toBe(true);
  });

  it('is read there by every command', async () => {
    const answer = await call('write to jane@example.com');
    const { id } = answer;
    await whole();
    const list = async () => (await audit('list', '--json', ...own())).out;
    expect(await list()).toContain(id);
    const [shown, proved, consistent, checked] = await Promise.all([
      audit('show', id, '--json', ...own()),
      audit('prove', id, ...own()),
      audit('consistency', '2', ...own()),
      checkReceipt(answer),
    ]);
    expect(JSON.parse(shown.out)[0]).toMatchObject({ kind: 'request' });
    expect(proved.out).toContain('c2sp.org/tlog-proof');
    expect(consistent.out).toMatch(/begins with that of 2$/m);
    expect(checked.out).toMatch(/^kept/);
    // The gateway that runs takes part in it.
    expect((await audit('reindex', ...own())).code).toBe(0);
    await within(async () => expect(await list()).toContain(id));
    expect((await verify('--with-keys')).faults).toEqual([]);
  });

  it('is verified by whoever has the configuration and the verifier key, and makes no keys for it', async () => {
    const key = (await audit('key', ...own())).out.trim();
    const nowhere = join(temporaryDirectory(), 'none');
    const words = ['verify', '--json', '--config', gateway.configFile, '--data', nowhere, '--key', key];
    const verified = await audit(...words, '--checkpoint', download());
    expect(verified).toMatchObject({ code: 0, error: '' });
    expect(JSON.parse(verified.out)).toMatchObject({ result: 'verified', size: (await whole()).size });
    expect(existsSync(nowhere)).toBe(false);
  });

  it('has each checkpoint kept in the bucket of another account, as an object of its own', async () => {
    const { size } = await whole();
    const names = [...vault.bucket.objects.keys()];
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(name).toMatch(/^\d{4}-\d{2}-\d{2}-\d{2}-\d{16}\.checkpoint$/);
    expect(Number(names.at(-1)?.slice(14, 30))).toBe(size);
    expect([...vault.bucket.objects.values()].every((versions) => versions.length === 1)).toBe(true);
    const { result, anchors } = await verify('--checkpoint', download());
    expect({ result, anchors }).toEqual({ result: 'verified', anchors: names.length });
  });
});

describe('while S3 is down', () => {
  const during: Answer[] = [];

  it('the gateway goes on, and says that the log is not written', async () => {
    await whole();
    await log.bringDown();
    for (let calls = 0; calls < 3; calls += 1) during.push(await call());
    expect(during.map(({ status }) => status)).toEqual([200, 200, 200]);
    await within(() => expect(said('log not written')).toBe(1));
    expect(gateway.output()).toMatch(/"event":"log not written","cause":"[^"]*ECONNREFUSED/);
    expect(await ready()).toBe(200);
  });

  it('a command that reads the log says which bucket it cannot read, and is no defect', async () => {
    const { code, out, error } = await audit('verify', ...own());
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toBe('sallyport: the bucket `bank-log` cannot be read (ECONNREFUSED)\n');
  });

  it('the index is not thrown away for a log that cannot be read', async () => {
    expect((await audit('reindex', ...own())).code).toBe(2);
    expect(JSON.parse((await audit('list', '--json', ...own())).out).records.length).toBeGreaterThan(3);
  });

  it('a gateway starts all the same, and records', async () => {
    await gateway.stop();
    gateway = await startGatewayProcess({ config: configText(), dataDirectory, environment: aws });
    expect(said('log not read')).toBe(1);
    during.push(await call());
    expect(during.at(-1)?.status).toBe(200);
  });

  it('requests are refused once the journal has grown to its bound, and not before', async () => {
    const words = randomBytes(8 * MEBIBYTE)
      .toString('latin1')
      .replace(/[^a-zA-Z]/g, (char) => String.fromCharCode(97 + (char.charCodeAt(0) % 26)))
      .replace(/.{7}/g, '$& ');
    let answers = 0;
    for (; (await ready()) === 200 && answers < 30; answers += 1) await call(`sim:say noted\n${words}`);
    expect(answers).toBeGreaterThan(3);
    expect(await ready()).toBe(503);
    const message = 'The request cannot be recorded, so it is refused.';
    expect(await refusals()).toMatchObject([
      [503, { error: { message, type: 'server_error' } }, null],
      [503, { type: 'error', error: { type: 'api_error', message } }, null],
      [503, { message }, null],
    ]);
    const journal = join(dataDirectory, 'audit', 'journal');
    const bytes = readdirSync(journal).reduce((sum, name) => sum + statSync(join(journal, name)).size, 0);
    expect(bytes).toBeGreaterThanOrEqual(BOUND);
    await within(() => expect(said('log behind')).toBe(1));
  });

  it('and goes on by itself once S3 is there again: all that was recorded gets in', async () => {
    await log.bringUp();
    await within(() => expect(said('log written again')).toBe(1), 60_000);
    await within(async () => expect(await ready()).toBe(200), 60_000);
    during.push(await call());
    const { size } = await whole();
    const { out } = await audit('list', '--json', '--limit', '1000', ...own());
    expect(during.filter(({ id }) => !out.includes(id))).toEqual([]);
    const [first, last] = await Promise.all([during[0], during.at(-2)].map((answer) => checkReceipt(answer)));
    expect([first?.out, last?.out]).toEqual([expect.stringMatching(/^kept/), expect.stringMatching(/^kept/)]);
    const kept = download();
    expect(await verify('--checkpoint', kept)).toMatchObject({ result: 'verified', size });
    expect(said('checkpoint not kept')).toBe(0);
  });
});

describe('while the bucket of a sink is down', () => {
  it('the log goes on, and the sink is named until it keeps checkpoints again', async () => {
    await vault.bringDown();
    await call();
    await within(() => expect(said('checkpoint not kept')).toBe(1));
    await whole();
    await vault.bringUp();
    await within(() => expect(said('checkpoint kept again')).toBe(1));
    expect((await verify('--checkpoint', download())).result).toBe('verified');
  });

  it('and where it keeps another checkpoint of that size, that is told and not written over', async () => {
    const { size } = await whole();
    const forged = Buffer.from('another log');
    for (const hours of [0, 1]) {
      const hour = new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 13).replace('T', '-');
      for (let next = size + 1; next < size + 20; next += 1) {
        vault.bucket.put(`${hour}-${String(next).padStart(16, '0')}.checkpoint`, forged, {});
      }
    }
    await call();
    await within(() => expect(said('checkpoint not kept')).toBe(2));
    expect([...vault.bucket.objects.values()].every((versions) => versions.length === 1)).toBe(true);
  });
});
