import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type FaultCode, faults, findingTypes } from '../core/index.ts';
import { createDurations } from './durations.ts';
import { createEmf, type EmfOptions } from './emf.ts';
import { createMetrics } from './metrics.ts';
import type { RecordState } from './record-metrics.ts';
import type { EndedRequest } from './request-metrics.ts';

const NOW = 1_764_000_000_000;

/** The JSON Schema of the specification, as zod, with its bounds on values beside it. */
const metricName = z.string().min(1).max(1_024);
const emfDocument = z
  .looseObject({
    _aws: z.object({
      Timestamp: z.int().positive(),
      CloudWatchMetrics: z
        .array(
          z.strictObject({
            Namespace: z.string().min(1).max(1_024),
            Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)).min(1),
            Metrics: z
              .array(z.strictObject({ Name: metricName, Unit: z.enum(['Count', 'Bytes', 'Milliseconds', 'Seconds']) }))
              .min(1)
              .max(100),
          }),
        )
        .length(1),
    }),
  })
  .superRefine((root, context) => {
    const { _aws, ...members } = root;
    const distribution = z.strictObject({
      Values: z.array(z.number().nonnegative()).min(1).max(100),
      Counts: z.array(z.int().positive()).min(1).max(100),
      Max: z.number().nonnegative(),
      Min: z.number().nonnegative(),
      Count: z.int().positive(),
      Sum: z.number().nonnegative(),
    });
    const allowed = new Set<string>();
    for (const { Dimensions, Metrics } of _aws.CloudWatchMetrics) {
      for (const name of Dimensions.flat()) {
        allowed.add(name);
        if (!z.string().min(1).max(1_024).safeParse(members[name]).success) context.addIssue(`dimension ${name}`);
      }
      for (const { Name } of Metrics) {
        allowed.add(Name);
        if (!z.union([z.number(), distribution]).safeParse(members[Name]).success) context.addIssue(`metric ${Name}`);
      }
    }
    for (const name of Object.keys(members)) if (!allowed.has(name)) context.addIssue(`member ${name}`);
  });

function open(given: Partial<EmfOptions> = {}) {
  const lines: string[] = [];
  const emf = createEmf({
    namespace: 'Sallyport',
    tenants: ['bank', 'shop'],
    models: ['nova', 'claude'],
    now: () => NOW,
    write: (line) => lines.push(line),
    ...given,
  });
  const flush = () => {
    emf.flush();
    return lines.splice(0).map((line) => {
      expect(line).toMatch(/^[^\n]+\n$/);
      expect(Buffer.byteLength(line)).toBeLessThan(4_096);
      return emfDocument.parse(JSON.parse(line));
    });
  };
  return { emf, flush };
}

const ended = (given: Partial<EndedRequest> = {}): EndedRequest => ({
  protocol: 'openai',
  tenant: 'bank',
  model: 'nova',
  outcome: 'complete',
  durationMs: 10,
  inputTokens: 3,
  outputTokens: 4,
  bytesIn: 100,
  bytesOut: 200,
  ...given,
});

const state: RecordState = {
  isJournalAvailable: true,
  journalBytes: 4096,
  waitingBytes: 96,
  isLogBehind: false,
  isLogWritten: true,
  logEntries: 12,
  lastRoundAt: NOW - 1_500,
  logFaults: 0,
  lateRounds: 0,
  sinkFailures: new Map(),
};

