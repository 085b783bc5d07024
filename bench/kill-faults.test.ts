import { expect, it } from 'vitest';
import { createReceiptSigner } from '../src/audit/receipt/receipt.ts';
import { findFaults } from './kill/faults.ts';
import type { Logged, LoggedExchange } from './kill/logged.ts';
import type { Observation } from './kill/observation.ts';
import { parseKillOptions } from './kill/options.ts';

const ORIGIN = 'example/log';
const ID = '019ab2c4-7d00-7a5c-9f1e-000000000001';
const leafHash = new Uint8Array(32).fill(7);
const signer = createReceiptSigner({ origin: ORIGIN, maximumMergeDelay: 5_000 });
const receipt = await signer.sign(leafHash, 1_764_000_000_000);

const exchange: LoggedExchange = {
  requests: [{ leafHash: Buffer.from(leafHash).toString('hex'), text: 'marker b ends and more' }],
  releases: [
    { sequence: 0, text: 'a b ' },
    { sequence: 1, text: 'c d ' },
  ],
  responses: [{ status: 'complete', text: 'e', bytesSent: 200 }],
  releasedBytes: 200,
};
const whole: Observation = {
  marker: 'marker b ends',
  isStream: true,
  status: 200,
  requestId: ID,
  receipt,
  text: 'a b c d e',
  bytes: 400,
  isWhole: true,
};
const part: Observation = { ...whole, text: 'a b c', isWhole: false };

function faultsOf(observation: Partial<Observation>, logged: Partial<LoggedExchange> = {}): readonly string[] {
  return findFaults([{ ...whole, ...observation }], logOf({ ...exchange, ...logged })).map((fault) =>
    fault.replace(`${ID}: `, ''),
  );
}

function logOf(...exchanges: readonly LoggedExchange[]): Logged {
  const receiptKeys = [createReceiptSigner({ origin: ORIGIN, maximumMergeDelay: 0 }).publicKey, signer.publicKey];
  return { size: 5, origin: ORIGIN, receiptKeys, exchanges: new Map(exchanges.map((one) => [ID, one])) };
}

it('finds nothing where an answer is in the log whole, or as far as the client got it', () => {
  expect(faultsOf({})).toEqual([]);
  expect(faultsOf(part)).toEqual([]);
  expect(faultsOf(part, { responses: [{ status: 'interrupted', text: '', bytesSent: 0 }] })).toEqual([]);
});

it.each<[string, Partial<Observation>, Partial<LoggedExchange>, string]>([
  ['a release that is lost', {}, { releases: exchange.releases.slice(0, 1) }, 'not let out'],
  ['a release that is gone from the middle', part, { releases: exchange.releases.slice(1) }, 'not in order'],
  ['a release that is there twice', {}, { releases: [...exchange.releases, ...exchange.releases] }, 'not in order'],
  ['text that the log does not have', { ...part, text: 'a x' }, {}, 'which was not let out'],
  ['a whole answer that is longer in the log', { text: 'a b c d ' }, {}, 'of 8 units, the log has 9'],
  [
    'a whole answer that is recorded as cut',
    { text: 'a b c d ' },
    { responses: [{ status: 'interrupted', text: '', bytesSent: 0 }] },
    'a whole answer, the log none',
  ],
  ['no response', part, { responses: [] }, 'it has 0 responses'],
  ['two responses', {}, { responses: [...exchange.responses, ...exchange.responses] }, 'it has 2 responses'],
  ['two requests', {}, { requests: [...exchange.requests, ...exchange.requests] }, 'it has 2 requests'],
  ["another's prompt", { marker: 'marker c ends' }, {}, 'does not have the prompt'],
  ['more bytes than were let out', {}, { releasedBytes: 199 }, '200 bytes left, of 199'],
  ['no receipt', { receipt: '' }, {}, 'has no receipt'],
  ['a receipt of another entry', {}, { requests: [{ leafHash: '00', text: whole.marker }] }, 'promises another entry'],
  ['what is no receipt', { receipt: 'AAAA' }, {}, 'cannot be read'],
])('finds %s', (_what, observation, logged, fault) => {
  expect(faultsOf(observation, logged)).toContainEqual(expect.stringContaining(fault));
});

it('finds an answer that the log has nothing of, and a receipt that none of its keys signed', () => {
  expect(findFaults([whole], logOf())).toEqual([`${ID}: the log has nothing of an answer with status 200`]);
  const foreign = { ...logOf(exchange), receiptKeys: [], origin: 'example/other' };
  expect(findFaults([whole], foreign)).toEqual([
    `${ID}: no key of the log signed its receipt`,
    `${ID}: its receipt is of the log ${ORIGIN}`,
  ]);
});

it('asks nothing of what was turned away, unless something was promised', () => {
  expect(findFaults([{ ...whole, status: 503, receipt: '' }], logOf())).toEqual([]);
  expect(findFaults([{ ...whole, status: 503 }], logOf())).toHaveLength(1);
});

it('reads how often to kill', () => {
  expect(parseKillOptions([])).toEqual({ runs: 1_000, quick: false });
  expect(parseKillOptions(['--quick', '--json', 'x'])).toEqual({ runs: 30, quick: true, jsonFile: 'x' });
  expect(parseKillOptions(['--runs', '7'])).toEqual({ runs: 7, quick: false });
  for (const args of [['--runs', '0'], ['--runs', 'many'], ['--fast'], ['soak']]) {
    expect(() => parseKillOptions(args)).toThrow(TypeError);
  }
});
