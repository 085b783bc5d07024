import { describe, expect, it } from 'vitest';
import { createAuthorizer } from '../../access/index.ts';
import { ConfigError, parseConfig } from '../../config/index.ts';
import {
  type Caller,
  createRequestId,
  type Exchange,
  GatewayError,
  inspect,
  type JournalRecord,
  parseModelId,
  parsePrincipalId,
  parseTenantId,
  type ReadAssessment,
  toContentPolicy,
} from '../../core/index.ts';
import { policyHash } from '../../guardrails/index.ts';
import { createAssessor } from './assessor.ts';
import { createCallRate } from './call-rate.ts';
import { createGuardings } from './guardings.ts';
import { guardrailParts, knownDetectors } from './guardrail-parts.ts';
import { createGuardrailSet } from './guardrail-set.ts';
import { inTurns } from './turns.ts';

const policy = (word: string) =>
  `{ name: p, blockedInputMessaging: "no ${word}", blockedOutputsMessaging: "out", wordPolicyConfig: { wordsConfig: [{ text: ${word} }] }, sensitiveInformationPolicyConfig: { piiEntitiesConfig: [{ type: EMAIL, action: ANONYMIZE }] } }`;

const text = (change = '') => `version: 1
environment: test
region: us-east-1
providers: [{ name: simulator, kind: simulator }]
models: [{ id: m, provider: simulator }]
guardrails:
  - { id: all, version: 1, policy: ${policy('apple')} }
  - { id: all, version: 2, policy: ${policy('banana')} }
  - { id: clinic, policy: ${policy('cherry')} }
  - { id: own, version: 1, policy: ${policy('damson')} }
  - { id: extra, version: 1, policy: ${policy('elder')} }
inspection: { guardrails: [{ id: all, version: 1 }] }
tenants:
  - name: acme
    guardrails: [{ id: clinic }, { id: all, version: 1 }]
    principals:
      - { name: app, guardrails: [{ id: own, version: 1 }] }
      - { name: other, roles: [security] }
policies:
  - name: main.cedar
    cedar: |
      permit (principal, action, resource) unless { resource.id == "guardrail/own" };
      permit (principal, action == Sallyport::Action::"ReadExactAssessment", resource)
        when { principal.roles.contains("security") };
${change}`;
const config = parseConfig(text(), { path: 'sallyport.yaml' });
const set = createGuardrailSet(config);
const authorizer = createAuthorizer(config);
const { classifiers } = guardrailParts;

const callerOf = (principal: string): Caller => ({
  tenant: parseTenantId('acme'),
  principal: parsePrincipalId(principal),
  credentialId: 'k',
  credentialKind: 'apiKey',
});
const ID = createRequestId(1_764_000_000_000, new Uint8Array(10));