describe('the metrics for CloudWatch', () => {
  it('are a line for each tenant, model and outcome, with sums and a distribution', () => {
    const { emf, flush } = open();
    emf.requestBegun();
    emf.requestEnded(ended());
    emf.requestEnded(ended({ findings: { EMAIL: 2 }, durationMs: 10_000 }));
    emf.requestEnded(ended({ findings: { EMAIL: 1 }, durationMs: 0.2 }));
    emf.requestEnded(ended({ outcome: 'blocked', code: 'contentBlocked', tenant: 'shop', model: 'claude' }));
    const [first, second, ...more] = flush();
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      _aws: { Timestamp: NOW, CloudWatchMetrics: [{ Namespace: 'Sallyport' }] },
      tenant: 'bank',
      model: 'nova',
      outcome: 'complete',
      Requests: 3,
      Blocked: 0,
      InputTokens: 9,
      OutputTokens: 12,
      BytesIn: 300,
      BytesOut: 600,
      'Findings.EMAIL': 3,
      Latency: { Counts: [1, 1, 1] },
    });
    expect(first?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([
      ['tenant'],
      ['tenant', 'model'],
      ['tenant', 'outcome'],
      ['outcome'],
    ]);
    expect(second).toMatchObject({ tenant: 'shop', outcome: 'blocked', Blocked: 1, CallerFaults: 1 });
    expect(flush()).toEqual([]);
  });

  it.each([
    ['forbidden', 'CallerFaults'],
    ['internal', 'GatewayFaults'],
    ['upstreamThrottled', 'ProviderFaults'],
  ] as const)('tell whose fault %s is', (code, name) => {
    const { emf, flush } = open();
    emf.requestEnded({ protocol: 'openai', code });
    expect(flush()).toMatchObject([{ tenant: 'none', model: 'none', outcome: 'refused', [name]: 1, Requests: 1 }]);
  });

  it('hold at most a hundred values of a distribution, each near what it was', () => {
    const durations = createDurations();
    for (let ms = 0; ms < 1_000_000; ms += 37) durations.add(ms);
    for (const odd of [Number.NaN, -1, Number.POSITIVE_INFINITY]) durations.add(odd);
    const { Values, Counts } = durations.take();
    expect(Values.length).toBeLessThanOrEqual(100);
    expect(Counts.reduce((sum, count) => sum + count, 0)).toBe(Math.ceil(1_000_000 / 37) + 3);
    for (const ms of [1, 7, 450, 9_999, 123_456, 600_000]) {
      const one = createDurations();
      one.add(ms);
      expect(Math.abs((one.take().Values[0] ?? 0) / ms - 1)).toBeLessThan(0.085);
    }
  });

  it('hold nothing but names of the configuration, whatever a request has, and no more lines than these allow', () => {
    const text = fc.option(fc.oneof(fc.constantFrom('bank', 'nova'), fc.string()), { nil: undefined });
    const outcome = fc.constantFrom('complete', 'blocked', 'interrupted', 'failed', 'refused', undefined);
    const code = fc.constantFrom(...(Object.keys(faults) as FaultCode[]));
    const finding = fc.dictionary(fc.oneof(fc.constantFrom(...findingTypes), fc.string()), fc.nat(9));
    const request = fc.record({ tenant: text, model: text, outcome, code, findings: finding, durationMs: fc.nat() });
    fc.assert(
      fc.property(fc.array(request), (requests) => {
        const { emf, flush } = open();
        for (const one of requests) emf.requestEnded({ protocol: 'bedrock', ...one } as EndedRequest);
        const documents = flush();
        expect(documents.length).toBeLessThanOrEqual(4 * 4 * 5);
        for (const { _aws, tenant, model, ...rest } of documents) {
          expect(['bank', 'shop', 'other', 'none']).toContain(tenant);
          expect(['nova', 'claude', 'other', 'none']).toContain(model);
          const names = Object.keys(rest).map((name) => name.replace(/^Findings\./, ''));
          for (const name of names) expect(name).toMatch(/^[A-Za-z_]+$/);
        }
        expect(documents.reduce((sum, { Requests }) => sum + Number(Requests), 0)).toBe(requests.length);
      }),
    );
  });

  it('tell how the record stands, and how far the log is behind once that is known', () => {
    const { emf, flush } = open();
    let current = state;
    emf.watchRecord(() => current);
    expect(flush()).toMatchObject([{ RecordWaiting: 96, RecordUnavailable: 0, RecordLag: 1.5 }]);
    current = { ...state, isLogBehind: true, lastRoundAt: 0 };
    const [later] = flush();
    expect(later).toMatchObject({ RecordUnavailable: 1 });
    expect(later).not.toHaveProperty('RecordLag');
    // By a clock that is behind that of who told.
    current = { ...state, lastRoundAt: NOW + 900 };
    expect(flush()).toMatchObject([{ RecordLag: 0 }]);
  });

  it('tell of each run that took the record into the log, once, and nothing that is not known', () => {
    const { emf, flush } = open();
    emf.sequencerRan({ hasFailed: false, interrupted: 2, backlog: { lagMs: 90_500, entries: 7, bytes: 12_345 } });
    emf.sequencerRan({ hasFailed: true, interrupted: 0 });
    const [whole, failed, ...more] = flush();
    expect(more).toEqual([]);
    expect(whole).toMatchObject({
      RecordFaults: 0,
      RecordInterrupted: 2,
      RecordLag: 90.5,
      RecordBacklog: 7,
      RecordWaiting: 12_345,
    });
    expect(whole?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([[]]);
    expect(Object.keys(failed ?? {})).toEqual(['_aws', 'RecordFaults', 'RecordInterrupted']);
    expect(failed).toMatchObject({ RecordFaults: 1 });
    expect(flush()).toEqual([]);
  });

  it('fail no request and lose no later one where nobody takes them', () => {
    let isBroken = true;
    const lines: string[] = [];
    const write = (line: string) => {
      if (isBroken) throw new Error('EAGAIN');
      lines.push(line);
    };
    const { emf } = open({ write });
    emf.requestEnded(ended());
    emf.flush();
    isBroken = false;
    emf.requestEnded(ended());
    emf.flush();
    expect(lines.map((line) => JSON.parse(line).Requests)).toEqual([1]);
  });

  it('count what those of Prometheus count', async () => {
    const { emf, flush } = open();
    const metrics = await createMetrics([emf]);
    metrics.watchRecord(() => state);
    metrics.requestBegun();
    metrics.requestEnded(ended());
    expect(flush()).toMatchObject([{ Requests: 1 }, { RecordWaiting: 96 }]);
    expect((await metrics.expose()).text).toContain('outcome="complete",model="nova"} 1');
  });

  it('go to standard output unless told', () => {
    const module = JSON.stringify(join(import.meta.dirname, 'emf.ts'));
    const program = `import { createEmf } from ${module};
      const emf = createEmf({ namespace: 'N', tenants: [], models: [], now: () => 1 });
      emf.requestEnded({ protocol: 'openai' });
      emf.flush();`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(emfDocument.parse(JSON.parse(out))).toMatchObject({ tenant: 'none', Requests: 1 });
  });

  it('stand in the reference, and no other does', () => {
    const { emf, flush } = open();
    emf.watchRecord(() => state);
    for (const code of ['forbidden', 'internal', 'upstreamFailed'] as const) {
      emf.requestEnded(ended({ code, findings: { EMAIL: 1 } }));
    }
    emf.sequencerRan({ hasFailed: false, interrupted: 0, backlog: { lagMs: 0, entries: 0, bytes: 0 } });
    const all = flush().flatMap(({ _aws }) => _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics));
    // The lag and what waits are told by gateways and by the function that writes the log.
    const told = [...new Map(all.map((metric) => [`${metric.Name} ${metric.Unit}`, metric])).values()];
    const page = readFileSync(new URL('../../docs/reference/metrics.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([A-Z]\w+)(?:\.TYPE)?` \| (\w+) \|/gm)].map(([, name, unit]) => [name, unit]);
    expect(rows.toSorted()).toEqual(told.map(({ Name, Unit }) => [Name.replace(/\..*/, ''), Unit]).toSorted());
  });
});
