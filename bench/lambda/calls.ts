import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import OpenAI from 'openai';
import { toProse } from '../prose.ts';

/** One call of an application; the number chooses its prompt. Rejects where the answer is not what was to come. */
export type Ask = (number: number) => Promise<void>;

export interface CallKind {
  readonly name: string;
  readonly about: string;
  /** How often it is called, two at least. */
  readonly calls: number;
  /** How often before that. */
  readonly warmUp: number;
  /** Whether its overhead is told; if not, it is for what it uses. */
  readonly isTimed: boolean;
  /** For what a million of them cost. Absent where no application makes such calls. */
  readonly costs?: {
    /** What its model is taken to need. */
    readonly modelSeconds: number;
    /** In how many seconds something of it is recorded. */
    readonly recordedSeconds: number;
  };
  readonly ask: Ask;
}

const NOVA = 'amazon.nova-lite-v1:0';
const PROMPT_BYTES = 1_024;
/** Words of about 4 KB, each a piece of its own, as models send about a token at a time. */
const PIECES = 770;
/** Milliseconds between them. */
const PACE_MS = 20;
const FEW_PIECES = 100;
const FAST_MS = 5;

const PACED_SECONDS = (PIECES * PACE_MS) / 1_000;
/** What a model is taken to need for a buffered answer. */
const BUFFERED_SECONDS = 2;

interface Caller {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly quick: boolean;
}

/** Calls of the official SDKs. Streams end up in one piece here: the emulator gathers them. */
export function toCallKinds({ endpoint, apiKey, quick }: Caller): readonly CallKind[] {
  const bedrock = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint,
    token: { token: apiKey },
    authSchemePreference: ['httpBearerAuth'],
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
  const openai = new OpenAI({ baseURL: `${endpoint}/openai/v1`, apiKey, maxRetries: 0 });
  const converse = (text: string) => ({ modelId: NOVA, messages: [{ role: 'user' as const, content: [{ text }] }] });
  const times = (calls: number, warmUp: number) =>
    quick ? { calls: Math.ceil(calls / 10), warmUp: Math.ceil(warmUp / 10) } : { calls, warmUp };

  async function askConverse(number: number): Promise<void> {
    const { stopReason, output } = await bedrock.send(new ConverseCommand(converse(toProse(number, PROMPT_BYTES))));
    check(stopReason === 'end_turn', output?.message?.content?.[0]?.text, PROMPT_BYTES);
  }

  async function askChat(number: number): Promise<void> {
    const content = toProse(number, PROMPT_BYTES);
    const { choices } = await openai.chat.completions.create({ model: NOVA, messages: [{ role: 'user', content }] });
    check(choices[0]?.finish_reason === 'stop', choices[0]?.message.content, PROMPT_BYTES);
  }

  const askStream = (pieces: number, paceMs: number) => async (number: number) => {
    const text = `${toProse(number, PROMPT_BYTES)}\nsim:stream ${pieces}x${paceMs}ms`;
    const { stream = [] } = await bedrock.send(new ConverseStreamCommand(converse(text)));
    let said = '';
    let hasEnded = false;
    for await (const { contentBlockDelta, messageStop } of stream) {
      said += contentBlockDelta?.delta?.text ?? '';
      hasEnded ||= messageStop?.stopReason === 'end_turn';
    }
    check(hasEnded, said, pieces * 4);
  };

  return [
    {
      name: 'Converse',
      about: '1 KB prompt, 1 KB answer',
      ...times(300, 100),
      isTimed: true,
      costs: { modelSeconds: BUFFERED_SECONDS, recordedSeconds: 2 },
      ask: askConverse,
    },
    {
      name: 'OpenAI chat',
      about: 'the same in another protocol',
      ...times(300, 50),
      isTimed: true,
      ask: askChat,
    },
    {
      name: 'ConverseStream',
      about: `1 KB prompt, an answer of ${FEW_PIECES} pieces (500 bytes), ${FAST_MS} ms between them`,
      ...times(150, 20),
      isTimed: true,
      ask: askStream(FEW_PIECES, FAST_MS),
    },
    {
      name: 'burst',
      about: `1 KB prompt, a stream of 4 KB in ${PIECES} pieces, all at once, as no model answers`,
      ...times(50, 10),
      isTimed: false,
      ask: askStream(PIECES, 0),
    },
    {
      name: 'paced',
      about: `the same, ${PACE_MS} ms between the pieces, as a model answers that makes 50 tokens a second`,
      calls: quick ? 2 : 3,
      warmUp: 0,
      isTimed: false,
      costs: { modelSeconds: PACED_SECONDS, recordedSeconds: Math.ceil(PACED_SECONDS) },
      ask: askStream(PIECES, PACE_MS),
    },
  ];
}

function check(hasEnded: boolean, text: string | null | undefined, least: number): void {
  if (!hasEnded || (text ?? '').length < least) throw new Error('an answer is not what was to come');
}
