import type { AnswerEvent, Block, Conversation, ModelRequest } from '../../core/index.ts';

/**
 * Proofs of reasoning as a writer takes them. At an endpoint of a model they are no tokens of a gateway, but what
 * the model gave.
 */
export function toWireProofs(events: readonly AnswerEvent[]): readonly AnswerEvent[] {
  return events.map((event) => {
    if (event.kind !== 'proof' || event.proof.kind === 'sealed') return event;
    const token = event.proof.kind === 'signature' ? event.proof.signature : event.proof.data;
    return { ...event, proof: { kind: 'sealed', token } };
  });
}

/** The other way round: what a protocol read as a token is the model's signature, or its reasoning, encrypted. */
export function fromWireProofs(request: ModelRequest): ModelRequest {
  if (request.kind === 'conversation') return withProofs(request);
  if (request.kind !== 'tokenCount' || request.of.kind !== 'conversation') return request;
  return { ...request, of: withProofs(request.of) };
}

function withProofs({ messages, ...conversation }: Conversation): Conversation {
  return {
    ...conversation,
    messages: messages.map((message) => ({ ...message, content: message.content.map(fromWireProof) })),
  };
}

function fromWireProof(block: Block): Block {
  if (block.kind !== 'reasoning' || block.proof?.kind !== 'sealed') return block;
  const { token } = block.proof;
  const isText = block.text !== undefined;
  return { ...block, proof: isText ? { kind: 'signature', signature: token } : { kind: 'encrypted', data: token } };
}
