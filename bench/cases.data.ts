import type { BenchModel } from './traffic.ts';

export interface BenchCase {
  readonly name: string;
  readonly about: string;
  /** Requests under way at any time. */
  readonly connections: number;
  readonly promptBytes: number;
  readonly isStream: boolean;
  readonly model: BenchModel;
}

const small = { promptBytes: 1_024, model: 'bench' } as const;
const json = { ...small, isStream: false, about: '1 KB prompt, 300-byte answer' } as const;
const paced = {
  promptBytes: 1_024,
  model: 'bench-paced',
  isStream: true,
  about: 'a stream of 52 events, 20 ms between them',
} as const;

export const cases: readonly BenchCase[] = [
  { ...json, name: 'json-c1', connections: 1 },
  { ...json, name: 'json-c16', connections: 16 },
  { ...json, name: 'json-c64', connections: 64 },
  {
    ...small,
    name: 'stream-c16',
    about: 'a stream of 52 events, each sent as soon as the one before it',
    isStream: true,
    connections: 16,
  },
  { ...paced, name: 'paced-c1', connections: 1 },
  { ...paced, name: 'paced-c16', connections: 16 },
  { ...paced, name: 'paced-c64', connections: 64 },
  {
    name: 'long-64k',
    about: '64 KB prompt, 300-byte answer',
    connections: 4,
    promptBytes: 65_536,
    isStream: false,
    model: 'bench',
  },
];
