import { Pool } from 'undici';
import { z } from 'zod';
import type { RunningTarget } from './targets/target.ts';
import { answerText, toPrompt, toRequestBody } from './traffic.ts';

const PROMPT_BYTES = 1_024;

const received = z.object({ messages: z.array(z.object({ content: z.string() })) });
const buffered = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })) });
const chunk = z.object({ choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }) })) });

/**
 * Sends one buffered and one streamed request through every endpoint before anything is measured: the prompt must
 * reach the upstream and the answer the caller unchanged. A fast gateway that loses text is not a fast gateway.
 * Rejects with what was wrong.
 */
export async function verify(target: RunningTarget, upstream: string): Promise<void> {
  for (const { origin, headers } of target.endpoints) {
    const pool = new Pool(origin, { connections: 1 });
    try {
      for (const isStream of [false, true]) {
        const model = `${target.modelPrefix}bench`;
        const { statusCode, body } = await pool.request({
          method: 'POST',
          path: target.path,
          headers,
          body: toRequestBody(0, { model, promptBytes: PROMPT_BYTES, isStream }),
        });
        const text = await body.text();
        if (statusCode !== 200) throw new Error(`it answered with status ${statusCode}: ${text.slice(0, 200)}`);
        const answer = isStream ? toStreamedText(text) : toBufferedText(text);
        const kind = isStream ? 'streamed' : 'buffered';
        if (answer !== answerText) throw new Error(`its ${kind} answer is not the upstream's`);
        if ((await readPrompt(upstream)) !== toPrompt(0, PROMPT_BYTES)) {
          throw new Error(`the prompt of its ${kind} call did not reach the upstream unchanged`);
        }
      }
    } finally {
      await pool.destroy();
    }
  }
}

function toBufferedText(body: string): string {
  return buffered.parse(JSON.parse(body)).choices[0]?.message.content ?? '';
}

/** The text of a stream; all of it must be there, to `[DONE]`. */
export function toStreamedText(body: string): string {
  const events = body.split(/\r?\n\r?\n/).flatMap((event) => /^data: ?(.*)$/ms.exec(event)?.[1] ?? []);
  if (events.at(-1) !== '[DONE]') throw new Error('its stream does not end in `[DONE]`');
  return events
    .slice(0, -1)
    .map((event) => chunk.parse(JSON.parse(event)).choices[0]?.delta.content ?? '')
    .join('');
}

async function readPrompt(upstream: string): Promise<string | undefined> {
  const pool = new Pool(upstream, { connections: 1 });
  try {
    const { body } = await pool.request({ method: 'GET', path: '/' });
    return received.parse(await body.json()).messages.at(-1)?.content;
  } finally {
    await pool.destroy();
  }
}
