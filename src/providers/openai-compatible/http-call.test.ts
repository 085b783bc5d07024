import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { GatewayError, Provider } from '../../core/index.ts';
import { createOpenAICompatible } from './openai-compatible.ts';
import { chat, ending, faultOf, gather, type Script, startUpstream, toCompletion, toEvent } from './upstream.suite.ts';

const CANARY = 'canary-7f3a';
const json = { 'content-type': 'application/json' };
const events = { 'content-type': 'text/event-stream' };
const never = () => new AbortController().signal;

function connect(baseUrl: string, rest: { requestTimeoutMs?: number; maxConnections?: number } = {}): Provider {
  return createOpenAICompatible({ name: 'local', baseUrl, requestTimeoutMs: 5_000, ...rest });
}

type Answering = (to: ServerResponse) => unknown;

interface Calling {
  readonly stream?: boolean;
  readonly requestTimeoutMs?: number;
}

/** The fault of a call to a server that answers by `script`, which holds nothing the server said. */
async function faultWith(script: Script, { stream = false, requestTimeoutMs = 5_000 }: Calling = {}) {
  await using upstream = await startUpstream(script);
  const provider = connect(upstream.baseUrl, { requestTimeoutMs });
  const fault = await faultOf(gather(provider, await chat({ stream })));
  await provider.close();
  expectWithoutWords(fault);
  return fault;
}

function expectWithoutWords(fault: GatewayError): void {
  expect(inspect(fault, { depth: 20, showHidden: true })).not.toContain(CANARY);
}

/** Sends a body over many reads, until the connection ends. */
async function drip(response: ServerResponse, text: string, everyMs: number): Promise<void> {
  for (let at = 0; at < text.length && !response.destroyed; at += 8) {
    response.write(text.slice(at, at + 8));
    await sleep(everyMs);
  }
  response.end();
}

describe('a status', () => {
  it.each([
    [201, 'upstreamFailed'],
    [204, 'upstreamFailed'],
    [301, 'upstreamFailed'],
    [400, 'upstreamInvalid'],
    [401, 'upstreamForbidden'],
    [403, 'upstreamForbidden'],
    [404, 'upstreamInvalid'],
    [405, 'upstreamFailed'],
    [408, 'upstreamTimeout'],
    [413, 'upstreamInvalid'],
    [422, 'upstreamInvalid'],
    [429, 'upstreamThrottled'],
    [500, 'upstreamFailed'],
    [502, 'upstreamFailed'],
    [503, 'upstreamUnavailable'],
    [504, 'upstreamTimeout'],
    [529, 'upstreamUnavailable'],
  ])('of %i is %s, whole and streamed', async (status, code) => {
    const script: Script = (response) => {
      response.writeHead(status, json).end(status === 204 ? undefined : toCompletion({ content: CANARY }));
    };
    expect((await faultWith(script)).code).toBe(code);
    expect((await faultWith(script, { stream: true })).code).toBe(code);
  });

  it.each([
    ['20', 20],
    ['0', 0],
    ['Wed, 21 Oct 2015 07:28:00 GMT', undefined],
    ['-1', undefined],
    ['9999999', undefined],
    [undefined, undefined],
  ])('of 429 that says `retry-after: %s` passes on %s', async (header, seconds) => {
    const fault = await faultWith((response) => {
      response.writeHead(429, { ...json, ...(header === undefined ? {} : { 'retry-after': header }) }).end('{}');
    });
    expect(fault.retryAfterSeconds).toBe(seconds);
  });

  it('of an interim answer is not the last', async () => {
    await using upstream = await startUpstream((response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.writeProcessing();
      response.writeHead(200, json).end(toCompletion({ content: 'hi' }));
    });
    const provider = connect(upstream.baseUrl);
    expect(await gather(provider, await chat({ stream: false }))).toHaveLength(6);
    await provider.close();
  });

  it('of a redirect sends the prompt nowhere else', async () => {
    await using other = await startUpstream((response) => void response.end());
    const fault = await faultWith((response) => {
      response.writeHead(307, { location: `${other.baseUrl}/chat/completions` }).end();
    });
    expect(fault.code).toBe('upstreamFailed');
    expect(other.received).toEqual([]);
  });
});

