import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type ClientHandle, describeClient } from './client.suite.ts';
import { openaiClients } from './clients.data.ts';
import { type ObservedGateway, startObservedGateway } from './observed-gateway.ts';

let running: ObservedGateway;
beforeAll(async () => {
  running = await startObservedGateway();
});
afterAll(() => running[Symbol.asyncDispose]());
const observed = () => running;

for (const client of openaiClients) {
  describeClient({ client, observed }, client.language === 'python' ? describeOtherOperations : undefined);
}

function describeOtherOperations({ value }: ClientHandle): void {
  it('gets embeddings, of what is left after masking', async () => {
    const embed = async (text: string) =>
      z
        .array(z.array(z.number()).length(256))
        .length(2)
        .parse(await value('embed', { texts: ['one', text] }));
    expect(await embed('card 4111 1111 1111 1111')).toEqual(await embed('card {CREDIT_DEBIT_CARD_NUMBER}'));
  });

  it('lists the models of the caller', async () => {
    const listed = z.array(z.string()).parse(await value('models', {}));
    expect(listed.sort()).toEqual([...running.demo.models].sort());
  });

  it('has texts moderated, each told every category', async () => {
    const moderated = z
      .array(z.object({ flagged: z.boolean(), categories: z.record(z.string(), z.boolean()) }))
      .length(2)
      .parse(await value('moderate', { texts: ['When do you open?', 'I will kill you, you idiot'] }));
    expect(moderated.map(({ flagged }) => flagged)).toEqual([false, true]);
    expect(moderated[1]?.categories).toMatchObject({ violence: true, 'self-harm': false, 'sexual/minors': false });
    expect(Object.keys(moderated[1]?.categories ?? {})).toHaveLength(13);
  });
}
