import type { Exchange } from '../../core/index.ts';

/**
 * The member of a `Converse` body that names the guardrail Amazon Bedrock is to apply; empty where there is none. Streams
 * are held until it has looked at them: nothing is shown that it would have stopped.
 */
export function guardrailConfigText({ model, action }: Pick<Exchange, 'model' | 'action'>): string {
  if (model.guardrail === undefined) return '';
  const { identifier, version } = model.guardrail;
  const mode = action === 'InvokeModelWithResponseStream' ? { streamProcessingMode: 'sync' } : {};
  return `"guardrailConfig":${JSON.stringify({ guardrailIdentifier: identifier, guardrailVersion: version, ...mode })}`;
}

/** The same as headers of `InvokeModel`. */
export function guardrailHeaders({ model }: Pick<Exchange, 'model'>): Readonly<Record<string, string>> {
  if (model.guardrail === undefined) return {};
  return {
    'x-amzn-bedrock-guardrailidentifier': model.guardrail.identifier,
    'x-amzn-bedrock-guardrailversion': model.guardrail.version,
  };
}
