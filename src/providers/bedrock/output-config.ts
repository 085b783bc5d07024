import { type Exchange, type Inference, textOf } from '../../core/index.ts';
import { isOfFamily } from './model-family.ts';
import { notSent } from './not-sent.ts';

/**
 * The member `outputConfig` of a Converse body as JSON text, empty where nothing is asked for
 * (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_OutputConfig.html). Throws `unsupported` for JSON
 * without a schema, and for an effort that the service does not know.
 */
export function outputConfigText(exchange: Exchange, inference: Inference): string {
  const members = [textFormat(exchange, inference), effort(exchange, inference)].filter((member) => member !== '');
  return members.length === 0 ? '' : `"outputConfig":{${members.join()}}`;
}

/** The service holds the model to every schema, so `strict` has nothing to add. */
function textFormat(exchange: Exchange, { outputFormat }: Inference): string {
  if (outputFormat === undefined) return '';
  if (outputFormat.kind === 'json') throw notSent('JSON output without a schema');
  const { name, description, schema } = outputFormat;
  const jsonSchema = {
    schema: textOf(exchange, schema),
    ...(name === undefined ? {} : { name: textOf(exchange, name) }),
    ...(description === undefined ? {} : { description: textOf(exchange, description) }),
  };
  return `"textFormat":{"type":"json_schema","structure":{"jsonSchema":${JSON.stringify(jsonSchema)}}}`;
}

/** The effort, where one is asked for, alone or beside thinking; Nova has a field of its own for it. */
function effort({ model }: Exchange, { reasoning }: Inference): string {
  const level = reasoning?.effort;
  if (level === undefined || level === 'none' || isOfFamily(model, 'amazon.nova-')) return '';
  if (level === 'minimal') throw notSent('reasoning by `minimal`');
  return `"effort":"${level}"`;
}
