import { type AnswerEvent, type ContentPolicy, GatewayError, type OutputGuard, type Released } from '../core/index.ts';
import { createStreamScanner, type Detector } from '../detectors/index.ts';
import { type AnswerOrder, createAnswerOrder } from './answer-order.ts';
import { createAnswerOutlet } from './answer-outlet.ts';
import { isActedOn } from './detector-action.ts';
import { createHeldText, type Mask } from './held-text.ts';
import { type Inspected, inspectArguments, inspectPiece, inspectToolName } from './tool-call.ts';

export interface OutputGuardOptions {
  readonly detectors: readonly Detector[];
  readonly policy: ContentPolicy;
  readonly mask: Mask;
}

type Event<Kind extends AnswerEvent['kind']> = Extract<AnswerEvent, { kind: Kind }>;

/** UTF-16 units of arguments one tool call may have: they are held whole until they can be inspected. */
const MAX_ARGUMENTS = 1_048_576;
const NOTHING: Released = { events: [], findings: [] };

/** Makes the output side of one answer. `format` is set where JSON was asked for. */
export type CreateOutputGuard = (format?: 'json') => OutputGuard;

/** Makes the output side for each answer under one policy. Types the output policy allows are not looked for. */
export function createOutputGuards({ detectors, policy, mask }: OutputGuardOptions): CreateOutputGuard {
  // One list for all answers: what scanners derive from a list they keep as long as it.
  const lookedFor = detectors.filter((detector) => isActedOn(policy.output, detector));
  return (format) => createOutputGuard({ detectors: lookedFor, policy, mask }, format);
}

/**
 * The output side for one answer. A buffered answer goes through it as one batch.
 *
 * Text leaves masked, as soon as no further text can change it; the arguments of a tool call leave masked when they
 * are whole. Where the policy blocks, or a value cannot be masked (in a name, in a number, where JSON would no longer be
 * the same JSON), the answer ends before the finding: the open block
 * is closed, then `stop` with reason `guardrail`, then `usage` where it has come. The policy's message takes the place
 * of the answer only where nothing of it has left; behind a beginning of the model's words it would read as theirs.
 *
 * Fails with `upstreamInterrupted` where the events are out of order or a tool call's arguments are no JSON, and with
 * `inspectionFailed` where more would have to be held than the bounds allow.
 */
function createOutputGuard({ detectors, policy, mask }: OutputGuardOptions, format?: 'json'): OutputGuard {
  const inspection = { detectors, policy: policy.output, mask };
  const scanner = createStreamScanner(detectors);
  const text = createHeldText({ scanner, policy: policy.output, mask, ...(format === undefined ? {} : { format }) });
  const order: AnswerOrder = createAnswerOrder();
  const outlet = createAnswerOutlet(policy.output);

  /** The tool call whose arguments are coming in. */
  let tool: { readonly start: Event<'blockStart'>; json: string } | undefined;
  /** A tool call ended before its arguments did: only an answer that was cut short may end so. */
  let isTruncated = false;
  let isStopped = false;
  let usage: Event<'usage'> | undefined;
  let isOver = false;

  function take(event: AnswerEvent): void {
    order.check(event);
    switch (event.kind) {
      case 'start':
      case 'embedding':
      case 'proof':
        text.follow([event]);
        break;
      case 'citation':
        cite(event);
        break;
      case 'blockStart':
        start(event);
        break;
      case 'delta':
        if (tool === undefined) text.add(event.text);
        else addArguments(tool, event.text);
        break;
      case 'blockStop':
        if (tool === undefined) text.follow([event]);
        else stopTool(tool, event);
        break;
      case 'stop':
        stop(event);
        break;
      default:
        event satisfies Event<'usage'>;
        usage = event;
        if (isStopped) outlet.emit([event]);
    }
  }

  function start(event: Event<'blockStart'>): void {
    if (isTruncated) throw new GatewayError('upstreamInterrupted');
    if (event.block.kind !== 'toolUse') text.follow([event]);
    else if (accept(inspectToolName(event.block, inspection)) !== undefined) tool = { start: event, json: '' };
  }

  /** A citation repeats a passage of a document, and its names are the caller's own or the model's. */
  function cite({ index, citation }: Event<'citation'>): void {
    const { title, source, quotes, ...rest } = citation;
    const texts = [title, source, ...quotes].map((piece) =>
      piece === undefined || outlet.isBlocked ? undefined : accept(inspectPiece(piece, 'text', inspection)),
    );
    if (outlet.isBlocked) return;
    const [cleanTitle, cleanSource, ...cleanQuotes] = texts;
    const inspected = {
      ...rest,
      ...(cleanTitle === undefined ? {} : { title: cleanTitle }),
      ...(cleanSource === undefined ? {} : { source: cleanSource }),
      quotes: cleanQuotes.filter((quote) => quote !== undefined),
    };
    text.follow([{ kind: 'citation', index, citation: inspected }]);
  }

  function addArguments(call: { json: string }, fragment: string): void {
    call.json += fragment;
    if (call.json.length > MAX_ARGUMENTS) throw new GatewayError('inspectionFailed');
  }

  function stopTool(call: { readonly start: Event<'blockStart'>; json: string }, event: Event<'blockStop'>): void {
    tool = undefined;
    const inspected = inspectArguments(call.json, inspection);
    isTruncated = inspected === undefined;
    const masked = inspected === undefined ? undefined : accept(inspected);
    if (masked === undefined) return;
    const { index } = event;
    text.follow(masked === '' ? [call.start, event] : [call.start, { kind: 'delta', index, text: masked }, event]);
  }

  /** Ends the text. A tool call that was cut short is left out: nobody can inspect it, nor carry it out. */
  function stop({ stopSequence, ...event }: Event<'stop'>): void {
    if (isTruncated && (event.reason === 'toolUse' || event.reason === 'endTurn')) {
      throw new GatewayError('upstreamInterrupted');
    }
    outlet.emitSettled(text.end());
    isStopped = true;
    if (outlet.isBlocked) return;
    const sequence = stopSequence === undefined ? undefined : accept(inspectPiece(stopSequence, 'text', inspection));
    if (outlet.isBlocked) return;
    outlet.emit([sequence === undefined ? event : { ...event, stopSequence: sequence }]);
    if (usage !== undefined) outlet.emit([usage]);
  }

  /** The text that may stand for an inspected one; undefined where the answer ends before it. */
  function accept(inspected: Inspected): string | undefined {
    if (inspected.kind === 'clean') {
      outlet.note(inspected.findings);
      return inspected.text;
    }
    // Text that waits for its continuation gets none now; it may itself hold what the answer must end before.
    if (!isStopped) outlet.emitSettled(text.end());
    if (!outlet.isBlocked) outlet.note(inspected.findings);
    outlet.block(inspected.by);
    return undefined;
  }

  return {
    push(events) {
      if (isOver) return NOTHING;
      for (const event of events) {
        if (!outlet.isBlocked) take(event);
        else if (event.kind === 'usage') usage = event;
      }
      if (!outlet.isBlocked && !isStopped) outlet.emitSettled(text.settle());
      isOver = outlet.isBlocked;
      return outlet.drain(usage);
    },
    end() {
      if (isOver) return NOTHING;
      order.finish();
      if (!isStopped && usage !== undefined) outlet.emit([usage]);
      return outlet.drain(usage);
    },
  };
}
