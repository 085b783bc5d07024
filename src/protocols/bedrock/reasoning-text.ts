import { GatewayError, type ReasoningProof } from '../../core/index.ts';

/** The JSON text of a whole block's `reasoningContent`: a token stands where the service has a signature of its own. */
export function reasoningText(text: string, proof: ReasoningProof | undefined): string {
  if (proof !== undefined && text === '') return redactedText(proof);
  const signature = proof === undefined ? '' : `,${signatureText(proof)}`;
  return `{"reasoningText":{"text":${JSON.stringify(text)}${signature}}}`;
}

/** The member that stands for a proof of reasoning whose text is told. */
export function signatureText(proof: ReasoningProof): string {
  return `"signature":${JSON.stringify(tokenOf(proof))}`;
}

/** The JSON text of reasoning that is not told. `redactedContent` is a blob: the bytes of the token, in base64. */
export function redactedText(proof: ReasoningProof): string {
  return `{"redactedContent":"${Buffer.from(tokenOf(proof)).toString('base64')}"}`;
}

/** Throws `internal` for a provider's own proof: callers hold sealed ones alone, or they could forge a history. */
function tokenOf(proof: ReasoningProof): string {
  if (proof.kind === 'sealed') return proof.token;
  throw new GatewayError('internal');
}
