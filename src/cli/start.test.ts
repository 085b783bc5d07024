import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { run } from './run.ts';
import { configFile, type Ran, removeTemporaryDirectories, temporaryDirectory } from './terminal.suite.ts';
import { welcome } from './welcome.ts';

afterAll(removeTemporaryDirectories);
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const name of SIGNALS) for (const listener of ours(name)) process.off(name, listener as () => void);
});

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const foreign = new Map(SIGNALS.map((name) => [name, process.rawListeners(name)]));

/** The listeners that commands of this file have put there, and nobody else. */
const ours = (name: (typeof SIGNALS)[number]) =>
  process.rawListeners(name).filter((listener) => foreign.get(name)?.includes(listener) !== true);

interface Running {
  /** What the command printed once it was up. */
  readonly printed: string;
  /** What the system would do with that signal; the test's own process gets none. */
  readonly signal: (name: (typeof SIGNALS)[number]) => void;
  readonly ended: Promise<number>;
}

async function start(...words: readonly string[]): Promise<Running> {
  let ended = Promise.resolve(0);
  const printed = await new Promise<string>((resolve, reject) => {
    const terminal = { out: resolve, error: (text: string) => reject(new Error(text)) };
    ended = run(['node', 'sallyport', 'start', '--data', temporaryDirectory(), ...words], terminal);
  });
  await expect.poll(() => ours('SIGTERM').length).toBe(1);
  return {
    printed,
    ended,
    signal(name) {
      for (const listener of ours(name)) listener(name);
    },
  };
}

describe('sallyport start', () => {
  it('prints the addresses as JSON, serves, and ends with 0 on the first signal', async () => {
    const { printed, signal, ended } = await start('--port', '0', '--admin-port', '0', '--json');
    const { endpoint, adminEndpoint, ...rest } = JSON.parse(printed);
    expect(rest).toEqual({});
    expect((await fetch(`${endpoint}/readyz`)).status).toBe(200);
    expect((await fetch(`${adminEndpoint}/readyz`)).status).toBe(200);
    signal('SIGTERM');
    expect(await ended).toBe(0);
    await expect(fetch(`${endpoint}/readyz`)).rejects.toThrow();
  });

  it('welcomes to the demo on ports of the environment, and ends at once on a second signal', async () => {
    vi.stubEnv('SALLYPORT_PORT', '0');
    vi.stubEnv('SALLYPORT_ADMIN_PORT', '0');
    const { printed, signal, ended } = await start();
    expect(printed).toMatch(/^Sallyport listens on http:\/\/127\.0\.0\.1:\d+ \(applications\)/);
    expect(printed).toMatch(/Bearer sp_demo_/);
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    signal('SIGINT');
    signal('SIGINT');
    expect(exit.mock.calls).toEqual([[130]]);
    expect(await ended).toBe(0);
  });

  it('says no more than the addresses for a configuration of one’s own', async () => {
    const { printed, signal, ended } = await start('-p', '0', '--admin-port', '0', '-c', configFile());
    expect(printed.split('\n')).toHaveLength(1);
    signal('SIGTERM');
    await ended;
  });

  it.each([
    [['--port', 'http'], {}, /must be a port from 0 to 65535/],
    [[], { SALLYPORT_PORT: 'http' }, /^sallyport: SALLYPORT_PORT must be a port from 0 to 65535$/],
    [['-c', '/nowhere/bank.yaml'], {}, /bank\.yaml/],
  ])('does not start with %j and %j: it says why and ends with 2', async (words, environment, message) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const said: string[] = [];
    const terminal = { out: (text: string) => void said.push(text), error: (text: string) => void said.push(text) };
    const code = await run(['node', 'sallyport', 'start', '-d', temporaryDirectory(), ...words], terminal);
    expect({ code, out: said.join('\n') }).toMatchObject({
      code: 2,
      out: expect.stringMatching(message),
    } satisfies Partial<Ran>);
  });
});

describe('the welcome', () => {
  const addresses = { endpoint: 'http://127.0.0.1:1', adminEndpoint: 'http://127.0.0.1:2' };

  it('shows calls of three kinds with credentials that work, and says where they are kept', () => {
    const keys = { apiKey: 'sp_demo_a_b', accessKeyId: 'an-id', secretAccessKey: 'a-secret' };
    const demo = { ...addresses, region: 'us-east-1', tenant: 'demo', models: [], principals: { developer: keys } };
    const text = welcome(addresses, { ...demo, file: '/data/demo.json' });
    expect(text).toContain('under /data/\n');
    expect(text).toContain('All credentials are in /data/demo.json');
    expect(text).toContain('curl -i http://127.0.0.1:1/openai/');
    expect(text).toContain('Authorization: Bearer sp_demo_a_b');
    expect(text).toContain('AWS_ACCESS_KEY_ID=an-id AWS_SECRET_ACCESS_KEY=a-secret');
    expect(text).toContain('OPENAI_BASE_URL=http://127.0.0.1:1/openai/v1');
  });

  it('shows no credentials where there is no demo', () => {
    expect(welcome(addresses, undefined)).toBe(
      'Sallyport listens on http://127.0.0.1:1 (applications) and http://127.0.0.1:2 (operators).',
    );
  });
});
