import type { Completion, Exchange } from '../../core/index.ts';
import { printSampling, STREAM_FIELDS } from './sampling-fields.ts';
import { quote, unsupported } from './wire-text.ts';

/**
 * The body of `POST /completions` (platform.openai.com/docs/api-reference/completions). Throws `unsupported` for what
 * only a chat can be asked for.
 */
export function printCompletionBody(exchange: Exchange, { prompt, inference }: Completion): string {
  if (inference.reasoning !== undefined) throw unsupported('reasoning in a completion');
  if (inference.outputFormat !== undefined) throw unsupported('an output format of a completion');
  const model = JSON.stringify(exchange.model.providerModelId);
  const stream = exchange.action === 'InvokeModelWithResponseStream' ? STREAM_FIELDS : '';
  return `{"model":${model},"prompt":${quote(exchange, prompt)}${printSampling(exchange, inference)}${stream}}`;
}
