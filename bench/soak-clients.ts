import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { z } from 'zod';
import { type BenchModel, toRequestBody } from './traffic.ts';

export const soakOrder = z.object({
  origin: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  durationMs: z.number(),
});
export type SoakOrder = z.infer<typeof soakOrder>;

/** By client: how many calls ended as they should, and how the others ended. */
export const soakResult = z.record(
  z.string(),
  z.object({ expected: z.int(), unexpected: z.record(z.string(), z.int()) }),
);
export type SoakResult = z.infer<typeof soakResult>;

/** How a call ended: answered whole, cut short, left by the client, or with a status other than 200. */
type Ending = 'whole' | 'cut short' | 'left' | `status ${number}`;

interface Client {
  /** How many of these there are at once. */
  readonly lanes: number;
  readonly model?: BenchModel;
  readonly isStream?: boolean;
  readonly promptBytes?: number;
  /** Hangs up after a time between these, in milliseconds. */
  readonly leavesAfterMs?: readonly [number, number];
  /** Stops reading for so long after every 64 KB, in milliseconds. */
  readonly restsMs?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly expects: (ending: Ending) => boolean;
}

const whole = (ending: Ending) => ending === 'whole';
const wholeOrLeft = (ending: Ending) => ending === 'whole' || ending === 'left';
const refused = (status: number) => (ending: Ending) => ending === `status ${status}`;
/** An upstream that fails must be told from one that answered: any fault will do, an answer that looks whole will not. */
const faulty = (ending: Ending) => ending === 'cut short' || ending.startsWith('status 5');

export const clients: Readonly<Record<string, Client>> = {
  buffered: { lanes: 4, expects: whole },
  long: { lanes: 1, promptBytes: 65_536, expects: whole },
  streamed: { lanes: 4, isStream: true, expects: whole },
  paced: { lanes: 6, model: 'bench-paced', isStream: true, expects: whole },
  hangsUp: { lanes: 4, model: 'bench-paced', isStream: true, leavesAfterMs: [1, 900], expects: wholeOrLeft },
  hangsUpEarly: { lanes: 2, model: 'bench-late', leavesAfterMs: [1, 200], expects: wholeOrLeft },
  readsSlowly: { lanes: 2, model: 'bench-flood', isStream: true, restsMs: 100, expects: whole },
  readsSlowlyAndLeaves: {
    lanes: 1,
    model: 'bench-flood',
    isStream: true,
    restsMs: 500,
    leavesAfterMs: [1_000, 2_000],
    expects: wholeOrLeft,
  },
  late: { lanes: 1, model: 'bench-late', expects: whole },
  broken: { lanes: 1, model: 'bench-broken', expects: faulty },
  brokenStream: { lanes: 1, model: 'bench-broken', isStream: true, expects: faulty },
  cut: { lanes: 1, model: 'bench-cut', expects: faulty },
  cutStream: { lanes: 1, model: 'bench-cut', isStream: true, expects: faulty },
  garbage: { lanes: 1, model: 'bench-garbage', expects: faulty },
  unknownKey: { lanes: 1, headers: { authorization: 'Bearer sk-nobody' }, expects: refused(401) },
  malformed: { lanes: 1, body: '{"model":"bench","messages":', expects: refused(400) },
};

const REST_EVERY_BYTES = 65_536;
/** Between two calls of a lane: the soak looks for what is left behind, not for the most that can be had. */
const BREATH_MS = 20;

/** Lets every client call in its way until the time is up and all have ended. */
export async function runSoak(order: SoakOrder): Promise<SoakResult> {
  const until = performance.now() + order.durationMs;
  const entries = Object.entries(clients).map(async ([name, client]) => {
    const unexpected: Record<string, number> = {};
    let expected = 0;
    const pool = new Pool(order.origin, { connections: client.lanes, headersTimeout: 60_000, bodyTimeout: 60_000 });
    const lane = async (number: number) => {
      for (let turn = number; performance.now() < until; turn += client.lanes) {
        const ending = await call({ pool, order, client }, turn);
        if (client.expects(ending)) expected += 1;
        else unexpected[ending] = (unexpected[ending] ?? 0) + 1;
        await pause(BREATH_MS);
      }
    };
    await Promise.all(Array.from({ length: client.lanes }, (_, number) => lane(number)));
    await pool.destroy();
    return [name, { expected, unexpected }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

interface Line {
  readonly pool: Pool;
  readonly order: SoakOrder;
  readonly client: Client;
}

function call({ pool, order, client }: Line, turn: number): Promise<Ending> {
  const { model = 'bench', isStream = false, promptBytes = 1_024, restsMs = 0 } = client;
  const leaving = new AbortController();
  const timer = client.leavesAfterMs && setTimeout(() => leaving.abort(), between(client.leavesAfterMs, turn));
  return new Promise<Ending>((resolve) => {
    let status = 0;
    let tail = '';
    let sinceRest = 0;
    pool.dispatch(
      {
        method: 'POST',
        path: order.path,
        headers: { ...order.headers, ...client.headers },
        body: client.body ?? toRequestBody(turn % 64, { model, promptBytes, isStream }),
      },
      {
        onRequestStart(controller) {
          leaving.signal.addEventListener('abort', () => controller.abort(new Error('the client left')));
        },
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(controller, chunk) {
          tail = (tail + chunk.toString('latin1')).slice(-16);
          sinceRest += chunk.length;
          if (restsMs === 0 || sinceRest < REST_EVERY_BYTES) return;
          sinceRest = 0;
          controller.pause();
          setTimeout(() => controller.resume(), restsMs);
        },
        onResponseEnd: () => resolve(endingOf(status, isStream ? tail.includes('[DONE]') : tail.endsWith('}'))),
        onResponseError: () => resolve(leaving.signal.aborted ? 'left' : 'cut short'),
      },
    );
  }).finally(() => clearTimeout(timer));
}

function endingOf(status: number, isWhole: boolean): Ending {
  if (status !== 200) return `status ${status}`;
  return isWhole ? 'whole' : 'cut short';
}

/** Spreads over the range from call to call, the same in every run: the golden ratio visits it evenly. */
function between([least, most]: readonly [number, number], turn: number): number {
  return least + ((turn * 0.618_034) % 1) * (most - least);
}
