// The model server behind every target, a process of its own: OpenAI chat completions with nothing behind them.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type BenchModel, completion, floodEvents, models, PACE_MS, streamEvents, usageEvent } from './traffic.ts';

/** How long a `bench-late` answer takes, in milliseconds. */
const LATE_MS = 1_500;
const EVENTS_BEFORE_CUT = 20;

const answer = Buffer.from(completion);
const events = streamEvents.map((event) => Buffer.from(event));
const eventsWithUsage = events.toSpliced(-1, 0, Buffer.from(usageEvent));
const flood = floodEvents.map((event) => Buffer.from(event));
const jsonHead = { 'content-type': 'application/json', 'content-length': answer.length };
const streamHead = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

/** The latest body, so that a test run can see what a target made of a prompt. */
let latest: Buffer = Buffer.alloc(0);

function accept(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(latest);
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [only] = chunks;
    latest = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
    void respond(latest.toString('latin1'), response);
  });
}

async function respond(body: string, response: ServerResponse): Promise<void> {
  const model = toModel(body);
  const isStream = /"stream":\s*true/.test(body);
  if (model === 'bench-late') await pause(LATE_MS);
  if (model === 'bench-broken') {
    response
      .writeHead(500, { 'content-type': 'application/json' })
      .end('{"error":{"message":"broken","type":"server"}}');
  } else if (model === 'bench-garbage') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('<html>not what was asked for');
  } else if (isStream) {
    await stream(model, body, response);
  } else if (model === 'bench-cut') {
    response.writeHead(200, jsonHead).write(answer.subarray(0, 40), () => response.destroy());
  } else {
    response.writeHead(200, jsonHead).end(answer);
  }
}

/** Writes event by event as model servers do: each leaves in a turn of its own, or in a beat of its own. */
async function stream(model: BenchModel, body: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, streamHead);
  const wantsUsage = /"include_usage":\s*true/.test(body);
  const sent = model === 'bench-flood' ? [...flood, ...events.slice(-2)] : wantsUsage ? eventsWithUsage : events;
  for (const [index, event] of sent.entries()) {
    if (response.destroyed) return;
    if (model === 'bench-cut' && index === EVENTS_BEFORE_CUT) return void response.destroy();
    if (!response.write(event)) await drained(response);
    if (model === 'bench-paced') await pause(PACE_MS);
    else await nextTurn();
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}

/** The model asked for, by its name's last segment: gateways put a provider's name before it. */
function toModel(body: string): BenchModel {
  const name = /"model":\s*"(?:[^"/]*\/)*([^"]*)"/.exec(body)?.[1];
  return models.find((model) => model === name) ?? 'bench';
}

const server = createServer({ keepAliveTimeout: 60_000 }, accept);
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit(0));
