import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActRecord } from '../../core/index.ts';
import { denied, everything, exchanges, MARK, request, response } from './export-fixture.suite.ts';
import { toIndexedRecord } from './index-row.ts';

const place = { index: 40, segment: 'segments/0a/40-7', tenant: 'acme', principal: 'claims' };

describe('the row of a record in the index', () => {
  it('says of a request what was asked and what the stages decided', () => {
    expect(toIndexedRecord(request, place)).toEqual({
      index: 40,
      time: 1_764_000_000_000,
      type: 'request',
      requestId: request.requestId,
      tenant: 'acme',
      principal: 'claims',
      model: 'amazon.nova-lite-v1:0',
      action: 'InvokeModel',
      decision: 'rewrite',
      findings: ['EMAIL', 'PHONE'],
      segment: 'segments/0a/40-7',
    });
    expect(toIndexedRecord(denied.request, place).decision).toBe('block');
  });

  it('says of a response how it ended', () => {
    const row = toIndexedRecord({ ...response, findingCounts: { EMAIL: 2 } }, place);
    expect(row).toMatchObject({ type: 'response', decision: 'complete', findings: ['EMAIL'] });
    expect(row).not.toHaveProperty('model');
  });

  it('says of a release that there was one', () => {
    const [release = request] = everything.releases;
    const row = toIndexedRecord(release, place);
    expect(row).toMatchObject({ type: 'release', findings: [] });
    expect(Object.keys(row)).not.toEqual(expect.arrayContaining(['decision']));
  });

  it('says of an act which one, and nothing of its reason or details', () => {
    const act: ActRecord = {
      kind: 'erasure',
      requestId: request.requestId,
      time: 7,
      operator: 'ada',
      act: 'erase subject',
      reason: MARK,
      approver: MARK,
      details: { subject: MARK },
      disclosed: { erasedKeys: [MARK] },
    };
    const row = toIndexedRecord(act, { ...place, tenant: '-', principal: 'gateway' });
    expect(row).toMatchObject({ type: 'erasure', decision: 'erase subject', tenant: '-', findings: [] });
    expect(JSON.stringify(row)).not.toContain(MARK);
  });

  it('holds nothing that a caller or a model wrote, of any record', () => {
    fc.assert(
      fc.property(exchanges, ({ request: asked, releases, response: told = response }) => {
        for (const record of [asked, ...releases, told]) {
          expect(JSON.stringify(toIndexedRecord(record, place))).not.toContain(MARK);
        }
      }),
      { numRuns: 500 },
    );
  });
});
