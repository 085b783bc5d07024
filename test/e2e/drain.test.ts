import { connect as connectHttp2 } from 'node:http2';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { demoConfigText } from '../../src/config/index.ts';
import { type GatewayProcess, runSallyport, startGatewayProcess } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const CHAT = '/openai/v1/chat/completions';
const chat = (content: string, stream = false) =>
  JSON.stringify({ model: NOVA, stream, messages: [{ role: 'user', content }] });

interface Running extends AsyncDisposable {
  readonly gateway: GatewayProcess;
  readonly headers: Readonly<Record<string, string>>;
}

async function start(limits: string): Promise<Running> {
  const gateway = await startGatewayProcess({ config: `${demoConfigText}\nlimits: ${limits}\n` });
  const places = ['-c', gateway.configFile, '-d', gateway.dataDirectory];
  const { out } = await runSallyport(['key', 'create', '-t', 'demo', '-p', 'developer', '--json', ...places]);
  const headers = { authorization: `Bearer ${JSON.parse(out).apiKey}`, 'content-type': 'application/json' };
  return { gateway, headers, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

const statusOf = (endpoint: string, path: string) =>
  raw(endpoint, { method: 'GET', path }).then(
    ({ status }) => status,
    (error: NodeJS.ErrnoException) => error.code,
  );

/** A streamed answer that takes about five seconds. */
const longChat = (endpoint: string, headers: Running['headers']) =>
  raw(endpoint, { path: CHAT, headers, body: chat('sim:stream 500x10ms', true) });

describe('a gateway that is told to stop', () => {
  it('is not ready at once, goes on serving for the delay, and then lets what is under way finish', async () => {
    await using running = await start('{ drainDelayMs: 2000, drainMs: 10000 }');
    const { gateway, headers } = running;
    const { endpoint, adminEndpoint } = gateway.demo;
    const long = longChat(endpoint, headers);
    const session = connectHttp2(endpoint);
    const farewell = new Promise((resolve) => session.once('goaway', resolve));
    const request = session.request({ ':method': 'POST', ':path': CHAT, ...headers });
    request.end(chat('sim:stream 500x10ms', true));
    const streamed = text(request);
    await pause(200);

    const exited = gateway.stop('SIGTERM');
    await expect.poll(() => statusOf(endpoint, '/readyz')).toBe(503);
    expect(await statusOf(adminEndpoint, '/readyz')).toBe(503);
    const late = await raw(endpoint, { path: CHAT, headers, body: chat('still here') });
    expect(late).toMatchObject({ status: 200, headers: { connection: 'close' } });

    expect(await farewell).toBe(0);
    expect(await statusOf(endpoint, '/healthz')).toBe('ECONNREFUSED');
    expect(await statusOf(adminEndpoint, '/readyz')).toBe(503);
    expect((await long).body).toContain('[DONE]');
    expect(await streamed).toContain('[DONE]');
    expect(await exited).toBe(0);
    expect(gateway.output()).toContain('"event":"stopping"');
  });

  it('cuts what outlasts the time it gives, and records that it was', async () => {
    await using running = await start('{ drainMs: 200 }');
    const { gateway, headers } = running;
    const long = longChat(gateway.demo.endpoint, headers).catch((error: Error) => error.message);
    await pause(300);
    const before = performance.now();
    expect(await gateway.stop('SIGTERM')).toBe(0);
    expect(performance.now() - before).toBeLessThan(4_000);
    expect(await long).toMatch(/aborted|reset|hang up/i);
    expect(gateway.output()).toContain('"outcome":"interrupted"');
  });

  it('ends at once when it is told again', async () => {
    await using running = await start('{ drainDelayMs: 60000 }');
    const { gateway } = running;
    gateway.signal('SIGTERM');
    await expect.poll(() => statusOf(gateway.demo.endpoint, '/readyz')).toBe(503);
    const before = performance.now();
    expect(await gateway.stop('SIGTERM')).toBe(130);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
