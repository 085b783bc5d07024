import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ClientHandle, describeClient } from './client.suite.ts';
import { bedrockClients, boto3, boto3WithApiKey } from './clients.data.ts';
import { type ObservedGateway, startObservedGateway } from './observed-gateway.ts';
import { hasOpenssl, startTlsFront, type TlsFront } from './tls-front.ts';

const CARD = '4111 1111 1111 1111';

let running: ObservedGateway;
beforeAll(async () => {
  running = await startObservedGateway();
});
afterAll(() => running[Symbol.asyncDispose]());
const observed = () => running;

describeClient({ client: boto3, observed }, (handle) => {
  describeInvokeModel(handle);
  describeAssessments(handle);
  describeNamedGuardrails(handle);
});
for (const client of bedrockClients) describeClient({ client, observed });

describe.skipIf(!hasOpenssl)(`over TLS${hasOpenssl ? '' : ' (skipped: no openssl to make a certificate)'}`, () => {
  let front: TlsFront;
  beforeAll(async () => {
    front = await startTlsFront(running.demo.endpoint);
  });
  afterAll(() => front[Symbol.asyncDispose]());
  const environment = () => ({
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: front.endpoint,
    AWS_CA_BUNDLE: front.certificateFile,
  });
  describeClient({ client: boto3WithApiKey, observed, environment });
});

function describeInvokeModel({ value }: ClientHandle): void {
  const invoked = z.object({ body: z.string(), requestId: z.uuid() });

  it('has the body of a model family masked, buffered and streamed', async () => {
    const body = JSON.stringify({ inputText: `card ${CARD}` });
    const whole = invoked.parse(await value('invoke', { body }));
    expect(JSON.parse(whole.body)).toMatchObject({ results: [{ outputText: 'card {CREDIT_DEBIT_CARD_NUMBER}' }] });
    const chunks = z.array(z.string()).parse(await value('invokeStreamed', { body }));
    const texts = chunks.map((chunk) => z.object({ outputText: z.string() }).parse(JSON.parse(chunk)).outputText);
    expect(texts.join('')).toBe('card {CREDIT_DEBIT_CARD_NUMBER}');
  });

  it('embeds what is left after masking', async () => {
    const embed = async (inputText: string) => {
      const body = JSON.stringify({ inputText, dimensions: 256 });
      const whole = invoked.parse(await value('invoke', { body, model: 'amazon.titan-embed-text-v2:0' }));
      return z.object({ embedding: z.array(z.number()).length(256) }).parse(JSON.parse(whole.body)).embedding;
    };
    expect(await embed(`card ${CARD}`)).toEqual(await embed('card {CREDIT_DEBIT_CARD_NUMBER}'));
  });
}

function describeAssessments({ value, error }: ClientHandle): void {
  it('asks what a guardrail makes of a text, and is told tags in the place of what was found', async () => {
    const masked = await value('applyGuardrail', { text: 'Please write to jane.roe@bank.example about the invoice.' });
    expect(masked).toMatchObject({
      action: 'GUARDRAIL_INTERVENED',
      outputs: [{ text: 'Please write to {EMAIL} about the invoice.' }],
      assessments: [
        { sensitiveInformationPolicy: { piiEntities: [{ type: 'EMAIL', match: '{EMAIL}', action: 'ANONYMIZED' }] } },
      ],
    });
    expect(JSON.stringify(masked)).not.toContain('jane.roe');
    const blocked = { text: 'It is Project Nightingale.', source: 'OUTPUT' };
    expect(await value('applyGuardrail', blocked)).toMatchObject({
      actionReason: 'Guardrail blocked.',
      outputs: [{ text: 'Sorry, not this.' }],
    });
    expect(await value('applyGuardrail', { text: 'When do you open?' })).toMatchObject({ action: 'NONE', outputs: [] });
  });

  it('asks for checks, and is told scores in tenths', async () => {
    const checks = {
      contentFilter: { categories: [{ category: 'VIOLENCE' }, { category: 'INSULTS' }] },
      sensitiveInformation: { entities: [{ type: 'EMAIL' }] },
    };
    const answer = await value('check', { text: 'I will kill you, you idiot. jane.roe@bank.example', checks });
    const { results } = z
      .object({
        results: z.object({
          contentFilter: z.object({ results: z.array(z.object({ category: z.string(), severityScore: z.number() })) }),
          sensitiveInformation: z.object({ results: z.array(z.object({ type: z.string() })).length(1) }),
        }),
      })
      .parse(answer);
    const scores = results.contentFilter.results.map(({ severityScore }) => severityScore);
    expect(Math.max(...scores)).toBeGreaterThan(0.5);
    for (const score of scores) expect(Math.round(score * 10) / 10).toBe(score);
  });

  it('raises exceptions for a guardrail that is not there, and for one that it may not use', async () => {
    const missing = await error('applyGuardrail', { text: 'hi', guardrail: 'none' });
    expect([missing.code, missing.status]).toEqual(['ResourceNotFoundException', 404]);
    const asks = { applyGuardrail: { text: 'hi' }, guarded: { prompt: 'hi' }, guardedStreamed: { prompt: 'hi' } };
    for (const [method, said] of Object.entries(asks)) {
      const denied = await error(method, { ...said, guardrail: 'closed' });
      expect([denied.code, denied.status], method).toEqual(['AccessDeniedException', 403]);
    }
  });
}

function describeNamedGuardrails({ value, error }: ClientHandle): void {
  it('names a guardrail, and is told what it found, buffered and streamed', async () => {
    const found = { wordPolicy: { customWords: [{ action: 'BLOCKED' }] } };
    const told = {
      text: 'Sorry, not that.',
      stop: 'guardrail_intervened',
      trace: { actionReason: 'Guardrail blocked.', inputAssessment: { open: found } },
    };
    const prompt = 'Tell me of Project Nightingale';
    expect(await value('guarded', { prompt })).toMatchObject(told);
    expect(await value('guardedStreamed', { prompt })).toMatchObject(told);
    const masked = { prompt: 'Please write to jane.roe@bank.example about the invoice.' };
    const both = { text: 'Please write to {EMAIL} about the invoice.', trace: { actionReason: 'Guardrail masked.' } };
    expect(await value('guarded', masked)).toMatchObject(both);
    expect(await value('guardedStreamed', masked)).toMatchObject(both);
  });

  it('names a guardrail with the body of a model family', async () => {
    const body = JSON.stringify({ inputText: 'Project Nightingale' });
    expect(JSON.parse(z.string().parse(await value('invokeGuarded', { body })))).toMatchObject({
      'amazon-bedrock-guardrailAction': 'INTERVENED',
      'amazon-bedrock-trace': { guardrail: { inputAssessment: { open: {} } } },
    });
  });

  it('raises an exception where it names a guardrail that is not there', async () => {
    const missing = await error('guarded', { prompt: 'hi', version: '2' });
    expect([missing.code, missing.status]).toEqual(['ValidationException', 400]);
  });
}
