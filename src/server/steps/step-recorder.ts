import {
  type Caller,
  countFindings,
  type Exchange,
  GatewayError,
  type Journal,
  type RequestId,
  toAnswer,
  type WireReply,
} from '../../core/index.ts';
import type { Outlet } from '../passage/outlet.ts';
import type { PassageOptions } from '../passage/passage.ts';
import { createRelease, type Release } from '../passage/release.ts';
import { toRequestRecord } from '../passage/stages.ts';
import type { StepObjects, StepPlaces } from './step-places.ts';
import { asRewritten, nobody, type ReadExchange } from './step-request.ts';
import type { Execution, StepState } from './step-state.ts';

/** What the record has of a request. */
export interface FoundRecords {
  /** Of its request's entry. */
  readonly request?: { readonly leafHash: Uint8Array; readonly time: number };
  readonly hasResponse: boolean;
}

export type RecordedFinder = (id: RequestId) => Promise<FoundRecords>;

export interface StepRecorderOptions extends Pick<PassageOptions, 'clock' | 'authorizer' | 'journal' | 'receipts'> {
  readonly places: StepPlaces;
  /** Where masked texts and replies are put down, below `replies/` and their tenant's name. */
  readonly objects: StepObjects;
  /** Asked where a try before this one may have written something. */
  readonly findRecorded: RecordedFinder;
}

/** A workflow's answer lies in a bucket, and leaves through no outlet. */
const outlet: Outlet = {
  signal: nobody,
  promise: refuse,
  open: refuse,
  write: refuse,
  end: refuse,
};

function refuse(): never {
  throw new GatewayError('internal');
}

/** Makes durable what a workflow did, once, however often a step is tried. */
export function createStepRecorder(options: StepRecorderOptions) {
  const { clock, authorizer, journal, receipts, places, findRecorded, objects } = options;

  /** What the record has already, where a try before this one may have written it. */
  async function found(place: Execution, phase: 'recorded' | 'released', id: RequestId): Promise<FoundRecords> {
    return (await places.claim(place, phase)) ? { hasResponse: false } : findRecorded(id);
  }

  /** Puts an object down for the caller; another try may have been first, and its reply may tell another latency. */
  async function put(path: string, bytes: Uint8Array): Promise<string> {
    try {
      await objects.create(path, bytes, { isLocked: false });
    } catch (cause) {
      if ((await objects.read(path)) === undefined) throw cause;
    }
    return path;
  }

  async function putReply(state: StepState, { tenant }: Caller, { status, body }: WireReply): Promise<StepState> {
    const key = await put(`replies/${tenant}/${state.requestId}/reply.json`, body);
    return { ...state, reply: { key, status } };
  }

  async function close(state: StepState, request: ReadExchange, { isThere }: Closing): Promise<WireReply> {
    const { protocol, read, exchange } = request;
    const { id, caller, model } = exchange;
    const { startedAt, answer, scanned, refusal, findings } = state;
    const writer = read.createReply({ requestId: id, createdAt: startedAt, model: model.id });
    const release = createRelease({
      id,
      caller,
      read,
      writer,
      outlet,
      clock,
      startedAt,
      findings,
      journal: isThere ? settled : linked(journal, state),
    });
    const latencyMs = clock.now() - startedAt;
    const fail = async (code: GatewayError['code']) => {
      await release.close('failed', code);
      return protocol.fault(new GatewayError(code), id);
    };
    if (refusal?.kind === 'fault') return fail(refusal.code);
    if (refusal?.kind === 'blocked') {
      await release.close('blocked');
      return writer.blocked(refusal.blocked, latencyMs);
    }
    if (answer === undefined || scanned === undefined) throw new GatewayError('internal');
    release.setAnswer({ ...answer, dropped: () => answer.dropped });
    await release.add(answer.events, scanned);
    if (answer.code !== undefined) return fail(answer.code);
    return finish(release, () => writer.whole(toAnswer(release.events), latencyMs));
  }

  return {
    /** The masked texts, for steps between ours. What the model itself sealed is nobody's to read. */
    async putSanitised(state: StepState, exchange: Exchange): Promise<StepState> {
      const { parts, id, caller } = asRewritten(exchange, state);
      const texts = parts
        .filter(({ kind }) => kind !== 'sealed')
        .map(({ origin, path, text }) => ({ origin, path, text }));
      const content = { requestId: id, findings: countFindings(state.findings), parts: texts };
      const bytes = Buffer.from(JSON.stringify(content));
      return { ...state, sanitised: await put(`replies/${caller.tenant}/${id}/sanitised.json`, bytes) };
    },

    /** Records the request; one that was refused whole, with its answer. */
    async recordRequest(state: StepState, request: ReadExchange, place: Execution): Promise<StepState> {
      const { exchange } = request;
      const { id, caller } = exchange;
      const before = await found(place, 'recorded', id);
      const record = toRequestRecord(exchange, asRewritten(exchange, state), {
        clock,
        policyVersion: authorizer.version,
        bytesReceived: state.body.length,
        stages: state.stages,
      });
      const { leafHash } = before.request ?? (await journal.append(record, caller));
      const receipt = await receipts.sign(leafHash, before.request?.time ?? record.time);
      const recorded = { ...state, recorded: { leafHash, receipt } };
      if (state.refusal === undefined) return recorded;
      return putReply(recorded, caller, await close(recorded, request, { isThere: before.hasResponse }));
    },

    /** Records the response, and puts it down. */
    async recordResponse(state: StepState, request: ReadExchange, place: Execution): Promise<StepState> {
      const { id, caller } = request.exchange;
      const { hasResponse } = await found(place, 'released', id);
      return putReply(state, caller, await close(state, request, { isThere: hasResponse }));
    },
  };
}

interface Closing {
  /** Whether the response is in the record already. */
  readonly isThere: boolean;
}

async function finish(release: Release, write: () => WireReply): Promise<WireReply> {
  // Written before the record: what cannot be put into the protocol's form must not be recorded as let out.
  const reply = write();
  await release.close(release.isBlocked ? 'blocked' : 'complete');
  return reply;
}

const settled: Pick<Journal, 'append'> = { append: async () => ({ leafHash: new Uint8Array(0) }) };

/** The journal of another process does not know the request's entry. */
function linked(journal: Journal, { recorded }: StepState): Pick<Journal, 'append'> {
  const parent = recorded === undefined ? {} : { parent: Buffer.from(recorded.leafHash).toString('hex') };
  return { append: (record, owner) => journal.append({ ...record, ...parent }, owner) };
}
