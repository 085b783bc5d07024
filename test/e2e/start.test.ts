import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runSallyport, startGatewayProcess, temporaryDirectory } from '../gateway/process.ts';

const start = (data: string, ...more: readonly string[]) =>
  runSallyport(['start', '--data', data, '--port', '0', '--admin-port', '0', ...more]);

describe('the first start', () => {
  it('writes demo.json for the owner alone, with what is needed to call it', async () => {
    await using gateway = await startGatewayProcess();
    const file = join(gateway.dataDirectory, 'demo.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const demo = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.keys(demo).sort()).toEqual([
      ...['adminEndpoint', 'endpoint', 'guardrail', 'models', 'principals', 'region', 'tenant'],
    ]);
    expect(demo.guardrail).toEqual({ id: 'demo', version: '1' });
    expect(demo.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(demo.principals).toMatchObject({
      developer: {
        apiKey: expect.stringMatching(/^sp_demo_/),
        accessKeyId: expect.any(String),
        secretAccessKey: expect.any(String),
      },
      titanOnly: {
        apiKey: expect.stringMatching(/^sp_demo_/),
        accessKeyId: expect.any(String),
        secretAccessKey: expect.any(String),
      },
    });
    expect(gateway.output()).toContain('curl');
  });

  it('keeps credentials and refreshes the endpoint at the next start', async () => {
    const dataDirectory = temporaryDirectory();
    const first = await startGatewayProcess({ dataDirectory });
    await first.stop();
    await using second = await startGatewayProcess({ dataDirectory });
    expect(second.demo.principals).toEqual(first.demo.principals);
    expect((await fetch(`${second.demo.endpoint}/readyz`)).status).toBe(200);
  });

  it('answers health and readiness on both ports, and stops on a signal at once', async () => {
    const gateway = await startGatewayProcess();
    for (const base of [gateway.demo.endpoint, gateway.demo.adminEndpoint]) {
      expect((await fetch(`${base}/healthz`)).status).toBe(200);
      expect((await fetch(`${base}/readyz`)).status).toBe(200);
    }
    const before = performance.now();
    expect(await gateway.stop('SIGTERM')).toBe(0);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('prints the copy-paste calls, and they work', async () => {
    await using gateway = await startGatewayProcess();
    const [, curl = ''] = /^(curl [\s\S]*?'\{[\s\S]*?\}')$/m.exec(gateway.output()) ?? [];
    const { execFileSync } = await import('node:child_process');
    const root = join(import.meta.dirname, '../..');
    const run = (script: string) =>
      execFileSync('bash', ['-c', script], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(run(curl)).toMatch(/^x-sallyport-request-id: [\s\S]*\{CREDIT_DEBIT_CARD_NUMBER\}/im);
    const snippets = [...gateway.output().matchAll(/^((?:AWS|OPENAI)_[A-Z_]+=[\s\S]*?;')$/gm)].map(
      ([, text = '']) => text,
    );
    expect(snippets).toHaveLength(2);
    for (const snippet of snippets) expect(run(snippet)).toContain('My card is {CREDIT_DEBIT_CARD_NUMBER}');
  });
});

describe('a start that cannot be', () => {
  /** One clear line and exit code 2. */
  const expectRefusal = (result: { code: number | null; error: string }, text: RegExp) => {
    expect(result.error).toMatch(text);
    expect(result.error.trim().split('\n')).toHaveLength(1);
    expect(result.code).toBe(2);
  };

  it('says that the port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    expectRefusal(await runSallyport(['start', '--data', temporaryDirectory(), '--port', port]), /port.*in use/);
    server.close();
  });

  it.each(['70000', 'http', '-1'])('says that %s is no port', async (port) => {
    const result = await runSallyport(['start', '--data', temporaryDirectory(), `--port=${port}`]);
    expect(result.error).toMatch(/port from 0 to 65535/);
    expect(result.code).toBe(2);
  });

  it('says that the data directory cannot be written', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    expectRefusal(await start(file), /data directory .* cannot be written/);
    const readOnly = join('/proc', 'sallyport');
    expectRefusal(await start(readOnly), /data directory .* cannot be written/);
  });

  it('says that another gateway runs on the data directory', async () => {
    await using gateway = await startGatewayProcess();
    expectRefusal(await start(gateway.dataDirectory), /another gateway is running/);
  });

  it('says what is wrong with a configuration, with file, line and column', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'sallyport.yaml');
    writeFileSync(file, 'version: 1\nenvironment: demo\nregoin: us-east-1\n');
    const result = await start(directory, '--config', file);
    expect(result.error).toMatch(/sallyport\.yaml:3:1/);
    expect(result.code).toBe(2);
    const missing = await start(directory, '--config', join(directory, 'missing.yaml'));
    expectRefusal(missing, /missing\.yaml/);
  });

  it('refuses a key ring that others can read', async () => {
    const dataDirectory = temporaryDirectory();
    const gateway = await startGatewayProcess({ dataDirectory });
    await gateway.stop();
    chmodSync(join(dataDirectory, 'keys', 'root.key'), 0o644);
    expectRefusal(await start(dataDirectory), /root\.key/);
  });

  it('leaves no demo.json behind', async () => {
    const dataDirectory = temporaryDirectory();
    mkdirSync(join(dataDirectory, 'state', 'state.db'), { recursive: true });
    const result = await start(dataDirectory);
    expect(result.code).toBe(2);
    expect(existsSync(join(dataDirectory, 'demo.json'))).toBe(false);
  });
});
