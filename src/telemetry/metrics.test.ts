import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';
import type { RecordState } from './record-metrics.ts';
import { version } from './version.ts';

const COMMENT = /^# (?:HELP [a-z_]+ \S.*|TYPE ([a-z_]+) (counter|gauge|histogram))$/;
const SAMPLE = /^([a-z_]+)(\{(?:[a-z_]+="[^"\\\n]*",?)+\})? (-?[0-9.e+-]+|\+Inf)$/;

/** Reads text in Prometheus' exposition format 0.0.4. Throws for a line that is none, or of no type that was told. */
function parseExposition(text: string): ReadonlyMap<string, number> {
  const families = new Set<string>();
  const samples = new Map<string, number>();
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const comment = COMMENT.exec(line);
    if (comment?.[1] !== undefined) families.add(comment[1]);
    if (comment !== null) continue;
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    const family = families.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
    if (!families.has(family)) throw new Error(`no sample of a known type: ${line}`);
    if (samples.has(`${name}${labels}`)) throw new Error(`told twice: ${line}`);
    samples.set(`${name}${labels}`, Number(value));
  }
  return samples;
}

const state: RecordState = {
  isJournalAvailable: true,
  journalBytes: 4096,
  waitingBytes: 96,
  isLogBehind: false,
  isLogWritten: true,
  logEntries: 12,
  lastRoundAt: 1_764_000_000_500,
  logFaults: 2,
  lateRounds: 1,
  sinkFailures: new Map([
    ['vault', 0],
    ['hook', 3],
  ]),
};

const samplesOf = async (metrics: Awaited<ReturnType<typeof createMetrics>>) =>
  parseExposition((await metrics.expose()).text);

describe('the metrics', () => {
  it('are text of Prometheus’ format 0.0.4', async () => {
    const metrics = await createMetrics();
    metrics.watchRecord(() => state);
    const { contentType, text } = await metrics.expose();
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(parseExposition(text).get(`sallyport_build_info{version="${version}"}`)).toBe(1);
    expect(() => parseExposition('no such thing\n')).toThrow('no sample');
  });

  it('have every protocol and outcome from the start, at zero', async () => {
    const samples = await samplesOf(await createMetrics());
    const counters = [...samples].filter(([name]) => name.startsWith('sallyport_requests_total{'));
    expect(counters).toHaveLength(15);
    const counts = [...samples].filter(([name]) => name.startsWith('sallyport_request_duration_seconds_count{'));
    expect(counts).toHaveLength(15);
    expect([...counters, ...counts].every(([, value]) => value === 0)).toBe(true);
  });

  it('count requests by protocol, outcome and model, with their time in seconds', async () => {
    const metrics = await createMetrics();
    const nova = { protocol: 'openai', outcome: 'complete', model: 'nova' } as const;
    for (let begun = 0; begun < 4; begun += 1) metrics.requestBegun();
    metrics.requestEnded({ ...nova, durationMs: 40 });
    metrics.requestEnded({ ...nova, durationMs: 2_000 });
    metrics.requestEnded({ protocol: 'bedrock', code: 'unauthenticated' });
    const samples = await samplesOf(metrics);
    expect(samples.get('sallyport_requests_total{protocol="openai",outcome="complete",model="nova"}')).toBe(2);
    expect(samples.get('sallyport_requests_total{protocol="bedrock",outcome="refused",model=""}')).toBe(1);
    expect(samples.get('sallyport_faults_total{code="unauthenticated"}')).toBe(1);
    expect(samples.get('sallyport_faults_total{code="internal"}')).toBe(0);
    expect(samples.get('sallyport_open_exchanges')).toBe(1);
    const duration = (name: string, le = '') =>
      samples.get(`sallyport_request_duration_seconds_${name}{${le}protocol="openai",outcome="complete"}`);
    expect(duration('sum')).toBeCloseTo(2.04);
    expect(duration('count')).toBe(2);
    expect(duration('bucket', 'le="0.05",')).toBe(1);
    expect(duration('bucket', 'le="+Inf",')).toBe(2);
  });

  it('tell how the record stands when they are asked', async () => {
    const metrics = await createMetrics();
    let current = state;
    metrics.watchRecord(() => current);
    await metrics.expose();
    const record = async () =>
      Object.fromEntries(
        [...(await samplesOf(metrics))].filter(([name]) => !/_requests?_|_info|open_|_faults_total\{/.test(name)),
      );
    expect(await record()).toEqual({
      sallyport_log_entries: 12,
      sallyport_journal_bytes: 4096,
      sallyport_journal_waiting_bytes: 96,
      sallyport_journal_available: 1,
      sallyport_log_behind: 0,
      sallyport_log_last_round_timestamp_seconds: 1_764_000_000.5,
      sallyport_log_faults_total: 2,
      sallyport_receipts_late_total: 1,
      'sallyport_checkpoint_sink_failures_total{sink="vault"}': 0,
      'sallyport_checkpoint_sink_failures_total{sink="hook"}': 3,
    });
    current = { ...state, isJournalAvailable: false, isLogBehind: true, logFaults: 3, logEntries: undefined };
    const changed = await record();
    expect(changed).toMatchObject({ sallyport_journal_available: 0, sallyport_log_behind: 1 });
    expect(changed).toMatchObject({ sallyport_log_faults_total: 3 });
    expect(changed).not.toHaveProperty('sallyport_log_entries');
  });

  it('keep to a registry of their own', async () => {
    const [one, other] = await Promise.all([createMetrics(), createMetrics()]);
    one.requestBegun();
    expect((await samplesOf(other)).get('sallyport_open_exchanges')).toBe(0);
  });

  it('stand in the reference with their types and labels, and no other does', async () => {
    const metrics = await createMetrics();
    metrics.watchRecord(() => state);
    const { text } = await metrics.expose();
    const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type]) => {
      const [, labels = ''] = new RegExp(`^${name}(?:_bucket)?\\{([^}]*)\\}`, 'm').exec(text) ?? [];
      const names = [...labels.matchAll(/(\w+)=/g)].map(([, label = '']) => label).filter((label) => label !== 'le');
      return [name, type, names.join(', ')];
    });
    const page = readFileSync(new URL('../../docs/reference/metrics.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(sallyport_\w+)` \| (\w+) \|([^|]*)\|/gm)].map(
      ([, name, type, labels = '']) => [name, type, labels.replaceAll('`', '').trim()],
    );
    expect(rows.toSorted()).toEqual(types.toSorted());
    for (const [, rule = ''] of page.matchAll(/^ *expr: (.*)$/gm)) {
      for (const [name] of rule.matchAll(/sallyport_\w+/g)) {
        expect(text).toMatch(new RegExp(`^# TYPE ${name} `, 'm'));
      }
    }
  });
});
