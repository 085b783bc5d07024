import { describe, expect, it } from 'vitest';
import type { Block, Conversation, ModelRequest, PartIndex } from '../../core/index.ts';
import { fromWireProofs, toWireProofs } from './wire-proofs.ts';

const text = 0 as PartIndex;
const holding = (...content: readonly Block[]): Conversation => ({
  kind: 'conversation',
  system: [],
  messages: [{ role: 'assistant', content }],
  tools: [],
  inference: {},
  metadata: [],
});
const token = { kind: 'sealed', token: 'abc=' } as const;

describe('proofs of reasoning at an endpoint of a model', () => {
  it('go out where a writer puts tokens', () => {
    const proofs = [{ kind: 'signature', signature: 'abc=' }, { kind: 'encrypted', data: 'abc=' }, token] as const;
    const events = proofs.map((proof) => ({ kind: 'proof', index: 0, proof }) as const);
    expect(toWireProofs([{ kind: 'start' }, ...events])).toEqual([
      { kind: 'start' },
      ...events.map(() => ({ kind: 'proof', index: 0, proof: token })),
    ]);
  });

  it('come back as the signature of a text, or as what is encrypted', () => {
    const other: Block = { kind: 'text', text };
    const bare: Block = { kind: 'reasoning', text };
    const read = holding(other, bare, { kind: 'reasoning', text, proof: token }, { kind: 'reasoning', proof: token });
    const expected = holding(
      other,
      bare,
      { kind: 'reasoning', text, proof: { kind: 'signature', signature: 'abc=' } },
      { kind: 'reasoning', proof: { kind: 'encrypted', data: 'abc=' } },
    );
    expect(fromWireProofs(read)).toEqual(expected);
    expect(fromWireProofs({ kind: 'tokenCount', of: read })).toEqual({ kind: 'tokenCount', of: expected });
  });

  it('are in no other request', () => {
    const completion: ModelRequest = { kind: 'completion', prompt: text, inference: {} };
    for (const request of [completion, { kind: 'tokenCount', of: completion } as const]) {
      expect(fromWireProofs(request)).toEqual(request);
    }
  });
});
