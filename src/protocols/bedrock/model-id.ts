import { GatewayError, type ModelId, parseModelId } from '../../core/index.ts';

/** Every ARN that the service model's `ConversationalModelId` takes, by what it names. */
const arns = {
  model:
    /^arn:aws(?:-[^:]+)?:bedrock:[a-z0-9-]{1,20}:(?::foundation-model\/[a-zA-Z0-9.:-]+|[0-9]{12}:(?:custom-model\/[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}\/[a-z0-9]{12}|(?:imported-model|provisioned-model|custom-model-deployment)\/[a-z0-9]{12}|(?:application-)?inference-profile\/[a-zA-Z0-9.:-]+))$/,
  endpoint: /^arn:aws:sagemaker:[a-z0-9-]+:[0-9]{12}:endpoint\/[a-zA-Z0-9-]+$/,
  prompt: /^arn:aws(?:-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:prompt\/[0-9a-zA-Z]{10}(?::[0-9]{1,5})?$/,
  promptRouter: /^arn:aws(?:-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:(?:default-)?prompt-router\/[a-zA-Z0-9.:-]+$/,
} as const;

/** What cross-region inference profiles put before a model's id, such as `us.`, `us-gov.` or `global.`. */
const PROFILE = /^[a-z]{2,6}(?:-[a-z]{2,4})?\.(?=[a-z0-9-]+\.)/;

/** The id of the model itself, where `id` is that of a cross-region inference profile of it. */
export function withoutProfile(id: string): string {
  return id.replace(PROFILE, '');
}

/**
 * The model a path names: an id as the configuration has it, or an ARN of one of the service's forms. Throws
 * `unsupported` for a prompt, whose text lies where the gateway cannot see it, and for a prompt router, which picks a
 * model that no policy has been asked about; `invalidRequest` for anything else.
 */
export function parseModel(name: string): ModelId {
  const model = parseModelId(name);
  if (!name.startsWith('arn:') || arns.model.test(name) || arns.endpoint.test(name)) return model;
  if (arns.prompt.test(name)) throw new GatewayError('unsupported', { detail: 'a prompt of Prompt management' });
  if (arns.promptRouter.test(name)) throw new GatewayError('unsupported', { detail: 'a prompt router' });
  throw new GatewayError('invalidRequest', { detail: 'not the ARN of a model' });
}
