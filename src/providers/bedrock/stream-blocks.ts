import type { AnswerBlockStart, AnswerEvent } from '../../core/index.ts';
import { parseCitation } from './citation.ts';
import type { AnswerReading } from './converse-answer.ts';
import { createProofGatherer, type ProofGatherer } from './reasoning.ts';
import { isOfProviderTool, parseToolUse } from './tool-use.ts';
import { notCarried, parseObject, parseText } from './wire-value.ts';

/** The content blocks of one streamed answer, by their index. What is malformed or not carried throws `upstreamFailed`. */
export interface StreamBlocks {
  start(index: number, value: unknown): readonly AnswerEvent[];
  delta(index: number, value: unknown): readonly AnswerEvent[];
  stop(index: number): readonly AnswerEvent[];
  /** Stops those that are open still. */
  stopAll(): readonly AnswerEvent[];
}

/** A block that has begun. */
type OpenBlock =
  | { readonly kind: 'text' | 'toolUse' }
  | { readonly kind: 'reasoning'; readonly proof: ProofGatherer }
  /** Of a tool at the provider: counted, and left out. */
  | { readonly kind: 'leftOut' };

export function createStreamBlocks(reading: AnswerReading): StreamBlocks {
  const open = new Map<number, OpenBlock>();

  function start(index: number, value: unknown): readonly AnswerEvent[] {
    const [kind, content] = onlyMember(value);
    if (isOfProviderTool(kind, content, reading.asked.hasProviderTools)) {
      reading.dropped.add();
      open.set(index, { kind: 'leftOut' });
      return [];
    }
    if (kind !== 'toolUse') throw notCarried('a block of no known kind');
    open.set(index, { kind });
    return [{ kind: 'blockStart', index, block: parseToolUse(content) }];
  }

  function delta(index: number, value: unknown): readonly AnswerEvent[] {
    const block = open.get(index);
    if (block?.kind === 'leftOut') return [];
    const [kind, content] = onlyMember(value);
    switch (kind) {
      case 'text':
        return [...beginText(open, index), { kind: 'delta', index, text: parseText(content) }];
      case 'toolUse':
        if (block?.kind !== 'toolUse') throw notCarried('arguments of no tool call');
        return [{ kind: 'delta', index, text: parseText(parseObject(content).input) }];
      case 'reasoningContent':
        return reasoningDelta(open, index, content);
      case 'citation': {
        const citation = parseCitation(content, reading);
        return [...beginText(open, index), { kind: 'citation', index, citation }];
      }
      default:
        throw notCarried('content that this gateway does not carry');
    }
  }

  function stop(index: number): readonly AnswerEvent[] {
    const block = open.get(index);
    open.delete(index);
    if (block === undefined || block.kind === 'leftOut') return [];
    const proof = block.kind === 'reasoning' ? block.proof.proof() : undefined;
    return [...(proof === undefined ? [] : [{ kind: 'proof', index, proof } as const]), { kind: 'blockStop', index }];
  }

  return { start, delta, stop, stopAll: () => [...open.keys()].flatMap(stop) };
}

/** Text and reasoning have no start of their own: their first delta is it. */
function beginText(open: Map<number, OpenBlock>, index: number): readonly AnswerEvent[] {
  const known = open.get(index);
  if (known?.kind === 'text') return [];
  if (known !== undefined) throw notCarried('a block of two kinds');
  open.set(index, { kind: 'text' });
  return [started(index, 'text')];
}

function reasoningDelta(open: Map<number, OpenBlock>, index: number, value: unknown): readonly AnswerEvent[] {
  const known = open.get(index);
  if (known !== undefined && known.kind !== 'reasoning') throw notCarried('a block of two kinds');
  const block = known ?? { kind: 'reasoning', proof: createProofGatherer() };
  open.set(index, block);
  const begun = known === undefined ? [started(index, 'reasoning')] : [];
  const [kind, content] = onlyMember(value);
  switch (kind) {
    case 'text':
      return [...begun, { kind: 'delta', index, text: parseText(content) }];
    case 'signature':
      block.proof.sign(content);
      return begun;
    case 'redactedContent':
      block.proof.redact(content);
      return begun;
    default:
      throw notCarried('reasoning of no known kind');
  }
}

function started(index: number, kind: Exclude<AnswerBlockStart['kind'], 'toolUse'>): AnswerEvent {
  return { kind: 'blockStart', index, block: { kind } };
}

/** The one member that a union of the service model has. */
function onlyMember(value: unknown): readonly [string, unknown] {
  const [member, ...others] = Object.entries(parseObject(value));
  if (member === undefined || others.length > 0) throw notCarried('content of no one kind');
  return member;
}
