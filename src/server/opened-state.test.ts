import { afterEach, describe, expect, it, vi } from 'vitest';
import { openStateSource, toStateSource } from './opened-state.ts';
import { StartError } from './start-error.ts';

const directory = { stateFile: '/data/state/state.db' };
const keyRing = { derive: () => new Uint8Array(32) };

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('where the state is', () => {
  it('is the data directory, unless the configuration has a table of DynamoDB', () => {
    expect(toStateSource({ config: { state: { kind: 'file' }, fips: true }, directory })).toEqual({
      kind: 'file',
      file: '/data/state/state.db',
    });
    const state = { kind: 'dynamodb', region: 'eu-central-1', table: 'state', journalTable: 'journal' } as const;
    const source = { kind: 'dynamodb', region: 'eu-central-1', table: 'state' };
    expect(toStateSource({ config: { state, fips: true }, directory })).toEqual({ ...source, fips: true });
    const endpoint = 'http://127.0.0.1:8000';
    expect(toStateSource({ config: { state: { ...state, endpoint }, fips: false }, directory })).toEqual({
      ...source,
      fips: false,
      endpoint,
    });
  });

  it.each([
    { kind: 'file', file: '/nowhere/at/all/state.db' },
    { kind: 'dynamodb', region: 'eu-central-1', table: 'state', endpoint: 'http://127.0.0.1:1' },
  ] as const)('cannot be opened, and the operator is told: $kind', async (source) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    await expect(openStateSource(source, keyRing)).rejects.toThrow(StartError);
    await expect(openStateSource(source, keyRing)).rejects.toThrow(/^the state cannot be opened: /);
  });
});
