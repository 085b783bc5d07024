import { startFront } from '../../tools/lambda-front.ts';
import { type CallKind, toCallKinds } from './calls.ts';
import type { Invocation, MeasuredFunction } from './measured-function.ts';
import type { Scene } from './scene.ts';
import { meanOf, plus, toShares, toUse, type Use } from './use.ts';

/** Where a function has one processor (AWS Lambda developer guide, "Configure Lambda function memory"). */
export const GATEWAY_MIB = 1_769;
export const SEQUENCER_MIB = 512;

/** Calls of one kind, and what became of them. */
export interface KindRun {
  readonly kind: CallKind;
  readonly invocations: readonly Invocation[];
  /** Of the gateway, for each call. */
  readonly gateway: Use;
  /** Of the sequencer, for each wake whatever there is, and for each exchange that is there. */
  readonly sequencer: { readonly fixed: Use; readonly each: Use };
}

export interface Ran {
  readonly cold: Invocation;
  readonly kinds: readonly KindRun[];
  readonly gatewayPeakMiB: number;
  readonly sequencerPeakMiB: number;
}

interface RunOptions {
  readonly quick: boolean;
  readonly onProgress: (text: string) => void;
}

/** Calls a function in every way, one call at a time, and takes what it records into the log. */
export async function runCalls(scene: Scene, { quick, onProgress }: RunOptions): Promise<Ran> {
  const gateway = await scene.start('lambda.handler');
  const sequencer = await scene.start('sequencer.handler');
  const front = await startFront(gateway);
  try {
    const kinds = toCallKinds({ endpoint: front.endpoint, apiKey: scene.apiKey, quick });
    const number = createNumbers();
    await kinds[0]?.ask(number());
    const cold = await gateway.last();
    // Opens what it needs, and begins the log.
    await wakeUntilDone(sequencer);
    const runs: KindRun[] = [];
    for (const kind of kinds) {
      onProgress(`${kind.calls} calls: ${kind.name}, ${kind.about}`);
      runs.push(await runKind(kind, { gateway, sequencer, number }));
    }
    return { cold, kinds: runs, gatewayPeakMiB: gateway.peakMiB(), sequencerPeakMiB: sequencer.peakMiB() };
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

async function runKind(kind: CallKind, { gateway, sequencer, number }: Parts): Promise<KindRun> {
  async function call(times: number): Promise<readonly Invocation[]> {
    const invocations: Invocation[] = [];
    for (let index = 0; index < times; index += 1) {
      await kind.ask(number());
      invocations.push(await gateway.last());
    }
    return invocations;
  }

  await call(kind.warmUp);
  await wakeUntilDone(sequencer);
  const single = await call(1);
  const few = { use: await wakeUntilDone(sequencer), exchanges: 1 };
  const others = await call(kind.calls);
  const many = { use: await wakeUntilDone(sequencer), exchanges: kind.calls };
  const invocations = [...single, ...others];
  return { kind, invocations, gateway: meanOf(invocations.map(toGatewayUse)), sequencer: toShares(few, many) };
}

function toGatewayUse({ calls, log, durationMs }: Invocation): Use {
  return { ...toUse({ calls, log, seconds: durationMs / 1_000, memoryMiB: GATEWAY_MIB }), requests: 1 };
}

/** Wakes the sequencer until it has taken all there is. Gives what that came to. */
async function wakeUntilDone(sequencer: MeasuredFunction): Promise<Use> {
  const uses: Use[] = [];
  for (;;) {
    const { payload } = await sequencer.invoke({});
    const { calls, log, durationMs } = await sequencer.last();
    uses.push(toUse({ calls, log, seconds: durationMs / 1_000, memoryMiB: SEQUENCER_MIB }));
    const { hasMore }: { readonly hasMore?: boolean } = JSON.parse(payload.toString());
    if (hasMore === undefined) throw new Error(`the sequencer failed: ${payload}`);
    if (!hasMore) return uses.reduce(plus);
  }
}
