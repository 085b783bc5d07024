import { once } from 'node:events';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { connect, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, type Sent, send } from '../gateway.suite.ts';
import { createPort, type Port, type RequestHandler } from './port.ts';
import { sendReply } from './send-reply.ts';

const limits = {
  headersTimeoutMs: 2_000,
  requestTimeoutMs: 2_000,
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
  maxConnectionsPerSource: 100,
  idleTimeoutMs: 2_000,
};
const ports: Port[] = [];
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.close(0)));
});

async function serve(handle: RequestHandler): Promise<string> {
  const port = createPort({ limits }, handle);
  ports.push(port);
  return `http://127.0.0.1:${await port.listen(0, '127.0.0.1')}`;
}

/** Tells what it was asked for. */
const tell: RequestHandler = async ({ method, url }, response) =>
  sendReply(
    response,
    { status: 404, headers: { 'x-own': 'a' }, body: Buffer.from(`${method} ${url}`) },
    { 'x-id': 'b' },
  );

async function sendHttp2(
  endpoint: string,
  { method = 'GET', path }: Sent,
): Promise<Answer & { readonly code: number }> {
  const session = connectHttp2(endpoint);
  const stream = session.request({ ':method': method, ':path': path });
  const [headers]: IncomingHttpHeaders[] = await once(stream, 'response');
  const body = await text(stream);
  if (!stream.closed) await once(stream, 'close');
  session.close();
  return { status: Number(headers?.[':status']), headers: { ...headers }, text: body, code: stream.rstCode };
}

/** The whole of what comes back for a request written by hand. */
async function sendRaw(endpoint: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
  socket.write(request);
  return await text(socket);
}

describe.each([
  ['HTTP/1.1', send],
  ['HTTP/2', sendHttp2],
])('a port, over %s', (_version, ask) => {
  it.each([
    { path: '/a%2Fb/%zz?x=%' },
    { path: '//..//%00' },
    { path: `/${'a'.repeat(2_000)}` },
    { path: '/x', method: 'DELETE' },
    { path: '/x', method: 'TRACE' },
    { path: '/x', method: 'PROPFIND' },
  ])('hands $method $path on as it was sent, and its answer back with its length', async (sent) => {
    const answer = await ask(await serve(tell), sent);
    const said = `${sent.method ?? 'GET'} ${sent.path}`;
    expect(answer).toMatchObject({ status: 404, text: said, headers: { 'content-length': String(said.length) } });
    expect(answer.headers).toMatchObject({ 'x-own': 'a', 'x-id': 'b' });
  });

  it('answers HEAD with the headers of the answer and no body', async () => {
    const answer = await ask(await serve(tell), { path: '/x', method: 'HEAD' });
    expect(answer).toMatchObject({ status: 404, text: '', headers: { 'content-length': '7', 'x-own': 'a' } });
  });

  it('answers 500 with nothing in it where the handler rejects', async () => {
    const endpoint = await serve(() => Promise.reject(new Error('the prompt was: my secret')));
    const { status, text: body, headers } = await ask(endpoint, { path: '/' });
    expect({ status, body, length: headers['content-length'] }).toEqual({ status: 500, body: '', length: '0' });
    expect(JSON.stringify(headers)).not.toContain('secret');
  });
});

describe('a port whose handler rejects after its answer has begun', () => {
  const begin: RequestHandler = async (_request, response) => {
    response.writeHead(200);
    response.write('half');
    await new Promise((resolve) => setTimeout(resolve, 20));
    throw new Error('broken');
  };

  it('cuts the connection over HTTP/1.1', async () => {
    await expect(send(await serve(begin), { path: '/' })).rejects.toThrow('aborted');
  });

  it('cuts the stream over HTTP/2', async () => {
    const session = connectHttp2(await serve(begin));
    const stream = session.request({ ':path': '/' });
    await expect(text(stream)).rejects.toThrow('INTERNAL_ERROR');
    session.close();
  });
});

describe('a port whose client has left before its answer', () => {
  it.each([
    ['HTTP/1.1', (endpoint: string) => connect(Number(new URL(endpoint).port), '127.0.0.1')],
    ['HTTP/2', (endpoint: string) => connectHttp2(endpoint).request({ ':path': '/' })],
  ])('lets the answer fall over %s, and goes on', async (_version, open) => {
    const outcomes: unknown[] = [];
    const endpoint = await serve(async (request, response) => {
      if (request.url === '/again') return tell(request, response);
      client.destroy();
      await once(response, 'close');
      sendReply(response, { status: 200, headers: {}, body: Buffer.alloc(100_000) });
      outcomes.push('sent');
    });
    const client = open(endpoint);
    client.on('error', () => undefined);
    if (client instanceof Socket) client.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await expect.poll(() => outcomes).toEqual(['sent']);
    expect((await send(endpoint, { path: '/again' })).text).toBe('GET /again');
  });
});

describe('a port that closes', () => {
  it('waits for a handler to deal with a client that was cut off', async () => {
    const outcomes: string[] = [];
    const endpoint = await serve(async (_request, response) => {
      await once(response, 'close');
      await new Promise((resolve) => setTimeout(resolve, 50));
      outcomes.push('recorded');
    });
    const answer = send(endpoint, { path: '/' }).catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await ports.pop()?.close(10);
    expect(outcomes).toEqual(['recorded']);
    expect(await answer).toBe('cut');
  });
});

describe('a port, written to by hand', () => {
  it('answers one request after the other, in the order in which they came', async () => {
    const endpoint = await serve(async (request, response) => {
      await new Promise((resolve) => setTimeout(resolve, request.url === '/slow' ? 50 : 0));
      await tell(request, response);
    });
    const answers = await sendRaw(
      endpoint,
      'GET /slow HTTP/1.1\r\nhost: x\r\n\r\nGET /quick HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    );
    expect(answers.match(/GET \/(?:slow|quick)/g)).toEqual(['GET /slow', 'GET /quick']);
  });

  it('leaves out what a body would need over HTTP/1.0', async () => {
    const answer = await sendRaw(await serve(tell), 'GET /x HTTP/1.0\r\n\r\n');
    expect(answer.toLowerCase()).toMatch(/^http\/1\.1 404 .*content-length: 6\r\n.*\r\n\r\nget \/x$/s);
    expect(answer.toLowerCase()).not.toContain('transfer-encoding');
  });

  it.each([
    ['a target in absolute form', 'GET http://other.example/x HTTP/1.1', 'GET http://other.example/x'],
    ['an asterisk', 'OPTIONS * HTTP/1.1', 'OPTIONS *'],
  ])('hands on %s', async (_name, line, told) => {
    const answer = await sendRaw(await serve(tell), `${line}\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect(answer.endsWith(`\r\n\r\n${told}`)).toBe(true);
  });

  it.each([
    ['a method there is none of', 'BREW / HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a target with a space', 'GET /a b HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ])('refuses %s before the handler sees it', async (_name, request) => {
    let asked = false;
    const endpoint = await serve(async () => {
      asked = true;
    });
    expect(await sendRaw(endpoint, request)).toMatch(/^HTTP\/1\.1 400 /);
    expect(asked).toBe(false);
  });
});
