import { createServer } from 'node:http';
import {
  ApplyGuardrailCommand,
  BedrockRuntimeClient,
  InvokeGuardrailChecksCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { hasServiceModel, violations } from '../../../test/vectors/service-model.suite.ts';
import { createRequestId, type GuardrailResult, type ReadAssessment, type Route } from '../../core/index.ts';
import { codeOf } from '../protocol.suite.ts';
import { bedrockProtocol } from './protocol.ts';

type AssessRoute = Extract<Route, { kind: 'assess' }>;

const ID = createRequestId(1_764_000_000_000, new Uint8Array(10));
const APPLY = '/guardrail/abc/version/1/apply';
const CHECKS = '/guardrail-checks/invoke';

function read(path: string, body: unknown): ReadAssessment {
  const route = bedrockProtocol.match('POST', path);
  return bedrockProtocol.readAssessment(route as AssessRoute, Buffer.from(JSON.stringify(body)), () => undefined);
}

const usage = {
  topicPolicyUnits: 0,
  contentPolicyUnits: 1,
  wordPolicyUnits: 0,
  sensitiveInformationPolicyUnits: 1,
  sensitiveInformationPolicyFreeUnits: 0,
  contextualGroundingPolicyUnits: 0,
};
const blocked = {
  outcome: 'BLOCK',
  outputs: ['No.'],
  assessment: {
    contentPolicy: {
      filters: [{ type: 'HATE', confidence: 'HIGH', filterStrength: 'LOW', action: 'BLOCKED', detected: true }],
    },
  },
  usage,
  coverage: { textCharacters: { guarded: 2, total: 3 } },
} as const;

describe('a body of ApplyGuardrail', () => {
  it('is read with what each text is for, and all of it goes on the record', () => {
    const { kind, call, parts } = read(APPLY, {
      source: 'OUTPUT',
      outputScope: 'FULL',
      content: [{ text: { text: 'a', qualifiers: ['query'] } }, { text: { text: 'b' } }],
    });
    expect(kind).toBe('guardrail');
    expect(call).toEqual({
      guardrail: { identifier: 'abc', version: '1' },
      side: 'output',
      isFull: true,
      content: [{ text: 'a', qualifiers: ['query'] }, { text: 'b' }],
    });
    expect(parts.map(({ origin, path, text }) => [origin, path, text])).toEqual([
      ['assistant', '/content/0/text/text', 'a'],
      ['assistant', '/content/1/text/text', 'b'],
    ]);
    expect(read(APPLY, { source: 'INPUT', content: [{ text: { text: '' } }] })).toMatchObject({
      call: { side: 'input', isFull: false },
      parts: [{ origin: 'user' }],
    });
  });

  it.each([
    [{ content: [] }, 'invalidRequest'],
    [{ source: 'BOTH' }, 'invalidRequest'],
    [{ content: [{}] }, 'invalidRequest'],
    [{ content: [{ text: { text: 'x', qualifiers: ['other'] } }] }, 'invalidRequest'],
    [{ outputScope: 'ALL' }, 'invalidRequest'],
    [{ more: 1 }, 'invalidRequest'],
    [{ content: [{ image: { format: 'png', source: { bytes: 'AAAA' } } }] }, 'uninspectable'],
  ])('is refused with %j', (change, code) => {
    expect(codeOf(() => read(APPLY, { source: 'INPUT', content: [{ text: { text: 'x' } }], ...change }))).toBe(code);
  });

  it.each([
    [{}, { action: 'GUARDRAIL_INTERVENED', actionReason: 'Guardrail blocked.', outputs: [{ text: 'No.' }] }],
    [
      { outcome: 'ANONYMIZE', outputs: ['a', 'b'] },
      { action: 'GUARDRAIL_INTERVENED', actionReason: 'Guardrail masked.', outputs: [{ text: 'a' }, { text: 'b' }] },
    ],
    [
      { outcome: 'NONE', outputs: [] },
      { action: 'NONE', actionReason: 'No action.', outputs: [] },
    ],
  ] as const)('is answered for %j in the service’s own form', (change, told) => {
    const assessed = read(APPLY, { source: 'INPUT', content: [{ text: { text: 'x' } }] });
    if (assessed.kind !== 'guardrail') throw new Error('no guardrail');
    const result: GuardrailResult = { ...blocked, ...change };
    const { status, headers, body } = assessed.write(result, ID);
    const answer = JSON.parse(Buffer.from(body).toString());
    expect([status, headers]).toEqual([200, { 'content-type': 'application/json', 'x-amzn-requestid': ID }]);
    expect(answer).toEqual({
      ...told,
      usage,
      assessments: [blocked.assessment],
      guardrailCoverage: blocked.coverage,
    });
    if (hasServiceModel) expect(violations('ApplyGuardrailResponse', answer)).toEqual([]);
  });

  it('needs a guardrail in its path', () => {
    const route: AssessRoute = { kind: 'assess', operation: 'ApplyGuardrail' };
    expect(codeOf(() => bedrockProtocol.readAssessment(route, Buffer.from('{}'), () => undefined))).toBe(
      'routeNotFound',
    );
  });
});

describe('a body of InvokeGuardrailChecks', () => {
  const messages = [{ role: 'user', content: [{ text: 'x' }] }];

  it('is read with the checks that it asks for, each category once', () => {
    const { kind, call, parts } = read(CHECKS, {
      messages: [{ role: 'system', content: [{ text: 's' }] }, ...messages],
      checks: {
        contentFilter: { categories: [{ category: 'HATE' }, { category: 'HATE' }] },
        promptAttack: { categories: [{ category: 'JAILBREAK' }] },
        sensitiveInformation: { entities: [{ type: 'EMAIL' }] },
      },
    });
    expect(kind).toBe('checks');
    expect(call).toEqual({
      messages: [
        { role: 'system', content: ['s'] },
        { role: 'user', content: ['x'] },
      ],
      content: ['HATE'],
      attack: ['JAILBREAK'],
      entities: ['EMAIL'],
    });
    expect(parts.map(({ origin, path }) => [origin, path])).toEqual([
      ['system', '/messages/0/content/0/text'],
      ['user', '/messages/1/content/0/text'],
    ]);
  });

  it.each([
    [{ checks: {} }],
    [{ messages: [] }],
    [{ messages: [{ role: 'tool', content: [{ text: 'x' }] }] }],
    [{ messages: [{ role: 'user', content: [{ text: '' }] }] }],
    [{ checks: { contentFilter: { categories: [] } } }],
    [{ checks: { promptAttack: { categories: [{ category: 'HATE' }] } } }],
    [{ checks: { sensitiveInformation: { entities: [{ type: 'SHOE_SIZE' }] } } }],
  ])('is refused with %j', (change) => {
    const checks = { promptAttack: { categories: [{ category: 'JAILBREAK' }] } };
    expect(codeOf(() => read(CHECKS, { messages, checks, ...change }))).toBe('invalidRequest');
  });
});

describe.skipIf(!hasServiceModel)('an answer to InvokeGuardrailChecks', () => {
  it.each([
    [{ content: { scores: [['HATE', 0.25]], units: 1 } }],
    [{ attack: { scores: [['JAILBREAK', 0]], units: 2 } }],
    [
      {
        entities: {
          found: [{ type: 'EMAIL', confidence: 1, start: 0, end: 4, message: 1, block: 0 }],
          isTruncated: true,
          units: 1,
        },
      },
    ],
    [{ entities: { found: [], isTruncated: false, units: 1 } }],
  ] as const)('is of the service model’s shapes with %j', (result) => {
    const messages = [{ role: 'user', content: [{ text: 'x' }] }];
    const assessed = read(CHECKS, { messages, checks: { promptAttack: { categories: [{ category: 'JAILBREAK' }] } } });
    if (assessed.kind !== 'checks') throw new Error('no checks');
    const answer = JSON.parse(Buffer.from(assessed.write(result, ID).body).toString());
    expect(violations('InvokeGuardrailChecksResponse', answer)).toEqual([]);
  });
});

describe('a client of the AWS SDK', () => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const route = bedrockProtocol.match('POST', request.url ?? '');
      const assessed = bedrockProtocol.readAssessment(route as AssessRoute, Buffer.concat(chunks), () => undefined);
      const { status, headers, body } = replyTo(assessed);
      response.writeHead(status, headers).end(body);
    });
  });
  const listening = new Promise<string>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
    });
  });
  afterAll(() => void server.close());

  function replyTo(assessed: ReadAssessment) {
    switch (assessed.kind) {
      case 'guardrail':
        return assessed.write(blocked, ID);
      case 'checks': {
        const entity = { type: 'EMAIL', confidence: 0.99, start: 1, end: 2, message: 0, block: 0 } as const;
        const found = assessed.call.entities === undefined ? [] : [entity];
        const { content, attack } = assessed.call;
        return assessed.write(
          {
            ...(content === undefined ? {} : { content: { scores: [['HATE', 0.25]], units: 1 } }),
            ...(attack === undefined ? {} : { attack: { scores: [['JAILBREAK', 0]], units: 1 } }),
            ...(found.length === 0 ? {} : { entities: { found, isTruncated: content === undefined, units: 1 } }),
          },
          ID,
        );
      }
      default:
        throw new Error('not of this protocol');
    }
  }

  const clientOf = async () =>
    new BedrockRuntimeClient({
      endpoint: await listening,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      requestHandler: new (await import('@smithy/node-http-handler')).NodeHttpHandler(),
    });

  it('reads what a guardrail makes of content', async () => {
    const answer = await (await clientOf()).send(
      new ApplyGuardrailCommand({
        guardrailIdentifier: 'arn:aws:bedrock:us-east-1:111122223333:guardrail/abc',
        guardrailVersion: 'DRAFT',
        source: 'INPUT',
        content: [{ text: { text: 'x' } }],
      }),
    );
    expect(answer).toMatchObject({
      action: 'GUARDRAIL_INTERVENED',
      actionReason: 'Guardrail blocked.',
      outputs: [{ text: 'No.' }],
      assessments: [blocked.assessment],
      usage,
      guardrailCoverage: { textCharacters: { guarded: 2, total: 3 } },
      $metadata: { requestId: ID },
    });
  });

  it('reads the scores and places of checks, and only of those that it asked for', async () => {
    const client = await clientOf();
    const messages = [{ role: 'user' as const, content: [{ text: 'x' }] }];
    const all = await client.send(
      new InvokeGuardrailChecksCommand({
        messages,
        checks: {
          contentFilter: { categories: [{ category: 'HATE' }] },
          promptAttack: { categories: [{ category: 'JAILBREAK' }] },
          sensitiveInformation: { entities: [{ type: 'EMAIL' }] },
        },
      }),
    );
    expect(all.results).toEqual({
      contentFilter: { results: [{ category: 'HATE', severityScore: 0.25 }] },
      promptAttack: { results: [{ category: 'JAILBREAK', severityScore: 0 }] },
      sensitiveInformation: {
        results: [
          { type: 'EMAIL', confidenceScore: 0.99, beginOffset: 1, endOffset: 2, messageIndex: 0, contentIndex: 0 },
        ],
      },
    });
    expect(all.usage).toEqual({
      contentFilter: { textUnits: 1 },
      promptAttack: { textUnits: 1 },
      sensitiveInformation: { textUnits: 1 },
    });
    const one = await client.send(
      new InvokeGuardrailChecksCommand({
        messages,
        checks: { sensitiveInformation: { entities: [{ type: 'EMAIL' }] } },
      }),
    );
    expect(one.results).toMatchObject({ sensitiveInformation: { truncated: true } });
    expect(Object.keys(one.results ?? {})).toEqual(['sensitiveInformation']);
  });
});
