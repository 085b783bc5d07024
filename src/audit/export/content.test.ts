import { describe, expect, it } from 'vitest';
import { toReleasedEvents, toSentParts } from './content.ts';
import { answered, everything, request, unanswered } from './export-fixture.suite.ts';

describe('the content of an exchange', () => {
  it('is the prompt as it was sent', () => {
    expect(toSentParts(request, { body: 'full' })).toBe(request.rewritten);
    const { rewritten: _, ...untouched } = request;
    expect(toSentParts(untouched, { body: 'full' })).toBe(request.original);
    expect(toSentParts(request, { body: 'masked' })[0]?.text).toBe('The hotline is {PHONE} today.');
    expect(toSentParts(request, { body: 'none' })).toEqual([]);
  });

  it('is what was released, in the order of the releases', () => {
    expect(toReleasedEvents(everything, { body: 'full' })).toEqual(answered);
    expect(toReleasedEvents(unanswered, { body: 'full' })).toEqual([]);
    expect(toReleasedEvents(everything, { body: 'none' })).toEqual([]);
  });

  it('is masked without what nobody can mask', () => {
    const proof = { kind: 'proof', index: 0, proof: { kind: 'sealed', token: 't' } } as const;
    const release = { kind: 'release', requestId: request.requestId, time: 1, sequence: 0, events: [proof] } as const;
    expect(toReleasedEvents({ ...unanswered, releases: [release] }, { body: 'full' })).toEqual([proof]);
    expect(toReleasedEvents({ ...unanswered, releases: [release] }, { body: 'masked' })).toEqual([]);
  });
});
