import { GatewayError, type Inference, type OutputFormat, type ReasoningEffort } from '../../core/index.ts';
import type { Reader } from '../reader.ts';
import type { MessagesRequest } from './request-schema.ts';

/** Throws `unsupported` for two output formats: the inner form holds one. */
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

/** How much thinking is asked for. */
function toReasoning({ thinking, output_config }: MessagesRequest): ReasoningEffort | undefined {
  const effort = output_config?.effort ?? undefined;
  const beside = effort === undefined ? {} : { effort };
  switch (thinking?.type) {
    case undefined:
      return effort === undefined ? undefined : { kind: 'effort', effort };
    case 'enabled':
      return { kind: 'budget', tokens: thinking.budget_tokens, ...beside };
    case 'adaptive':
      return { kind: 'adaptive', ...beside };
    case 'disabled':
      return { kind: 'off', ...beside };
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
