import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { text } from 'node:stream/consumers';
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

/** A streamed answer that takes about eight seconds, once it has begun. */
const longChat = (endpoint: string, headers: Running['headers']) =>
  fetch(`${endpoint}${CHAT}`, { method: 'POST', headers, body: chat('sim:stream 800x10ms', true) });

describe('a gateway that is told to stop', () => {
  it('is not ready at once, goes on serving for the delay, and then lets what is under way finish', async () => {
    await using running = await start('{ drainDelayMs: 3000, drainMs: 60000 }');
    const { gateway, headers } = running;
    const { endpoint, adminEndpoint } = gateway.demo;
    const long = await longChat(endpoint, headers);
    const session = connectHttp2(endpoint);
    const farewell = new Promise((resolve) => session.once('goaway', resolve));
    const request = session.request({ ':method': 'POST', ':path': CHAT, ...headers });
    request.end(chat('sim:stream 800x10ms', true));
    await once(request, 'response');
    const streamed = text(request);

    const exited = gateway.stop('SIGTERM');
    await expect.poll(() => statusOf(endpoint, '/readyz')).toBe(503);
    expect(await statusOf(adminEndpoint, '/readyz')).toBe(503);
    const late = await raw(endpoint, { path: CHAT, headers, body: chat('still here') });
    expect(late).toMatchObject({ status: 200, headers: { connection: 'close' } });

    expect(await farewell).toBe(0);
    expect(await statusOf(endpoint, '/healthz')).toBe('ECONNREFUSED');
    expect(await statusOf(adminEndpoint, '/readyz')).toBe(503);
    expect(await long.text()).toContain('[DONE]');
    expect(await streamed).toContain('[DONE]');
    expect(await exited).toBe(0);
    expect(gateway.output()).toContain('"event":"stopping"');
  });

  it('cuts what outlasts the time it gives, and records that it was', async () => {
    await using running = await start('{ drainMs: 200 }');
    const { gateway, headers } = running;
    const long = await longChat(gateway.demo.endpoint, headers);
    const rest = long.text().catch((error: Error) => error.message);
    expect(await gateway.stop('SIGTERM')).toBe(0);
    expect(await rest).toBe('terminated');
    expect(gateway.output()).toContain('"outcome":"interrupted"');
  });

  it('ends at once when it is told again', async () => {
    await using running = await start('{ drainDelayMs: 60000 }');
    const { gateway } = running;
    gateway.signal('SIGTERM');
    await expect.poll(() => statusOf(gateway.demo.endpoint, '/readyz')).toBe(503);
    const before = performance.now();
    expect(await gateway.stop('SIGTERM')).toBe(130);
    expect(performance.now() - before).toBeLessThan(20_000);
  });
});
