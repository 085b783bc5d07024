import { describe, expect, it } from 'vitest';
import { type StopReason, toAnswer } from '../../core/index.ts';
import { type Gathered, itAnswersAlikeWholeAndStreamed } from '../protocol.suite.ts';
import { createChatChunks } from './chat-chunks.ts';
import { writeChatCompletion } from './chat-completion.ts';
import { openaiProtocol } from './protocol.ts';

const meta = { id: 'chatcmpl-1', created: 1, model: 'demo' };

interface AnyCompletion {
  choices: { message: { content: string | null; tool_calls?: AnyCall[] }; finish_reason: string }[];
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

interface AnyCall {
  id: string;
  function: { name: string; arguments: string };
}

function toGathered({ choices: [choice], usage }: AnyCompletion): Gathered {
  return {
    text: choice?.message.content ?? '',
    calls: (choice?.message.tool_calls ?? []).map(({ id, function: { name, arguments: raw } }) => ({
      id,
      name,
      arguments: raw,
    })),
    stop: choice?.finish_reason ?? '',
    usage: [usage.prompt_tokens, usage.completion_tokens, usage.total_tokens],
  };
}

function gatherStream(body: string): Gathered {
  const frames = body.split('\n\n');
  expect(frames.splice(-2)).toEqual(['data: [DONE]', '']);
  const calls: AnyCall[] = [];
  let content = '';
  let finish = '';
  let usage = { prompt_tokens: -1, completion_tokens: -1, total_tokens: -1 };
  for (const frame of frames) {
    expect(frame.startsWith('data: ')).toBe(true);
    const chunk = JSON.parse(frame.slice(6));
    if (chunk.usage) usage = chunk.usage;
    const [choice] = chunk.choices;
    content += choice?.delta.content ?? '';
    finish = choice?.finish_reason ?? finish;
    for (const { index, ...part } of choice?.delta.tool_calls ?? []) {
      const known = calls[index];
      if (known) known.function.arguments += part.function.arguments;
      else calls[index] = part;
    }
  }
  return toGathered({ choices: [{ message: { content, tool_calls: calls }, finish_reason: finish }], usage });
}

describe('an answer in the OpenAI protocol', () => {
  itAnswersAlikeWholeAndStreamed({
    protocol: openaiProtocol,
    operation: 'chat.completions',
    body: {
      model: 'demo',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'hi' }],
    },
    gatherWhole: (body) => toGathered(JSON.parse(body)),
    gatherStream,
  });

  it.each([
    ['endTurn', 'stop'],
    ['stopSequence', 'stop'],
    ['maxTokens', 'length'],
    ['contextWindow', 'length'],
    ['toolUse', 'tool_calls'],
    ['contentFilter', 'content_filter'],
    ['guardrail', 'content_filter'],
  ] as readonly [StopReason, string][])('that stopped for %s says %s, whole and streamed', (reason, expected) => {
    const events = [{ kind: 'start' }, { kind: 'stop', reason }] as const;
    const chunks = createChatChunks({ ...meta, includeUsage: false });
    const stream = [...chunks.events(events), ...chunks.end()].join('');
    expect(stream.match(/"finish_reason":"(\w+)"/g)).toEqual([`"finish_reason":"${expected}"`]);
    expect(JSON.parse(writeChatCompletion(toAnswer(events), meta)).choices[0].finish_reason).toBe(expected);
  });

  it('has null for content where there are tool calls alone, and a text otherwise', () => {
    const usage = { inputTokens: 0, outputTokens: 0 };
    const call = { kind: 'toolUse', id: 'c', name: 'f', arguments: '{ "n": 12345678901234567890 }' } as const;
    const contentOf = (blocks: Parameters<typeof writeChatCompletion>[0]['blocks']) =>
      JSON.parse(writeChatCompletion({ blocks, embeddings: [], stop: 'endTurn', usage }, meta)).choices[0].message;
    expect(contentOf([call])).toMatchObject({
      content: null,
      tool_calls: [{ function: { arguments: call.arguments } }],
    });
    expect(contentOf([])).toEqual({ role: 'assistant', content: '', refusal: null });
    expect(contentOf([{ kind: 'text', text: 'a' }, call, { kind: 'text', text: 'b' }]).content).toBe('ab');
  });

  it('drops what belongs to no block of it', () => {
    const chunks = createChatChunks({ ...meta, includeUsage: false });
    expect(
      chunks.events([
        { kind: 'delta', index: 4, text: 'x' },
        { kind: 'blockStop', index: 4 },
        { kind: 'embedding', index: 0, vector: [1] },
      ]),
    ).toEqual([]);
  });
});
