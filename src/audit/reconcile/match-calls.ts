import { SLACK_MS } from './call-range.ts';
import type { Difference } from './differences.ts';
import type { LoggedCall } from './logged-call.ts';
import { type AnsweredCall, type AskedCall, isRefused, type RecordedCall } from './recorded-call.ts';

/** A call that AWS logged, and the record of it. `further`: not the first under its request id. */
export interface MatchedCall {
  readonly kind: 'matched' | 'further';
  readonly logged: LoggedCall;
  readonly recorded: RecordedCall;
}

/** A call that AWS logged and that has found no record yet. */
export interface LooseCall {
  readonly logged: LoggedCall;
  /** The record whose request id it claims. */
  readonly claimed?: RecordedCall;
}

/** What came of some calls of both sides. Whatever their order was, it is the same. */
export interface MatchedCalls {
  readonly matches: readonly MatchedCall[];
  readonly differences: readonly Difference[];
  /** Copies of a record of AWS that tell the same. */
  readonly repeated: number;
  readonly loose: readonly LooseCall[];
  /** Calls of ours to Bedrock that have found no record of AWS. */
  readonly alone: readonly RecordedCall[];
}

interface OwnIds {
  readonly asked: readonly AskedCall[];
  readonly answered: readonly AnsweredCall[];
  readonly logged: readonly LoggedCall[];
}

/**
 * Matches calls by our request id, which all of `logged` claim. All that have the same id are among these.
 *
 * The id is the caller's word, and it is in the header of an answer, where its caller can read it. It counts only where
 * the provider's id is that of our record, or where we know none and an invocation may have come of the call.
 */
export function matchByRequestId({ asked, answered, logged }: OwnIds): MatchedCalls {
  const answers = new Map(answered.map((answer) => [answer.requestId, answer]));
  const calls = new Map<string, RecordedCall>(
    asked.map((call) => [call.requestId, { ...call, ...answers.get(call.requestId) }]),
  );
  const { distinct, repeated } = toDistinct(logged);
  const found = collect();
  const taken = new Set<string>();
  for (const [claimedId, claims] of Map.groupBy(distinct, (call) => String(call.claimedId))) {
    const recorded = calls.get(claimedId);
    if (recorded === undefined) found.loose.push(...claims.map((call) => ({ logged: call })));
    else if (resolve(recorded, claims, found)) taken.add(claimedId);
  }
  const alone = [...calls.values()].filter(({ requestId, region }) => region !== undefined && !taken.has(requestId));
  return { ...found, repeated, alone };
}

function collect() {
  return { matches: [] as MatchedCall[], differences: [] as Difference[], loose: [] as LooseCall[] };
}

/** Whether one of these calls is that of the record. */
function resolve(recorded: RecordedCall, claims: readonly LoggedCall[], found: ReturnType<typeof collect>): boolean {
  const own = claims.filter((call) => isOwn(call, recorded)).toSorted(byStanding);
  const [first] = own;
  if (first === undefined) {
    found.loose.push(...claims.map((logged) => ({ logged, claimed: recorded })));
    return false;
  }
  found.matches.push({ kind: 'matched', logged: first, recorded });
  for (const logged of claims) {
    if (logged === first) continue;
    if (logged.requestId === first.requestId) found.differences.push({ kind: 'duplicate', logged, recorded });
    // A try before it, another of several choices, or the next text of an embedding: AWS says that the same session
    // called. Anybody else who claims the id has it from an answer.
    else if (logged.arn === first.arn && isNear(logged, recorded))
      found.matches.push({ kind: 'further', logged, recorded });
    else found.loose.push({ logged, claimed: recorded });
  }
  return true;
}

function isOwn(logged: LoggedCall, recorded: RecordedCall): boolean {
  const { region, providerRequestId } = recorded;
  if (region === undefined) return false;
  if (providerRequestId !== undefined) return logged.requestId === providerRequestId;
  // Who was refused could otherwise call past the gateway under the id of the refusal.
  return isNear(logged, recorded) && (logged.errorCode !== undefined || !isRefused(recorded));
}

function isNear(logged: LoggedCall, recorded: RecordedCall): boolean {
  return Math.abs(logged.time - recorded.time) <= SLACK_MS;
}

/** Those that went well first; among them the oldest. */
function byStanding(one: LoggedCall, other: LoggedCall): number {
  const failed = Number(one.errorCode !== undefined) - Number(other.errorCode !== undefined);
  return failed || one.time - other.time || (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
}

interface ProviderIds {
  readonly recorded: readonly RecordedCall[];
  readonly loose: readonly LooseCall[];
}

/** Matches by the provider's request id what our own has not matched. All that have the same id are among these. */
export function matchByProviderId({ recorded, loose }: ProviderIds): MatchedCalls {
  const calls = new Map(
    recorded
      .toSorted((one, other) => one.requestId.localeCompare(other.requestId))
      .map((call) => [call.providerRequestId, call]),
  );
  const claims = new Map(loose.map(({ logged, claimed }) => [JSON.stringify(logged), claimed]));
  const { distinct, repeated } = toDistinct(loose.map(({ logged }) => logged));
  const found = collect();
  const taken = new Set<RecordedCall>();
  for (const logged of distinct.toSorted(byStanding)) {
    const call = calls.get(logged.requestId);
    const claimed = claims.get(JSON.stringify(logged));
    if (call !== undefined && !taken.has(call)) {
      taken.add(call);
      found.matches.push({ kind: 'matched', logged, recorded: call });
    } else if (call !== undefined) found.differences.push({ kind: 'duplicate', logged, recorded: call });
    else if (claimed !== undefined) found.differences.push({ kind: 'claimed', logged, recorded: claimed });
    else found.loose.push({ logged });
  }
  return { ...found, repeated, alone: recorded.filter((call) => !taken.has(call)) };
}

function toDistinct(logged: readonly LoggedCall[]) {
  const distinct = [...new Map(logged.map((call) => [JSON.stringify(call), call])).values()];
  return { distinct, repeated: logged.length - distinct.length };
}
