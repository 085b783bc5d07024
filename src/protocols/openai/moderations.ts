import { z } from 'zod';
import {
  createPartList,
  GatewayError,
  type JsonDocument,
  type ModerationResult,
  type ReadAssessment,
  type RequestId,
  type WireReply,
} from '../../core/index.ts';
import { parseShape } from '../shape.ts';

const DEFAULT_MODEL = 'omni-moderation-latest';

const textItem = z.strictObject({ type: z.literal('text'), text: z.string() });
const imageItem = z.looseObject({ type: z.literal('image_url') });

/** `CreateModerationRequest` of the OpenAI API. `model` is told again, and chooses nothing. */
const moderationRequest = z.strictObject({
  input: z.union([z.string(), z.array(z.string()).min(1), z.array(z.union([textItem, imageItem])).min(1)]),
  model: z.string().max(256).optional(),
});

/** Reads a body of `moderations`. Throws `invalidRequest`, or `unsupported` for an image. */
export function readModeration({ value }: JsonDocument): ReadAssessment {
  const { input, model = DEFAULT_MODEL } = parseShape(moderationRequest, value);
  const parts = createPartList();
  for (const [index, text] of toTexts(input).entries()) {
    const path = typeof input === 'string' ? '/input' : `/input/${index}`;
    parts.add({ kind: 'text', origin: 'user', path, text });
  }
  return {
    kind: 'moderation',
    call: { inputs: toInputs(input) },
    parts: parts.parts,
    write: (results, requestId) => writeResults(results, { model, requestId }),
  };
}

type Input = z.output<typeof moderationRequest>['input'];

function toTexts(input: Input): readonly string[] {
  if (typeof input === 'string') return [input];
  return input.map((item) => {
    if (typeof item === 'string') return item;
    if (item.type === 'text' && typeof item.text === 'string') return item.text;
    throw new GatewayError('unsupported', { detail: 'an image in `input`' });
  });
}

/** Strings are judged one by one; the items of a multi-modal input are one text. */
function toInputs(input: Input): readonly string[] {
  const texts = toTexts(input);
  return typeof input === 'string' || typeof input[0] === 'string' ? texts : [texts.join('\n')];
}

interface Told {
  readonly model: string;
  readonly requestId: RequestId;
}

function writeResults(results: ModerationResult, { model, requestId }: Told): WireReply {
  const body = { id: `modr-${requestId.replaceAll('-', '')}`, model, results: results.map(toResult) };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(body)) };
}

const FLAGGED = 0.5;

function toResult({ HATE, INSULTS, MISCONDUCT, SEXUAL, VIOLENCE }: ModerationResult[number]) {
  const scores = {
    harassment: INSULTS,
    'harassment/threatening': Math.min(INSULTS, VIOLENCE),
    hate: HATE,
    'hate/threatening': Math.min(HATE, VIOLENCE),
    illicit: MISCONDUCT,
    'illicit/violent': Math.min(MISCONDUCT, VIOLENCE),
    // Nothing here tells these apart.
    'self-harm': 0,
    'self-harm/instructions': 0,
    'self-harm/intent': 0,
    sexual: SEXUAL,
    'sexual/minors': 0,
    violence: VIOLENCE,
    'violence/graphic': 0,
  };
  const categories = Object.entries(scores).map(([category, score]) => [category, score >= FLAGGED] as const);
  return {
    flagged: categories.some(([, isFlagged]) => isFlagged),
    categories: Object.fromEntries(categories),
    category_scores: scores,
    category_applied_input_types: Object.fromEntries(categories.map(([category]) => [category, ['text']])),
  };
}
