import { hash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AnswerEvent, type KeyRing, parseModelId, parsePrincipalId, parseTenantId } from '../../core/index.ts';
import { createAnswerSealer, createReasoningSeals, type ReasoningScope } from './reasoning-seal.ts';

const keyRing: KeyRing = { derive: (purpose) => hash('sha256', purpose, 'buffer') };
const seals = createReasoningSeals(keyRing, randomBytes);
const scope: ReasoningScope = {
  caller: { tenant: parseTenantId('bank'), principal: parsePrincipalId('teller') },
  model: { id: parseModelId('claude'), provider: 'bedrock', providerModelId: 'claude-v1' },
};
const signed = { kind: 'signature', signature: 'c2ln' } as const;
const uninspectable = expect.objectContaining({ code: 'uninspectable' });

describe('sealed reasoning', () => {
  it('opens to what the model said and what its provider attached, also where the caller saw it masked', () => {
    const token = seals.seal({ text: 'write to jane@example.com', proof: signed, shown: 'write to {EMAIL}' }, scope);
    expect(seals.open(token, 'write to {EMAIL}', scope)).toEqual({ text: 'write to jane@example.com', proof: signed });
    const open = seals.seal({ text: 'I see', proof: signed, shown: 'I see' }, scope);
    expect(seals.open(open, 'I see', scope)).toEqual({ text: 'I see', proof: signed });
  });

  it('opens without a text where the provider shows none', () => {
    const proof = { kind: 'encrypted', data: 'AAAA' } as const;
    const token = seals.seal({ text: '', proof, shown: '' }, scope);
    expect(seals.open(token, undefined, scope)).toEqual({ proof });
  });

  it('tells nobody what it holds, and is base64 that a protocol can carry as bytes', () => {
    const token = seals.seal({ text: 'secret thought', proof: signed, shown: '' }, scope);
    const bytes = Buffer.from(token, 'base64');
    expect(bytes.toString('base64')).toBe(token);
    expect(bytes.includes('secret')).toBe(false);
  });

  it.each([
    ['tenant', { ...scope, caller: { ...scope.caller, tenant: parseTenantId('other') } }],
    ['principal', { ...scope, caller: { ...scope.caller, principal: parsePrincipalId('other') } }],
    ['model', { ...scope, model: { ...scope.model, id: parseModelId('other') } }],
    ['provider', { ...scope, model: { ...scope.model, provider: 'other' } }],
    ['version of the model', { ...scope, model: { ...scope.model, providerModelId: 'other' } }],
  ])('does not open for another %s', (_, other) => {
    const token = seals.seal({ text: 'I see', proof: signed, shown: 'I see' }, scope);
    expect(() => seals.open(token, 'I see', other)).toThrow(uninspectable);
  });

  it('does not open behind another text than the one shown', () => {
    const token = seals.seal({ text: 'I see', proof: signed, shown: 'I see' }, scope);
    for (const text of ['I saw', '', undefined]) expect(() => seals.open(token, text, scope)).toThrow(uninspectable);
  });

  it('does not open where a byte was changed, nor where it is the providers own signature', () => {
    const token = seals.seal({ text: 'I see', proof: signed, shown: 'I see' }, scope);
    const bytes = Buffer.from(token, 'base64');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => seals.open(changed.toString('base64'), 'I see', scope)).toThrow(uninspectable);
    }
    for (const text of ['', 'EqQBCgIYAhIM', 'not base64!', ` ${token}`]) {
      expect(() => seals.open(text, 'I see', scope)).toThrow(uninspectable);
    }
  });
});

describe('the sealer of an answer', () => {
  const start = { kind: 'blockStart', index: 0, block: { kind: 'reasoning' } } as const;
  const delta = (text: string): AnswerEvent => ({ kind: 'delta', index: 0, text });
  const proof: AnswerEvent = { kind: 'proof', index: 0, proof: signed };

  it('puts tokens in the place of proofs, over any division into batches', () => {
    const sealer = createAnswerSealer(seals, scope);
    sealer.note([start, delta('call 555-0100 ')]);
    expect(sealer.seal([start])).toEqual([start]);
    sealer.note([delta('now'), proof]);
    const [, event] = sealer.seal([delta('call {PHONE} now'), proof]);
    if (event?.kind !== 'proof' || event.proof.kind !== 'sealed') throw new Error('no token');
    expect(seals.open(event.proof.token, 'call {PHONE} now', scope)).toEqual({
      text: 'call 555-0100 now',
      proof: signed,
    });
  });

  it('leaves answers without reasoning as they are', () => {
    const events: readonly AnswerEvent[] = [{ kind: 'blockStart', index: 0, block: { kind: 'text' } }, delta('hello')];
    const sealer = createAnswerSealer(seals, scope);
    sealer.note(events);
    expect(sealer.seal(events)).toBe(events);
  });

  it('lets no token of a provider pass for one of its own', () => {
    const sealer = createAnswerSealer(seals, scope);
    const forged: AnswerEvent = { kind: 'proof', index: 0, proof: { kind: 'sealed', token: 'AAAA' } };
    expect(() => sealer.seal([start, forged])).toThrow(expect.objectContaining({ code: 'internal' }));
  });
});
