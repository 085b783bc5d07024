import { startFront } from '../../tools/lambda-front.ts';
import { type CallKind, toCallKinds } from './calls.ts';
import type { Invocation, MeasuredFunction } from './measured-function.ts';
import type { Scene } from './scene.ts';
import { meanOf, plus, times, toShares, toUse, type Use } from './use.ts';

/** Where a function has one processor (AWS Lambda developer guide, "Configure Lambda function memory"). */
export const GATEWAY_MIB = 1_769;
export const SEQUENCER_MIB = 512;

/** Calls of one kind, and what became of them. */
export interface KindRun {
  readonly kind: CallKind;
  readonly invocations: readonly Invocation[];
  /** Of the gateway, for each call. */
  readonly gateway: Use;
  /** Of the sequencer, for each call beyond what its wake takes. */
  readonly sequencer: Use;
}

export interface Ran {
  /** The first calls of functions, but for the very first one, which makes keys that are then there. */
  readonly cold: readonly Invocation[];
  readonly kinds: readonly KindRun[];
  /** Of the sequencer, whenever it is woken and there is something, without what it takes of that. */
  readonly wake: Use;
  /** And when there is nothing. */
  readonly emptyWake: Use;
  readonly gatewayPeakMiB: number;
  readonly sequencerPeakMiB: number;
}

interface RunOptions {
  readonly quick: boolean;
  readonly onProgress: (text: string) => void;
}

/** Calls a function in every way, one call at a time, and takes what it records into the log. */
export async function runCalls(scene: Scene, { quick, onProgress }: RunOptions): Promise<Ran> {
  const number = createNumbers();
  onProgress('cold calls');
  const cold: Invocation[] = [];
  for (let start = 0; start <= (quick ? 1 : 3); start += 1) cold.push(await callCold(scene, number()));
  const gateway = await scene.start('lambda.handler');
  const sequencer = await scene.start('sequencer.handler');
  const front = await startFront(gateway);
  try {
    const kinds = toCallKinds({ endpoint: front.endpoint, apiKey: scene.apiKey, quick });
    const parts: Parts = { gateway, sequencer, number };
    onProgress('wakes of the sequencer');
    const wakes = await runWakes(kinds[0], { ...parts, rounds: quick ? 2 : 10 });
    const runs: KindRun[] = [];
    for (const kind of kinds) {
      onProgress(`${kind.calls} calls: ${kind.name}, ${kind.about}`);
      runs.push(await runKind(kind, { ...parts, wake: wakes.wake }));
    }
    const peaks = { gatewayPeakMiB: gateway.peakMiB(), sequencerPeakMiB: sequencer.peakMiB() };
    return { cold: cold.slice(1), kinds: runs, ...wakes, ...peaks };
  } finally {
    await front.close();
  }
}

/** The first call of a function that is then stopped. */
async function callCold(scene: Scene, number: number): Promise<Invocation> {
  await using gateway = await scene.start('lambda.handler');
  const front = await startFront(gateway);
  try {
    await toCallKinds({ endpoint: front.endpoint, apiKey: scene.apiKey, quick: true })[0]?.ask(number);
    return await gateway.last();
  } finally {
    await front.close();
  }
}

/** Numbers that no prompt has had yet. */
function createNumbers(): () => number {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}

interface Parts {
  readonly gateway: MeasuredFunction;
  readonly sequencer: MeasuredFunction;
  readonly number: () => number;
}

/** Wakes the sequencer for one call, for several, and for nothing. */
async function runWakes(
  kind: CallKind | undefined,
  { sequencer, number, rounds }: Parts & { readonly rounds: number },
): Promise<Pick<Ran, 'wake' | 'emptyWake'>> {
  const exchanges = 10;
  // Opens what it needs, and begins the log.
  await wakeUntilDone(sequencer);
  const [few, many, empty]: [Use[], Use[], Use[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    await kind?.ask(number());
    few.push((await wakeUntilDone(sequencer)).use);
    for (let call = 0; call < exchanges; call += 1) await kind?.ask(number());
    many.push((await wakeUntilDone(sequencer)).use);
    empty.push((await wakeUntilDone(sequencer)).use);
  }
  const { fixed } = toShares({ use: meanOf(few), exchanges: 1 }, { use: meanOf(many), exchanges });
  return { wake: fixed, emptyWake: meanOf(empty) };
}

async function runKind(
  kind: CallKind,
  { gateway, sequencer, number, wake }: Parts & { readonly wake: Use },
): Promise<KindRun> {
  for (let call = 0; call < kind.warmUp; call += 1) await kind.ask(number());
  await wakeUntilDone(sequencer);
  const invocations: Invocation[] = [];
  for (let call = 0; call < kind.calls; call += 1) {
    await kind.ask(number());
    invocations.push(await gateway.last());
  }
  const { use, wakes } = await wakeUntilDone(sequencer);
  const { each } = toShares({ use: times(wake, wakes), exchanges: 0 }, { use, exchanges: kind.calls });
  return { kind, invocations, gateway: meanOf(invocations.map(toGatewayUse)), sequencer: each };
}

function toGatewayUse(invocation: Invocation): Use {
  return { ...toUse(invocation, GATEWAY_MIB), requests: 1 };
}

/** Wakes the sequencer until it has taken all there is. Gives what that came to. */
async function wakeUntilDone(sequencer: MeasuredFunction): Promise<{ readonly use: Use; readonly wakes: number }> {
  const uses: Use[] = [];
  for (;;) {
    const { payload } = await sequencer.invoke({});
    uses.push(toUse(await sequencer.last(), SEQUENCER_MIB));
    const { hasMore }: { readonly hasMore?: boolean } = JSON.parse(payload.toString());
    if (hasMore === undefined) throw new Error(`the sequencer failed: ${payload}`);
    if (!hasMore) return { use: uses.reduce(plus), wakes: uses.length };
  }
}
