import { describe, expect, it } from 'vitest';
import { StateError } from '../state-error.ts';
import { retrying } from './retrying.ts';

const cancelled = (...codes: readonly (string | undefined)[]) =>
  Object.assign(new Error('needle'), {
    name: 'TransactionCanceledException',
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
const named = (name: string) => Object.assign(new Error('needle'), { name });

async function triesOf(error: unknown, failures: number): Promise<number> {
  let tries = 0;
  await retrying('do it', async () => {
    tries += 1;
    if (tries <= failures) throw error;
  });
  return tries;
}

describe('a request that another write was in the way of', () => {
  it.each([
    ['a conflict', named('TransactionConflictException')],
    ['a transaction under way', named('TransactionInProgressException')],
    ['a transaction in conflict', cancelled('None', 'TransactionConflict')],
    ['a throttled transaction', cancelled('ThrottlingError', undefined, 'ProvisionedThroughputExceeded')],
  ])('is made again: %s', async (_, error) => {
    expect(await triesOf(error, 3)).toBe(4);
  });

  it('is given up after ten tries', async () => {
    await expect(triesOf(named('TransactionConflictException'), 9)).resolves.toBe(10);
    await expect(triesOf(named('TransactionConflictException'), 10)).rejects.toThrow(StateError);
  });
});

describe('a request that is refused', () => {
  it.each([
    ['AccessDeniedException', named('AccessDeniedException')],
    ['TransactionCanceledException', cancelled('ConditionalCheckFailed', 'TransactionConflict')],
    ['TransactionCanceledException', cancelled()],
    ['TransactionCanceledException', named('TransactionCanceledException')],
    ['unknown error', undefined],
  ])('is not made again, and told by its name alone: %s', async (name, cause) => {
    const message = `the state in DynamoDB could not do it: ${name}`;
    await expect(triesOf(cause, 1)).rejects.toMatchObject({ message, cause });
  });
});
