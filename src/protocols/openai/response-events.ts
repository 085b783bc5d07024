import type { AnswerBlockStart, GatewayError } from '../../core/index.ts';
import { type AnswerStream, createAnswerStream, type StreamedBlock } from '../answer-stream.ts';
import { toResponseError } from './errors.ts';
import { type ItemStatus, toItemId, writeItem, writeSummaryPart, writeTextPart } from './response-item.ts';
import {
  incompleteReasons,
  type ResponseMeta,
  type ResponseState,
  toEndState,
  writeResponse,
} from './response-object.ts';

/** The writer of one streamed response; its units are server-sent events. */
export interface ResponseEvents extends AnswerStream<string> {
  /** The last events of a response that failed on its way. */
  fail(error: GatewayError): readonly string[];
}

/** An item of which something has left. */
interface StreamedItem {
  readonly id: string;
  readonly index: number;
  readonly start: AnswerBlockStart;
  /** All that was said, for the events that repeat it. */
  text: string;
  /** The same as a JSON string, once it is whole. */
  quoted: string | undefined;
  token: string | undefined;
  /** As it stands in the output. */
  json: string | undefined;
}

/** `completedAt` tells the time of the end, in epoch seconds. */
export function createResponseEvents(meta: ResponseMeta, completedAt: () => number): ResponseEvents {
  const emit = createEmit();
  const items = new Map<number, StreamedItem>();
  /** A message that has ended, the last so far: whether it was cut short the next event tells. */
  let ended: StreamedItem | undefined;

  function itemOf({ index, start }: StreamedBlock): StreamedItem {
    const known = items.get(index);
    if (known !== undefined) return known;
    const id = toItemId(meta.key, start, index);
    const made: StreamedItem = { id, index, start, text: '', quoted: undefined, token: undefined, json: undefined };
    items.set(index, made);
    return made;
  }

  function settle(isCut: boolean): readonly string[] {
    const item = ended;
    ended = undefined;
    return item === undefined ? [] : [emitDone(emit, item, isCut ? 'incomplete' : 'completed')];
  }

  const emitResponse = (type: string, state: ResponseState) => {
    const output = [...items.values()].map((item) => item.json ?? toJson(item, 'incomplete'));
    return emit(type, `,"response":${writeResponse(meta, state, output)}`);
  };

  const stream = createAnswerStream<string>({
    start: () => [
      emitResponse('response.created', { status: 'in_progress' }),
      emitResponse('response.in_progress', { status: 'in_progress' }),
    ],
    blockStart: (block) => [...settle(false), ...emitStart(emit, itemOf(block))],
    delta: (block, text) => emitDelta(emit, itemOf(block), text),
    proof(block, proof) {
      if (meta.asked.includesProofs && proof.kind === 'sealed') itemOf(block).token = proof.token;
      return [];
    },
    // An answer to a request that cannot ask for citations.
    citation: () => [],
    blockStop(block) {
      const item = itemOf(block);
      const written = emitText(emit, item);
      if (item.start.kind !== 'text') return [...written, emitDone(emit, item, 'completed')];
      const before = settle(false);
      ended = item;
      return [...before, ...written];
    },
    stop({ reason, usage }) {
      const done = settle(incompleteReasons[reason] !== undefined);
      const state = toEndState(reason, usage, completedAt());
      return [...done, emitResponse(`response.${state.status}`, state)];
    },
  });

  return {
    ...stream,
    // The first for who follows the response, the second for who reads errors: the SDKs throw on nothing else.
    fail(error) {
      const { code, message } = toResponseError(error);
      return [
        emitResponse('response.failed', { status: 'failed', error: { code, message } }),
        emit('error', `,"code":"${code}","message":${JSON.stringify(message)},"param":null`),
      ];
    },
  };
}

/** One server-sent event, numbered; `members` are its own, as JSON behind a comma. */
type Emit = (type: string, members: string) => string;

function createEmit(): Emit {
  let sequence = 0;
  return (type, members) => {
    const event = `event: ${type}\ndata: {"type":"${type}","sequence_number":${sequence}${members}}\n\n`;
    sequence += 1;
    return event;
  };
}

const place = ({ id, index }: StreamedItem) => `,"item_id":"${id}","output_index":${index}`;
const content = (item: StreamedItem) => `${place(item)},"content_index":0`;
const summary = (item: StreamedItem) => `${place(item)},"summary_index":0`;

function emitStart(emit: Emit, item: StreamedItem): readonly string[] {
  const { id, index, start } = item;
  const json = writeItem({ id, start, status: 'in_progress' });
  const added = emit('response.output_item.added', `,"output_index":${index},"item":${json}`);
  if (start.kind !== 'text') return [added];
  return [added, emit('response.content_part.added', `${content(item)},"part":${writeTextPart('""')}`)];
}

function emitDelta(emit: Emit, item: StreamedItem, text: string): readonly string[] {
  const isFirst = item.text === '';
  item.text += text;
  const delta = `,"delta":${JSON.stringify(text)}`;
  switch (item.start.kind) {
    case 'text':
      return [emit('response.output_text.delta', `${content(item)}${delta},"logprobs":[]`)];
    case 'reasoning': {
      const part = `${summary(item)},"part":${writeSummaryPart('""')}`;
      return [
        ...(isFirst ? [emit('response.reasoning_summary_part.added', part)] : []),
        emit('response.reasoning_summary_text.delta', `${summary(item)}${delta}`),
      ];
    }
    case 'toolUse':
      return [emit('response.function_call_arguments.delta', `${place(item)}${delta}`)];
    default:
      return item.start satisfies never;
  }
}

/** Repeats what was said, now that all of it is. */
function emitText(emit: Emit, item: StreamedItem): readonly string[] {
  const quoted = JSON.stringify(item.text);
  item.quoted = quoted;
  switch (item.start.kind) {
    case 'text':
      return [
        emit('response.output_text.done', `${content(item)},"text":${quoted},"logprobs":[]`),
        emit('response.content_part.done', `${content(item)},"part":${writeTextPart(quoted)}`),
      ];
    case 'reasoning':
      if (item.text === '') return [];
      return [
        emit('response.reasoning_summary_text.done', `${summary(item)},"text":${quoted}`),
        emit('response.reasoning_summary_part.done', `${summary(item)},"part":${writeSummaryPart(quoted)}`),
      ];
    case 'toolUse': {
      const name = JSON.stringify(item.start.name);
      const done = `${place(item)},"name":${name},"arguments":${quoted}`;
      return [emit('response.function_call_arguments.done', done)];
    }
    default:
      return item.start satisfies never;
  }
}

function emitDone(emit: Emit, item: StreamedItem, status: ItemStatus): string {
  item.json = toJson(item, status);
  return emit('response.output_item.done', `,"output_index":${item.index},"item":${item.json}`);
}

function toJson({ id, start, text, quoted, token }: StreamedItem, status: ItemStatus): string {
  const isEmpty = start.kind === 'reasoning' && text === '';
  return writeItem({ id, start, quoted: isEmpty ? undefined : (quoted ?? JSON.stringify(text)), token, status });
}
