import { z } from 'zod';
import {
  type Conversation,
  createPartList,
  type Inference,
  type Message,
  type PartList,
  type ReplyMeta,
  type StopReason,
} from '../../../core/index.ts';
import { notCarried } from '../../refusal.ts';
import { parseShape } from '../../shape.ts';
import { finishReasons } from './cohere-text.ts';
import type { AnswerForm, Family } from './family.ts';
import { createTextForm } from './text-form.ts';

const chatRequest = z.strictObject({
  message: z.string().min(1),
  chat_history: z.array(z.strictObject({ role: z.enum(['USER', 'CHATBOT']), message: z.string() })).optional(),
  preamble: z.string().optional(),
  max_tokens: z.int32().min(1).optional(),
  temperature: z.number().min(0).max(1).optional(),
  p: z.number().min(0).max(1).optional(),
  k: z.int32().min(0).max(500).optional(),
  frequency_penalty: z.number().min(0).max(1).optional(),
  presence_penalty: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  stop_sequences: z.array(z.string()).optional(),
  // Their answers cite by offsets into the text and call tools without ids: the inner form has neither.
  documents: notCarried('documents', []),
  tools: notCarried('tools', []),
  tool_results: notCarried('tool_results', []),
  search_queries_only: notCarried('search_queries_only', false),
  prompt_truncation: notCarried('prompt_truncation', 'OFF'),
  return_prompt: notCarried('return_prompt', false),
  raw_prompting: notCarried('raw_prompting', false),
});

type ChatRequest = z.output<typeof chatRequest>;
type History = NonNullable<ChatRequest['chat_history']>;

/**
 * Cohere Command R: a message, and those before it
 * (docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-cohere-command-r-plus.html).
 */
export const cohereChat: Family = {
  read(document) {
    const body = parseShape(chatRequest, document.value);
    const { message, chat_history = [], preamble } = body;
    const parts = createPartList();
    const toText = (origin: 'system' | Message['role'], path: string, text: string) =>
      ({ kind: 'text', text: parts.add({ kind: 'text', origin, path, text }) }) as const;
    const request: Conversation = {
      kind: 'conversation',
      system: preamble === undefined ? [] : [toText('system', '/preamble', preamble)],
      messages: [
        ...chat_history.map((turn, index): Message => {
          const role = turn.role === 'USER' ? 'user' : 'assistant';
          return { role, content: [toText(role, `/chat_history/${index}/message`, turn.message)] };
        }),
        { role: 'user', content: [toText('user', '/message', message)] },
      ],
      tools: [],
      inference: toInference(parts, body),
      metadata: [],
    };
    return { request, parts: parts.parts, form: createForm([...chat_history, { role: 'USER', message }]) };
  },
};

function toInference(parts: PartList, body: ChatRequest): Inference {
  const { max_tokens, temperature, p, k, frequency_penalty, presence_penalty, seed } = body;
  const stopSequences = body.stop_sequences?.map((text, index) =>
    parts.add({ kind: 'text', origin: 'parameter', path: `/stop_sequences/${index}`, text }),
  );
  return {
    ...(max_tokens === undefined ? {} : { maxTokens: max_tokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(p === undefined ? {} : { topP: p }),
    ...(k === undefined ? {} : { topK: k }),
    ...(stopSequences === undefined ? {} : { stopSequences }),
    ...(frequency_penalty === undefined ? {} : { frequencyPenalty: frequency_penalty }),
    ...(presence_penalty === undefined ? {} : { presencePenalty: presence_penalty }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** A whole answer repeats the caller's own turns, for its next request; the end of a stream does not: a chunk is bounded. */
function createForm(history: History): AnswerForm {
  return createTextForm({
    whole(text, { stop }, meta) {
      const chat_history = [...history, { role: 'CHATBOT', message: text }];
      return JSON.stringify({ ...toEnd(meta, stop), text, chat_history });
    },
    delta: (text) => `{"is_finished":false,"event_type":"text-generation","text":${JSON.stringify(text)}}`,
    last({ reason }, meta) {
      const response = toEnd(meta, reason);
      const { finish_reason } = response;
      return JSON.stringify({ is_finished: true, event_type: 'stream-end', response, finish_reason });
    },
  });
}

function toEnd({ requestId }: ReplyMeta, reason: StopReason) {
  return { response_id: requestId, generation_id: requestId, finish_reason: finishReasons[reason] };
}
