import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type ClientHandle, describeClient } from './client.suite.ts';
import { anthropicClients } from './clients.data.ts';
import { type ObservedGateway, startObservedGateway } from './observed-gateway.ts';

let running: ObservedGateway;
beforeAll(async () => {
  running = await startObservedGateway();
});
afterAll(() => running[Symbol.asyncDispose]());
const observed = () => running;

for (const client of anthropicClients) {
  const listsModels = client.environment === 'anthropic.env';
  describeClient({ client, observed }, listsModels ? describeModels : undefined);
}

function describeModels({ value }: ClientHandle): void {
  it('lists the models of the caller', async () => {
    const listed = z.array(z.string()).parse(await value('models', {}));
    expect(listed.sort()).toEqual([...running.demo.models].sort());
  });
}