describe('an answer that is not taken', () => {
  const refused: readonly (readonly [name: string, script: Answering, calling?: Calling])[] = [
    [
      'is compressed',
      (to) =>
        to.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(toCompletion({ content: CANARY }))),
    ],
    [
      'says that it is compressed',
      (to) => to.writeHead(200, { ...json, 'content-encoding': 'br' }).end(toCompletion({ content: 'hi' })),
    ],
    ['has no media type', (to) => to.writeHead(200).end(toCompletion({ content: CANARY }))],
    ['is of another media type', (to) => to.writeHead(200, { 'content-type': 'text/html' }).end(CANARY)],
    [
      'is in another charset',
      (to) =>
        to.writeHead(200, { 'content-type': 'application/json; charset=latin1' }).end(toCompletion({ content: 'hi' })),
    ],
    [
      'is whole where a stream was asked for',
      (to) => to.writeHead(200, json).end(toCompletion({ content: CANARY })),
      { stream: true },
    ],
    ['is a stream where a whole one was asked for', (to) => to.writeHead(200, events).end(ending)],
    ['is not JSON', (to) => to.writeHead(200, json).end(`{"id":"${CANARY}"`)],
    ['begins with a byte order mark', (to) => to.writeHead(200, json).end(`\ufeff${toCompletion({ content: 'a' })}`)],
    ['is not UTF-8', (to) => to.writeHead(200, json).end(Buffer.from(toCompletion({ content: 'ä' }), 'latin1'))],
    ['is empty', (to) => to.writeHead(200, json).end()],
    ['is an error', (to) => to.writeHead(200, json).end(JSON.stringify({ error: { message: CANARY } }))],
    [
      'is larger than 16 MiB',
      (to) => to.writeHead(200, json).end(toCompletion({ content: 'a'.repeat(17 * 1024 * 1024) })),
    ],
    ['has too many headers', (to) => to.writeHead(200, { ...json, 'x-note': CANARY.repeat(2_000) }).end('{}')],
    [
      'has an event that is not JSON',
      (to) => to.writeHead(200, events).end(`data: {"id":"${CANARY}"\n\n`),
      { stream: true },
    ],
    [
      'has an event that is not UTF-8',
      (to) => to.writeHead(200, events).end(Buffer.from(toEvent({ content: 'ä' }), 'latin1')),
      { stream: true },
    ],
    [
      'has an endless line',
      (to) => to.writeHead(200, events).end(`data: ${'a'.repeat(2 * 1024 * 1024)}`),
      { stream: true },
    ],
    [
      'has an error in the place of its first event',
      (to) => to.writeHead(200, events).end(`data: {"error":{"message":"${CANARY}"}}\n\n`),
      { stream: true },
    ],
  ];

  it.each(refused.map(([name, script, calling = {}]) => ({ name, script, calling })))('$name', async (row) => {
    const { script, calling } = row;
    expect((await faultWith((response) => void script(response), calling)).code).toBe('upstreamFailed');
  });

  it('is not HTTP', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end(`${CANARY}\r\n\r\n`)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const provider = connect(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`);
    const fault = await faultOf(gather(provider, await chat({ stream: false })));
    await provider.close();
    server.close();
    expectWithoutWords(fault);
    expect(fault.code).toBe('upstreamFailed');
  });

  it('is taken where its media type is written otherwise', async () => {
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, {
        'content-type': 'Application/JSON ; Charset="UTF-8"; x=y',
        'content-encoding': 'identity',
      });
      response.end(toCompletion({ content: 'hi' }));
    });
    const provider = connect(upstream.baseUrl);
    expect(await gather(provider, await chat({ stream: false }))).toHaveLength(6);
    await provider.close();
  });
});

describe('a connection', () => {
  it('that is refused is unavailable', async () => {
    const upstream = await startUpstream(() => {});
    await upstream[Symbol.asyncDispose]();
    const provider = connect(upstream.baseUrl);
    expect((await faultOf(gather(provider, await chat({ stream: false })))).code).toBe('upstreamUnavailable');
    await provider.close();
  });

  it.each([[false], [true]])('that breaks before an answer is unavailable (stream: %s)', async (stream) => {
    expect((await faultWith((response) => void response.destroy(), { stream })).code).toBe('upstreamUnavailable');
    const reset: Script = (response) => void response.socket?.resetAndDestroy();
    expect((await faultWith(reset, { stream })).code).toBe('upstreamUnavailable');
  });

  const breaks: readonly [string, (socket: Socket | null) => void][] = [
    ['ends', (socket) => void socket?.destroy()],
    ['is reset', (socket) => void socket?.resetAndDestroy()],
  ];

  it.each(breaks)('that %s within an answer interrupts it', async (_, break_) => {
    for (const headers of [{}, { 'content-length': 1_000 }, { connection: 'close' }]) {
      const script =
        (type: object, body: string): Script =>
        async (response) => {
          response.writeHead(200, { ...type, ...headers }).write(body);
          await sleep(20);
          break_(response.socket);
        };
      expect((await faultWith(script(json, `{"id":"${CANARY}`))).code).toBe('upstreamInterrupted');
      expect((await faultWith(script(events, toEvent({ content: 'hi' })), { stream: true })).code).toBe(
        'upstreamInterrupted',
      );
    }
  });

  it('that ends a stream before its last word interrupts it', async () => {
    const unfinished = toEvent({ content: 'hi' }) + toEvent({}, { finish_reason: 'stop' });
    for (const text of ['', ': ping\n\n', toEvent({ content: 'hi' }), unfinished, `${unfinished}data: [DONE]`]) {
      const fault = await faultWith((response) => void response.writeHead(200, events).end(text), { stream: true });
      expect(fault.code).toBe('upstreamInterrupted');
    }
  });

  it('that breaks after the last word of a stream changes nothing', async () => {
    await using upstream = await startUpstream(async (response) => {
      response.writeHead(200, events).write(toEvent({ content: 'hi' }) + ending + toEvent({ content: 'more' }));
      await sleep(20);
      response.destroy();
    });
    const provider = connect(upstream.baseUrl);
    expect(await gather(provider, await chat({ stream: true }))).toHaveLength(5);
    await sleep(40);
    await provider.close();
  });

  it('gives what came before it broke', async () => {
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, events).end(`${toEvent({ content: 'hi' })}data: broken\n\n`);
    });
    const provider = connect(upstream.baseUrl);
    const answer = await provider.invoke(await chat({ stream: true }), never());
    const seen: string[] = [];
    const fault = await faultOf(
      (async () => {
        for await (const batch of answer.events) seen.push(...batch.map(({ kind }) => kind));
      })(),
    );
    await provider.close();
    expect([seen, fault.code]).toEqual([['start', 'blockStart', 'delta'], 'upstreamFailed']);
  });

  it('is kept from call to call, faults and finished answers included', async () => {
    const scripts: Script[] = [
      (to) => void to.writeHead(429, json).end('{"error":{}}'),
      (to) => void to.writeHead(200, events).end(toEvent({ content: 'hi' }) + ending),
      (to) => void to.writeHead(200, json).end(toCompletion({ content: 'hi' })),
    ];
    await using upstream = await startUpstream((response, received) =>
      scripts[upstream.received.indexOf(received)]?.(response, received),
    );
    const provider = connect(upstream.baseUrl, { maxConnections: 1 });
    await faultOf(gather(provider, await chat({ stream: false })));
    const cancel = new AbortController();
    await Array.fromAsync((await provider.invoke(await chat({ stream: true }), cancel.signal)).events);
    // As the server does once it has all: an abort that is too late must not cost a connection.
    cancel.abort();
    await gather(provider, await chat({ stream: false }));
    await provider.close();
    expect(upstream.connections).toBe(1);
  });

  it('is given up rather than read to the end of a body nobody wants', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await using upstream = await startUpstream(async (response) => {
      response.once('close', resolve);
      response.writeHead(500, json);
      while (!response.destroyed) {
        response.write('x'.repeat(16 * 1024));
        await sleep(1);
      }
    });
    const provider = connect(upstream.baseUrl);
    expect((await faultOf(gather(provider, await chat({ stream: false })))).code).toBe('upstreamFailed');
    await closed;
    await provider.close();
  });

  it('is given up where that body does not end in time', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await using upstream = await startUpstream((response) => {
      response.once('close', resolve);
      response.writeHead(500, json).write('{');
    });
    const provider = connect(upstream.baseUrl, { requestTimeoutMs: 50 });
    expect((await faultOf(gather(provider, await chat({ stream: false })))).code).toBe('upstreamFailed');
    await closed;
    await provider.close();
  });
});

