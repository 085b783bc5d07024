import { z } from 'zod';
import { GatewayError } from '../../core/index.ts';
import { jsonObject, parseShape } from '../shape.ts';

/** `output_config` of Claude (platform.claude.com/docs/en/build-with-claude/structured-outputs). */
const outputConfig = z.strictObject({
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
  format: z.strictObject({ type: z.literal('json_schema'), schema: jsonObject }).optional(),
});

export type ClaudeOutput = z.output<typeof outputConfig>;

/** What additional fields say of the answer in Claude's own words, and the fields without it. The AI SDK does so. */
export interface SplitOutput {
  readonly output: ClaudeOutput;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** Takes Claude's `output_config` out of additional fields. Throws `invalidRequest`. */
export function splitOutput(fields: Readonly<Record<string, unknown>>): SplitOutput {
  if (!Object.hasOwn(fields, 'output_config')) return { output: {}, rest: fields };
  const { output_config: value, ...rest } = fields;
  return { output: parseShape(outputConfig, value), rest };
}

/** The one of two that is given. Throws `unsupported` where both are: one would be dropped. */
export function onlyOne<Setting>(one: Setting | undefined, other: Setting | undefined): Setting | undefined {
  if (one !== undefined && other !== undefined) {
    throw new GatewayError('unsupported', {
      detail: '`outputConfig` beside the same in `additionalModelRequestFields`',
    });
  }
  return one ?? other;
}