describe('the guardrails of a configuration', () => {
  it('are found by id and version, and by an ARN that ends with the id', () => {
    expect(set.find({ identifier: 'all', version: '2' })).toMatchObject({ id: 'all', version: '2' });
    expect(
      set.find({ identifier: 'arn:aws:bedrock:us-east-1:111122223333:guardrail/clinic', version: 'DRAFT' })?.id,
    ).toBe('clinic');
    expect(set.find({ identifier: 'all', version: '3' })).toBeUndefined();
    expect(set.find({ identifier: 'none', version: '1' })).toBeUndefined();
  });

  it('apply from the gateway inwards, each once', () => {
    const named = (principal: string) =>
      set.appliedTo(callerOf(principal)).map(({ id, version }) => `${id} ${version}`);
    expect(named('app')).toEqual(['all 1', 'clinic DRAFT', 'own 1']);
    expect(named('other')).toEqual(['all 1', 'clinic DRAFT']);
    expect(set.appliedTo({ ...callerOf('app'), tenant: parseTenantId('else') })).toEqual([]);
  });

  const problemsOf = (entry: object) => {
    try {
      createGuardrailSet({ ...config, guardrails: [{ id: 'a', version: '1', place: 'a.json', policy: {}, ...entry }] });
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
    return '';
  };

  it('are refused with the place of what is wrong', () => {
    const fine = config.guardrails[0]?.policy;
    expect(problemsOf({ policy: fine })).toBe('');
    expect(problemsOf({ policy: fine, sha256: policyHash(fine) })).toBe('');
    expect(problemsOf({ policy: fine, sha256: '0'.repeat(64) })).toContain(
      `a.json: its \`sha256\` is ${policyHash(fine)}`,
    );
    expect(problemsOf({})).toContain('a.json: `name`');
    const patterns = {
      piiEntitiesConfig: undefined,
      regexesConfig: [{ name: 'back', pattern: '(a)\\1', action: 'BLOCK' }],
    };
    const unsearchable = { ...Object(fine), sensitiveInformationPolicyConfig: patterns };
    expect(problemsOf({ policy: unsearchable })).toMatch(/a\.json: .*`back`/);
  });
});

describe('what guardrails are made with', () => {
  it('reads nothing into a letter or two', () => {
    for (const window of ['', 'a', 'x.', '1 2 3']) {
      for (const score of Object.values({ ...classifiers.scoreContent(window), ...classifiers.scoreAttack(window) })) {
        expect(score, window).toBeLessThan(0.25);
      }
    }
    expect(classifiers.scoreContent('I will kill you, you idiot').VIOLENCE).toBeGreaterThan(0.5);
  });
});

describe('what a request is held to', () => {
  const guardingOf = createGuardings({
    authorizer,
    policy: toContentPolicy({ input: {}, output: {}, blockedInputMessage: 'in', blockedOutputMessage: 'out' }),
    guardrails: set,
    detectors: knownDetectors,
    classifiers,
  });
  const named = (identifier: string, version = '1') => ({ identifier, version });

  it('is made once for each combination, and a caller adds to what applies and takes nothing away', () => {
    const caller = callerOf('other');
    expect(guardingOf({ caller })).toBe(guardingOf({ caller }));
    expect(guardingOf({ caller, guardrail: named('all') })).toBe(guardingOf({ caller }));
    const more = guardingOf({ caller, guardrail: named('extra') });
    expect(more).not.toBe(guardingOf({ caller }));
    expect(more.stages.map(({ name }) => name)).toEqual([
      ...['detect', 'classify', 'guard', 'quarantine', 'mask', 'content-access'],
    ]);
  });

  it('is refused for a guardrail that is not there, or not for this caller', () => {
    const caller = callerOf('other');
    expect(() => guardingOf({ caller, guardrail: named('none') })).toThrow('no such guardrail');
    expect(() => guardingOf({ caller, guardrail: named('own') })).toThrow('No policy permits');
  });

  const part = (words: string, more = {}) =>
    ({ kind: 'text', origin: 'user', path: '', text: words, ...more }) as const;
  const exchangeOf = (caller: Caller, ...parts: Exchange['parts']): Exchange => ({
    id: ID,
    caller,
    protocol: 'bedrock',
    operation: 'Converse',
    action: 'InvokeModel',
    model: { id: parseModelId('m'), provider: 'simulator', providerModelId: 'm' },
    request: { kind: 'embedding', inputs: [] },
    parts,
    findings: [],
  });

  it.each([
    ['apple', 'deny', 'deny'],
    ['cherry', 'deny', 'deny'],
    ['elder', 'allow', 'deny'],
    ['banana', 'allow', 'allow'],
  ])('blocks %s: %s by what applies, %s with what the caller names besides', async (word, applied, joined) => {
    const caller = callerOf('other');
    const decide = async (guardrail?: { readonly identifier: string; readonly version: string }) => {
      const { stages } = guardingOf(guardrail === undefined ? { caller } : { caller, guardrail });
      return (await inspect(stages, exchangeOf(caller, part(`an ${word} a day`)))).kind;
    };
    expect([await decide(), await decide(named('extra'))]).toEqual([applied, joined]);
  });

  it('is traced by a look of its own, by guardrail and side, as much as the caller may see', async () => {
    const said = [{ kind: 'start' }, { kind: 'delta', index: 0, text: 'a banana for b@example.com' }] as const;
    const traceFor = (principal: string) => {
      const caller = callerOf(principal);
      const guardrail = { ...named('all', '2'), trace: 'found' } as const;
      const exchange = exchangeOf(
        caller,
        part('banana? a@example.com', { qualifiers: ['query'] }),
        part('s@example.com', { origin: 'system' }),
      );
      return guardingOf({ caller, guardrail }).trace({ exchange, said, isBlocked: true }, guardrail);
    };
    const exact = await traceFor('other');
    expect(Object.keys(exact.inputAssessment ?? {})).toEqual(['all', 'clinic']);
    expect(exact.modelOutput).toEqual(['a banana for b@example.com']);
    expect(exact.actionReason).toBe('Guardrail blocked.');
    expect(JSON.stringify(exact)).not.toContain('s@example.com');
    expect(exact.outputAssessments?.all).toMatchObject([
      {
        wordPolicy: { customWords: [{ match: 'banana', action: 'BLOCKED' }] },
        appliedGuardrailDetails: { guardrailId: 'all', guardrailVersion: '2', guardrailOrigin: ['REQUEST'] },
      },
    ]);
    const { modelOutput, ...others } = await traceFor('app');
    expect(modelOutput).toBeUndefined();
    expect(JSON.stringify(others)).not.toMatch(/@example|"banana"/);
  });

  it('is traced also where the model was not asked, said nothing, or only masked', async () => {
    const caller = callerOf('other');
    const guardrail = { ...named('extra'), trace: 'full' } as const;
    const { trace } = guardingOf({ caller, guardrail });
    const before = await trace({ exchange: exchangeOf(caller, part('a@example.com')), isBlocked: false }, guardrail);
    expect(before).toMatchObject({ actionReason: 'Guardrail masked.' });
    expect(before.outputAssessments).toBeUndefined();
    const silent = await trace({ exchange: exchangeOf(caller, part('x')), said: [], isBlocked: false }, guardrail);
    expect(silent.actionReason).toBe('No action.');
    const said = [{ kind: 'delta', index: 0, text: 'to c@example.com' }] as const;
    const answered = await trace({ exchange: exchangeOf(caller, part('x')), said, isBlocked: false }, guardrail);
    expect(answered).toMatchObject({ actionReason: 'Guardrail masked.', outputAssessments: { extra: [{}] } });
    expect(answered.inputAssessment?.clinic?.appliedGuardrailDetails?.guardrailOrigin).toEqual(['ACCOUNT_ENFORCED']);
  });
});

describe('assessments', () => {
  function createScene({ perSecond = 100, concurrent = 8, isWritable = (): boolean => true } = {}) {
    const records: JournalRecord[] = [];
    const clock = { now: () => 1_764_000_000_000 };
    const assess = createAssessor({
      clock,
      authorizer,
      journal: {
        append: async (record) => {
          if (!isWritable()) throw new GatewayError('journalUnavailable');
          records.push(record);
          return { leafHash: new Uint8Array(32) };
        },
      },
      guardrails: set,
      detectors: knownDetectors,
      classifiers,
      rate: createCallRate({ perSecond, concurrent }, clock),
    });
    const ask = (read: ReadAssessment, principal = 'other') =>
      assess({ id: ID, caller: callerOf(principal), protocol: 'bedrock', operation: 'x', read, bytesReceived: 9 });
    return { ask, records };
  }
  const written = (result: unknown) => ({ status: 200, headers: {}, body: Buffer.from(JSON.stringify(result)) });
  const parts = [{ kind: 'text', origin: 'user', path: '/', text: 'a banana for a@example.com' }] as const;
  const applied = (identifier: string): ReadAssessment => ({
    kind: 'guardrail',
    call: { guardrail: { identifier, version: '2' }, side: 'input', content: parts, isFull: false },
    parts,
    write: (result) => written({ ...result, seen: records() }),
  });
  let records: () => number = () => 0;

  it('are recorded, with what a reader without every right must not see, before they are answered', async () => {
    const scene = createScene();
    records = () => scene.records.length;
    const answer = JSON.parse(Buffer.from((await scene.ask(applied('all'))).body).toString());
    expect(answer).toMatchObject({ outcome: 'BLOCK', outputs: ['no banana'], seen: 2 });
    expect(answer.assessment.wordPolicy.customWords).toMatchObject([{ match: 'banana' }]);
    expect(scene.records).toMatchObject([
      {
        kind: 'request',
        requestId: ID,
        action: 'ApplyGuardrail',
        model: 'guardrail/all',
        provider: 'guardrail',
        original: parts,
        findings: expect.arrayContaining([expect.objectContaining({ type: 'EMAIL', part: 0 })]),
      },
      { kind: 'response', requestId: ID, status: 'complete' },
    ]);
  });

  it('are not answered where they cannot be recorded, and the next one is', async () => {
    let isWritable = false;
    const { ask, records: all } = createScene({ concurrent: 1, isWritable: () => isWritable });
    await expect(ask(applied('all'))).rejects.toMatchObject({ code: 'journalUnavailable' });
    expect(all).toEqual([]);
    isWritable = true;
    expect((await ask(applied('all'))).status).toBe(200);
  });

  it('tell tags and steps to who may not read them as they are', async () => {
    const { ask } = createScene();
    const answer = Buffer.from((await ask(applied('all'), 'app')).body).toString();
    expect(answer).not.toMatch(/a@example|"match":"banana"/);
  });

  it('are refused for a guardrail that is not there or not permitted, and beyond the rate', async () => {
    const { ask, records: none } = createScene({ perSecond: 1 });
    await expect(ask(applied('none'))).rejects.toMatchObject({ code: 'guardrailNotFound' });
    const own = {
      ...applied('own'),
      call: { ...(applied('own').call as object), guardrail: { identifier: 'own', version: '1' } },
    };
    await expect(ask(own as ReadAssessment)).rejects.toMatchObject({ code: 'forbidden' });
    expect(none).toEqual([]);
    await ask(applied('all'));
    await expect(ask(applied('all'))).rejects.toMatchObject({ code: 'throttled' });
    await ask(applied('all'), 'app');
  });

  it('are of checks and moderations, too', async () => {
    const { ask, records: all } = createScene();
    const checks: ReadAssessment = {
      kind: 'checks',
      call: { messages: [{ role: 'user', content: ['a@example.com'] }], entities: ['EMAIL'] },
      parts,
      write: written,
    };
    expect(JSON.parse(Buffer.from((await ask(checks)).body).toString()).entities.found).toHaveLength(1);
    const moderation: ReadAssessment = { kind: 'moderation', call: { inputs: ['x', 'y'] }, parts, write: written };
    expect(JSON.parse(Buffer.from((await ask(moderation)).body).toString())).toHaveLength(2);
    expect(all.filter(({ kind }) => kind === 'request')).toMatchObject([
      { action: 'InvokeGuardrailChecks', model: 'guardrail-checks' },
      { action: 'InvokeGuardrailChecks', model: 'guardrail-checks' },
    ]);
  });
});

describe('a rate of calls', () => {
  it('gives each principal as many at once and a second as it says, and takes none away when the clock is set back', () => {
    let now = 1_000;
    const rate = createCallRate({ perSecond: 2, concurrent: 2 }, { now: () => now });
    const caller = callerOf('app');
    const leave = rate.enter(caller);
    rate.enter(caller)();
    expect(() => rate.enter(caller)).toThrow('Too much is under way');
    rate.enter(callerOf('other'));
    now += 500;
    rate.enter(caller);
    now -= 400;
    expect(() => rate.enter(caller)).toThrow('Too much');
    now += 5_000;
    expect(() => rate.enter(caller)).toThrow('Too much');
    leave();
    rate.enter(caller);
  });
});

it('long work lets other work have its turn', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  });
  function* steps(): Generator<number, string> {
    for (let step = 0; step < 200; step += 1) {
      const until = performance.now() + 0.2;
      while (performance.now() < until);
      yield 65_536;
    }
    return 'done';
  }
  expect(await inTurns(steps())).toBe('done');
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
});
