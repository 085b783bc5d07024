import { GatewayError, type Inference, type OutputFormat, type ReasoningEffort } from '../../core/index.ts';
import type { Reader } from './reader.ts';
import type { MessagesRequest } from './request-schema.ts';

/** Throws `unsupported` for an effort beside a budget, and for two output formats: the inner form holds one of each. */
export function toInference(reader: Reader, body: MessagesRequest): Inference {
  const stopSequences = body.stop_sequences?.map((text, index) =>
    reader.parts.add({ kind: 'text', origin: 'parameter', path: `/stop_sequences/${index}`, text }),
  );
  const reasoning = toReasoning(body);
  const outputFormat = toOutputFormat(reader, body);
  return {
    ...(body.max_tokens === undefined ? {} : { maxTokens: body.max_tokens }),
    ...(body.temperature === undefined ? {} : { temperature: body.temperature }),
    ...(body.top_p === undefined ? {} : { topP: body.top_p }),
    ...(body.top_k === undefined ? {} : { topK: body.top_k }),
    ...(stopSequences === undefined ? {} : { stopSequences }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(outputFormat === undefined ? {} : { outputFormat }),
  };
}

/** How much thinking is asked for. Adaptive thinking with an effort is that effort: it is what guides it. */
function toReasoning({ thinking, output_config }: MessagesRequest): ReasoningEffort | undefined {
  const effort = output_config?.effort ?? undefined;
  if (effort !== undefined) {
    if (thinking && thinking.type !== 'adaptive') {
      throw new GatewayError('unsupported', {
        detail: '`output_config.effort` beside `thinking` that is not adaptive',
      });
    }
    return { kind: 'effort', effort };
  }
  switch (thinking?.type) {
    case undefined:
      return undefined;
    case 'enabled':
      return { kind: 'budget', tokens: thinking.budget_tokens };
    case 'adaptive':
      return { kind: 'adaptive' };
    case 'disabled':
      return { kind: 'off' };
    default:
      return thinking satisfies never;
  }
}

function toOutputFormat({ document, parts }: Reader, body: MessagesRequest): OutputFormat | undefined {
  const { output_format: early } = body;
  const current = body.output_config?.format;
  if (early && current) {
    throw new GatewayError('unsupported', { detail: '`output_format` beside `output_config.format`' });
  }
  const format = current ?? early;
  if (!format) return undefined;
  const path = current ? '/output_config/format/schema' : '/output_format/schema';
  const text = document.rawOf(format.schema);
  return { kind: 'jsonSchema', schema: parts.add({ kind: 'json', origin: 'parameter', path, text }) };
}
