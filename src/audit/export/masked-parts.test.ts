import { describe, expect, it } from 'vitest';
import { findingOf, request } from './export-fixture.suite.ts';
import { toMaskedEvents, toMaskedParts } from './masked-parts.ts';

describe('the masked parts of a request', () => {
  it('lack what was masked for the model and what the policy let through', () => {
    expect(toMaskedParts(request)).toEqual([
      { kind: 'text', origin: 'system', path: '/system/0/text', text: 'The hotline is {PHONE} today.' },
      { kind: 'text', origin: 'user', path: '/messages/0/content/0/text', text: 'Is {EMAIL} a customer?' },
    ]);
  });

  it('are masked by the findings where nothing was rewritten', () => {
    const { rewritten: _, ...refused } = request;
    expect(toMaskedParts(refused).map(({ text }) => text)).toEqual([
      'The hotline is {PHONE} today.',
      'Is {EMAIL} a customer?',
    ]);
  });

  it('take findings of parts that are not there', () => {
    const findings = [findingOf(9, [0, 2], 'EMAIL'), findingOf(-1, [0, 2], 'EMAIL')];
    const { rewritten: _, ...refused } = { ...request, findings };
    expect(toMaskedParts(refused).map(({ text }) => text)).toEqual(refused.original.map(({ text }) => text));
  });

  it.each([
    ['/metadata/jane@example.com', '/metadata/…'],
    ['/requestMetadata/AKIAIOSFODNNEXAMPLE', '/requestMetadata/…'],
    ['/metadata/a~1b', '/metadata/…'],
    ['/user', '/user'],
  ])('have no key of metadata in a path: %s', (path, plain) => {
    const original = [{ kind: 'identifier', origin: 'metadata', path, text: 'x' }] as const;
    const { rewritten: _, ...sent } = { ...request, original, findings: [] };
    expect(toMaskedParts(sent)[0]?.path).toBe(plain);
  });
});

describe('the masked events of an answer', () => {
  it('lack proofs and vectors', () => {
    const text = { kind: 'delta', index: 0, text: 'Yes.' } as const;
    const proof = { kind: 'proof', index: 0, proof: { kind: 'sealed', token: 't' } } as const;
    const vector = { kind: 'embedding', index: 0, vector: [1] } as const;
    expect(toMaskedEvents([text, proof, vector])).toEqual([text]);
  });
});