describe('a server that is slow', () => {
  const requestTimeoutMs = 100;

  it.each([[false], [true]])('to begin is timed out (stream: %s)', async (stream) => {
    expect((await faultWith(() => {}, { stream, requestTimeoutMs })).code).toBe('upstreamTimeout');
  });

  it('to go on is timed out', async () => {
    const whole: Script = (response) => void response.writeHead(200, json).write('{');
    expect((await faultWith(whole, { requestTimeoutMs })).code).toBe('upstreamTimeout');
    const streamed: Script = (response) => void response.writeHead(200, events).write(toEvent({ content: 'hi' }));
    expect((await faultWith(streamed, { stream: true, requestTimeoutMs })).code).toBe('upstreamTimeout');
  });

  it('to end a whole answer is timed out, however busy it looks', async () => {
    const script: Script = (response) => drip(response.writeHead(200, json), toCompletion({ content: 'hi' }), 10);
    expect((await faultWith(script, { requestTimeoutMs })).code).toBe('upstreamTimeout');
  });

  it('over a stream has the time again with each read', async () => {
    await using upstream = await startUpstream((response) =>
      drip(response.writeHead(200, events), toEvent({ content: 'hi' }) + ending, 10),
    );
    const provider = connect(upstream.baseUrl, { requestTimeoutMs: 150 });
    const startedAt = performance.now();
    expect(await gather(provider, await chat({ stream: true }))).toHaveLength(5);
    expect(performance.now() - startedAt).toBeGreaterThan(150);
    await provider.close();
  });

  it('is timed out also after a reader that was slow', async () => {
    const half = toEvent({ content: 'x'.repeat(40_000) });
    await using upstream = await startUpstream(async (response) => {
      response.writeHead(200, events).write(half);
      await sleep(30);
      response.write(half);
    });
    const provider = connect(upstream.baseUrl, { requestTimeoutMs });
    const answer = await provider.invoke(await chat({ stream: true }), never());
    await sleep(250);
    const seen: number[] = [];
    const fault = await faultOf(
      (async () => {
        for await (const batch of answer.events) seen.push(batch.length);
      })(),
    );
    await provider.close();
    expect([seen, fault.code]).toEqual([[4], 'upstreamTimeout']);
  });

  it('costs those who wait for its connection their time, and is not sent their prompt', async () => {
    await using upstream = await startUpstream(() => {});
    const provider = connect(upstream.baseUrl, { requestTimeoutMs, maxConnections: 1 });
    const exchange = await chat({ stream: false });
    const faults = await Promise.all([1, 2, 3].map(() => faultOf(gather(provider, exchange))));
    await sleep(50);
    await provider.close();
    expect(faults.map(({ code }) => code)).toEqual(['upstreamTimeout', 'upstreamTimeout', 'upstreamTimeout']);
    expect(upstream.received).toHaveLength(1);
  });
});

