import type { JsonDocument } from '../../core/index.ts';
import type { ResponseRequest } from './response-schema.ts';

/**
 * The members with which a response repeats what was asked, as JSON without braces. It is the caller's own word, told
 * to nobody else. What the model's own default decided is null.
 */
export function writeEcho(document: JsonDocument, body: ResponseRequest): string {
  const echo = JSON.stringify({
    background: false,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: null,
    metadata: body.metadata ?? {},
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    ...(typeof body.prompt_cache_key === 'string' ? { prompt_cache_key: body.prompt_cache_key } : {}),
    reasoning: { effort: body.reasoning?.effort ?? null, summary: body.reasoning?.summary ?? null },
    ...(typeof body.safety_identifier === 'string' ? { safety_identifier: body.safety_identifier } : {}),
    service_tier: 'default',
    store: false,
    temperature: body.temperature ?? null,
    tool_choice: body.tool_choice ?? 'auto',
    top_logprobs: 0,
    top_p: body.top_p ?? null,
    truncation: 'disabled',
    ...(typeof body.user === 'string' ? { user: body.user } : {}),
  });
  const tools = (body.tools ?? []).map((tool) => writeTool(document, tool));
  return `${echo.slice(1, -1)},"text":{"format":${writeFormat(document, body)}},"tools":[${tools.join(',')}]`;
}

type WireTool = NonNullable<ResponseRequest['tools']>[number];

function writeTool(document: JsonDocument, { type, name, description, parameters, strict }: WireTool): string {
  const said = JSON.stringify({ type, name, description, strict: strict ?? null });
  return `${said.slice(0, -1)},"parameters":${parameters ? document.rawOf(parameters) : 'null'}}`;
}

function writeFormat(document: JsonDocument, { text }: ResponseRequest): string {
  const format = text?.format ?? { type: 'text' };
  if (format.type !== 'json_schema') return JSON.stringify(format);
  const { type, name, description, strict, schema } = format;
  const said = JSON.stringify({ type, name, description: description ?? undefined, strict: strict ?? null });
  return `${said.slice(0, -1)},"schema":${document.rawOf(schema)}}`;
}
