import { Agent, type IncomingMessage, request } from 'node:http';
import { createFrameReader } from '../../src/protocols/bedrock/event-stream.ts';
import { toProse } from '../prose.ts';
import type { Observation } from './observation.ts';

const LANES = 8;
const MODEL = 'amazon.nova-lite-v1:0';

/** Lanes that call one after the other, each over a connection of its own that it keeps. */
export interface Clients {
  /** No new calls; resolves once those under way have ended, to what came of all. */
  stop(): Promise<readonly Observation[]>;
}

interface Target {
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Different at each start: no marker comes twice. */
  readonly run: number;
}

/** Starts to call. A lane ends by itself once nobody answers. */
export function startClients(target: Target): Clients {
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  const observations: Observation[] = [];
  let isStopping = false;
  const lane = async (number: number) => {
    for (let turn = 0; !isStopping; turn += 1) {
      const observation = await call(agent, target, { lane: number, turn });
      if (observation.status !== 0) observations.push(observation);
      else return;
    }
  };
  const lanes = Array.from({ length: LANES }, (_, number) => lane(number));
  return {
    async stop() {
      isStopping = true;
      await Promise.all(lanes);
      agent.destroy();
      return observations;
    },
  };
}

interface Turn {
  readonly lane: number;
  readonly turn: number;
}

/** Streams that say what they are told at once, streams that take their time, and buffered answers. */
function promptOf(marker: string, { lane, turn }: Turn): { readonly text: string; readonly isStream: boolean } {
  const prose = toProse(lane * 1_000 + turn, 60 + 40 * ((lane + turn) % 8));
  switch (turn % 3) {
    case 0:
      return { text: `${marker} ${prose}`, isStream: false };
    case 1:
      return { text: `${marker} ${prose}`, isStream: true };
    default:
      return { text: `sim:stream 25x${1 + (turn % 8)}ms\n${marker}`, isStream: true };
  }
}

/** Letters alone: digits could be a number that inspection masks. */
function toMarker(numbers: readonly number[]): string {
  const letters = numbers.map((number) =>
    String(number).replaceAll(/[0-9]/g, (digit) => 'bcdfghjkmn'[Number(digit)] ?? ''),
  );
  return `marker ${letters.join(' a ')} ends`;
}

function call(agent: Agent, { endpoint, headers, run }: Target, turn: Turn): Promise<Observation> {
  const marker = toMarker([run, turn.lane, turn.turn]);
  const { text, isStream } = promptOf(marker, turn);
  const { hostname, port } = new URL(endpoint);
  const path = `/model/${MODEL}/${isStream ? 'converse-stream' : 'converse'}`;
  return new Promise((resolve) => {
    const sent = request({ agent, hostname, port, path, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      const end = (isEnded: boolean) => resolve(observe(response, { chunks, isEnded, marker, isStream }));
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => end(true));
      response.on('error', () => end(false));
    });
    sent.on('error', () => resolve({ ...nothing, marker, isStream }));
    sent.end(JSON.stringify({ messages: [{ role: 'user', content: [{ text }] }] }));
  });
}

const nothing = { status: 0, requestId: '', receipt: '', text: '', bytes: 0, isWhole: false };

interface Got extends Pick<Observation, 'marker' | 'isStream'> {
  readonly chunks: readonly Buffer[];
  readonly isEnded: boolean;
}

function observe(
  { statusCode = 0, headers }: IncomingMessage,
  { chunks, isEnded, marker, isStream }: Got,
): Observation {
  const body = Buffer.concat(chunks);
  const header = (name: string) => String(headers[name] ?? '');
  const read = isStream && statusCode === 200 ? readFrames(body) : readBody(body, isEnded);
  return {
    marker,
    isStream,
    status: statusCode,
    requestId: header('x-sallyport-request-id'),
    receipt: header('x-sallyport-record'),
    text: read.text,
    bytes: body.length,
    isWhole: isEnded && read.isWhole,
  };
}

interface Read {
  readonly text: string;
  readonly isWhole: boolean;
}

/** Up to the first frame that is not whole. */
function readFrames(body: Buffer): Read {
  let text = '';
  let isWhole = false;
  for (const { headers, payload } of createFrameReader().push(body)) {
    const type = headers.get(':event-type')?.value;
    if (type === 'metadata') isWhole = true;
    if (type !== 'contentBlockDelta') continue;
    const event: { readonly delta: { readonly text?: string } } = JSON.parse(Buffer.from(payload).toString());
    text += event.delta.text ?? '';
  }
  return { text, isWhole };
}

/** Of a body that was cut, what stands of its text: prompts have no character that JSON escapes. */
function readBody(body: Buffer, isEnded: boolean): Read {
  const [, text = ''] = /"text":"([^"]*)/.exec(body.toString()) ?? [];
  return { text, isWhole: isEnded };
}
