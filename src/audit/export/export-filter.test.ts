import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../core/index.ts';
import { requestIdOf, requestOf, responseOf } from '../journal/journal-fixture.suite.ts';
import { type ExportFilter, takes, takesOwner } from './export-filter.ts';
import { actOf } from './export-scene.suite.ts';
import type { OpenedEntry } from './opened-entry.ts';

function entryOf(record: JournalRecord): OpenedEntry {
  const none = new Uint8Array(0);
  const content = { header: none, body: none, salts: none };
  return { index: 0, record, content, writer: '', leaf: none, leafHash: none, owner: { tenant: 'x', principal: 'y' } };
}

const request = { ...requestOf(requestIdOf(1)), findingCounts: { EMAIL: 1 } };
const response = { ...responseOf(requestIdOf(1)), status: 'failed', findingCounts: { PHONE: 1 } } as const;
const exchange = [entryOf(request), entryOf(response)];
const { time } = request;

describe('a filter of exports', () => {
  it.each<[ExportFilter, boolean]>([
    [{}, true],
    [{ model: request.model }, true],
    [{ model: 'another' }, false],
    [{ decision: 'pass' }, true],
    [{ decision: 'failed' }, true],
    [{ decision: 'block' }, false],
    [{ finding: 'EMAIL' }, true],
    [{ finding: 'PHONE' }, true],
    [{ finding: 'IBAN' }, false],
    [{ from: time }, true],
    [{ from: time + 1 }, false],
    [{ until: time + 1 }, true],
    [{ until: time }, false],
    [{ finding: 'EMAIL', model: 'another' }, false],
  ])('%j of an exchange: %s', (filter, expected) => {
    expect(takes(filter, exchange)).toBe(expected);
  });

  it('goes by the time of the request, wherever that stands; without one by that of the first entry', () => {
    expect(takes({ until: time + 1 }, exchange.toReversed())).toBe(true);
    expect(takes({ until: time + 1 }, exchange.slice(1))).toBe(false);
    expect(takes({ from: response.time }, exchange.slice(1))).toBe(true);
    expect(takes({}, [])).toBe(false);
  });

  it('takes acts by what they are', () => {
    expect(takes({ decision: 'test' }, [entryOf(actOf())])).toBe(true);
    expect(takes({ model: request.model }, [entryOf(actOf())])).toBe(false);
  });

  it('goes by the owner of the key', () => {
    const owner = { tenant: 'bank', principal: 'teller' };
    expect(takesOwner({}, owner)).toBe(true);
    expect(takesOwner({ tenant: 'bank', principal: 'teller' }, owner)).toBe(true);
    expect(takesOwner({ tenant: 'shop' }, owner)).toBe(false);
    expect(takesOwner({ principal: 'app' }, owner)).toBe(false);
  });
});
