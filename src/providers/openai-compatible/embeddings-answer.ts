import type { Embedding } from '../../core/index.ts';
import { failed } from './upstream-fault.ts';
import { parseUsage } from './usage.ts';
import type { ReadAnswer } from './whole-answer.ts';
import { isBlank, parseObject } from './wire-value.ts';

/**
 * The events of an embeddings answer. Throws `upstreamFailed` unless it has one vector of finite numbers for each input,
 * all of one length, which is the one asked for where one was.
 */
export function parseEmbeddingsAnswer(value: unknown, { inputs, dimensions }: Embedding): ReadAnswer {
  const { data, usage, error } = parseObject(value);
  if (!isBlank(error)) throw failed('an error in the place of an answer');
  if (!Array.isArray(data) || data.length !== inputs.length) throw failed('another number of embeddings');
  const vectors: (readonly number[])[] = [];
  let length = dimensions;
  for (const [position, entry] of data.entries()) {
    const { index = position, embedding } = parseObject(entry);
    // As many as inputs, each in its own place: then none is missing.
    if (!isPlace(index, data.length) || vectors[index] !== undefined) throw failed('another number of embeddings');
    const vector = parseVector(embedding);
    length ??= vector.length;
    if (vector.length !== length) throw failed('an embedding of another length');
    vectors[index] = vector;
  }
  const events = [
    { kind: 'start' } as const,
    ...vectors.map((vector, index) => ({ kind: 'embedding', index, vector }) as const),
    { kind: 'stop', reason: 'endTurn' } as const,
    ...(isBlank(usage) ? [] : [{ kind: 'usage', usage: parseUsage(usage) } as const]),
  ];
  return { id: undefined, events };
}

function isPlace(index: unknown, length: number): index is number {
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < length;
}

function parseVector(value: unknown): readonly number[] {
  if (!Array.isArray(value) || value.length === 0) throw failed('an embedding that is no list of numbers');
  for (const number of value) {
    if (typeof number !== 'number' || !Number.isFinite(number)) throw failed('an embedding that is no list of numbers');
  }
  return value;
}