describe('a call that is cancelled', () => {
  it('before it begins is not sent', async () => {
    await using upstream = await startUpstream((response) => void response.end());
    const provider = connect(upstream.baseUrl);
    const fault = await faultOf(provider.invoke(await chat({ stream: false }), AbortSignal.abort()));
    await provider.close();
    expect([fault.code, upstream.received.length]).toEqual(['upstreamInterrupted', 0]);
  });

  it.each([[false], [true]])('before its answer closes the connection (stream: %s)', async (stream) => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const cancel = new AbortController();
    await using upstream = await startUpstream((response) => {
      response.once('close', resolve);
      cancel.abort();
    });
    const provider = connect(upstream.baseUrl);
    const fault = await faultOf(provider.invoke(await chat({ stream }), cancel.signal));
    await closed;
    await provider.close();
    expect(fault.code).toBe('upstreamInterrupted');
  });

  it('within its answer ends the iteration and closes the connection', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await using upstream = await startUpstream((response) => {
      response.once('close', resolve);
      response.writeHead(200, events).write(toEvent({ content: 'hi' }));
    });
    const provider = connect(upstream.baseUrl);
    const cancel = new AbortController();
    const answer = await provider.invoke(await chat({ stream: true }), cancel.signal);
    const fault = await faultOf(
      (async () => {
        for await (const _ of answer.events) cancel.abort();
      })(),
    );
    await closed;
    await provider.close();
    expect(fault.code).toBe('upstreamInterrupted');
  });

  it('because its time is over is timed out', async () => {
    await using upstream = await startUpstream(() => {});
    const provider = connect(upstream.baseUrl);
    const fault = await faultOf(provider.invoke(await chat({ stream: false }), AbortSignal.timeout(50)));
    await provider.close();
    expect(fault.code).toBe('upstreamTimeout');
  });
});

describe('a provider that is closed', () => {
  it('cuts off what is under way', async () => {
    await using upstream = await startUpstream((response) => {
      response.writeHead(200, events).write(toEvent({ content: 'hi' }));
    });
    const provider = connect(upstream.baseUrl);
    const { events: batches } = await provider.invoke(await chat({ stream: true }), never());
    const rest = faultOf(Array.fromAsync(batches));
    await provider.close();
    expect((await rest).code).toBe('upstreamInterrupted');
  });

  it('is unavailable', async () => {
    const provider = connect('http://127.0.0.1:1/v1');
    await provider.close();
    expect((await faultOf(provider.invoke(await chat({ stream: false }), never()))).code).toBe('upstreamUnavailable');
  });
});
