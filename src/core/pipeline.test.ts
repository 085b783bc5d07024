import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { Finding } from './finding.ts';
import { createRequestId, parseModelId, parsePrincipalId, parseTenantId } from './ids.ts';
import { createPartList } from './part.ts';
import type { Stage, Verdict } from './pipeline.ts';
import { assertCleared, inspect } from './pipeline.ts';

function exchangeOf(text: string): Exchange {
  const list = createPartList();
  const input = list.add({ kind: 'text', origin: 'user', path: '/input', text });
  return {
    id: createRequestId(0, new Uint8Array(10)),
    caller: {
      tenant: parseTenantId('acme'),
      principal: parsePrincipalId('app'),
      credentialId: 'k1',
      credentialKind: 'apiKey',
    },
    protocol: 'openai',
    operation: 'embeddings',
    action: 'InvokeModel',
    model: { id: parseModelId('m'), provider: 'p', providerModelId: 'm' },
    request: { kind: 'embedding', inputs: [input] },
    parts: list.parts,
    findings: [],
  };
}

const FIRST = createPartList().add({ kind: 'text', origin: 'user', path: '', text: '' });

const stage = (name: string, run: Stage['run'], timeoutMs = 1_000): Stage => ({ name, timeoutMs, run });
const says = (verdict: Verdict): Stage => stage(verdict.kind, () => verdict);
const appends = (letter: string): Stage =>
  stage(`append ${letter}`, ({ parts }) => ({
    kind: 'rewrite',
    parts: parts.map((part) => ({ ...part, text: part.text + letter })),
  }));
const pass = says({ kind: 'pass' });
const block = says({ kind: 'block', blocked: { types: ['EMAIL'], message: 'no' } });
const throws = stage('throws', () => {
  throw new Error('secret');
});
const rejects = stage('rejects', () => Promise.reject(new Error('secret')));
const hangs = stage('hangs', () => new Promise<Verdict>(() => {}), 5);
const stretches = stage('stretches', ({ parts }) => ({ kind: 'rewrite', parts: [...parts, ...parts] }));
const stretchesLate = stage('stretches late', async ({ parts }) => ({ kind: 'rewrite', parts: [...parts, ...parts] }));
const mumbles = stage('mumbles', async () => undefined as never);
const mute = stage('mute', () => undefined as never);
const forged = stage('forged', () => ({ kind: 'allow' }) as never);

describe('inspect', () => {
  it('runs the stages in order, each on what the one before it wrote', async () => {
    const exchange = exchangeOf('');
    const decision = await inspect([appends('a'), pass, appends('b'), appends('c')], exchange);
    expect(decision).toMatchObject({ kind: 'allow', exchange: { parts: [{ text: 'abc' }] } });
    expect(exchange.parts[0]?.text).toBe('');
  });

  it('gives later stages what was found, and each stage what the earlier ones decided', async () => {
    const finding: Finding = { part: FIRST, start: 0, end: 1, type: 'EMAIL', detector: 'd' };
    const seen: unknown[] = [];
    const looks = stage('looks', ({ findings }, signal, decided) => {
      seen.push(findings, signal.aborted, decided);
      return { kind: 'pass' };
    });
    await inspect([says({ kind: 'found', findings: [finding] }), pass, looks], exchangeOf('a'));
    expect(seen).toEqual([
      [finding],
      false,
      [
        { stage: 'found', decision: 'found' },
        { stage: 'pass', decision: 'pass' },
      ],
    ]);
  });

  it('waits for a stage that answers later', async () => {
    const slow = stage('slow', async ({ parts }) => ({ kind: 'rewrite', parts }));
    expect(await inspect([slow], exchangeOf('a'))).toMatchObject({
      kind: 'allow',
      stages: [{ stage: 'slow', decision: 'rewrite' }],
    });
  });

  it('clears nothing where there is no stage', async () => {
    expect(await inspect([], exchangeOf(''))).toMatchObject({ kind: 'fault', error: { code: 'inspectionFailed' } });
  });

  it('denies what a stage blocks, with what it said, and runs no stage after it', async () => {
    let ran = false;
    const later = stage('later', () => {
      ran = true;
      return { kind: 'pass' };
    });
    const decision = await inspect([appends('a'), block, later], exchangeOf(''));
    expect(decision).toMatchObject({
      kind: 'deny',
      blocked: { types: ['EMAIL'], message: 'no' },
      exchange: { parts: [{ text: 'a' }] },
      stages: [
        { stage: 'append a', decision: 'rewrite' },
        { stage: 'block', decision: 'block' },
      ],
    });
    expect(ran).toBe(false);
  });

  it.each([throws, rejects, hangs, stretches, stretchesLate, mute, mumbles, forged])(
    'faults where a stage $name',
    async (bad) => {
      const decision = await inspect([pass, bad, pass], exchangeOf('a'));
      expect(decision).toMatchObject({ kind: 'fault', error: { code: 'inspectionFailed' } });
      expect(JSON.stringify(decision)).not.toContain('secret');
      expect(decision.stages).toEqual([
        { stage: 'pass', decision: 'pass' },
        { stage: bad.name, decision: 'fault' },
      ]);
    },
  );

  it('keeps the fault a stage names', async () => {
    const named = stage('named', () => {
      throw new GatewayError('forbidden');
    });
    expect(await inspect([named], exchangeOf(''))).toMatchObject({ kind: 'fault', error: { code: 'forbidden' } });
  });

  it('tells a stage that its time is over', async () => {
    let signal: AbortSignal | undefined;
    const listens = stage(
      'listens',
      (_exchange, given) => {
        signal = given;
        return new Promise<Verdict>(() => {});
      },
      5,
    );
    await inspect([listens], exchangeOf(''));
    expect(signal?.aborted).toBe(true);
  });

  it('never allows after a throw or a block, and reaches no stage after either', async () => {
    const good = fc.constantFrom(pass, appends('x'), says({ kind: 'found', findings: [] }));
    const bad = fc.constantFrom(throws, rejects, block, stretches, stretchesLate, mute, mumbles, forged);
    await fc.assert(
      fc.asyncProperty(fc.array(good), bad, fc.array(fc.oneof(good, bad)), async (before, denies, after) => {
        const decision = await inspect([...before, denies, ...after], exchangeOf('a'));
        expect(decision.kind).not.toBe('allow');
        expect(decision.stages).toHaveLength(before.length + 1);
        expect(() => assertCleared(decision.exchange)).toThrow(GatewayError);
      }),
    );
  });
});

describe('assertCleared', () => {
  it('accepts what inspect allowed and nothing else, not even a copy of it', async () => {
    const exchange = exchangeOf('a');
    const decision = await inspect([pass], exchange);
    if (decision.kind !== 'allow') throw new Error('expected to be allowed');
    expect(() => assertCleared(decision.exchange)).not.toThrow();
    for (const other of [exchange, { ...decision.exchange }, structuredClone(decision.exchange)]) {
      expect(() => assertCleared(other)).toThrow(GatewayError);
    }
  });
});
