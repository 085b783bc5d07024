import { describe, expect, it } from 'vitest';
import { runSallyport, startGatewayProcess, temporaryDirectory } from '../gateway/process.ts';

const NOVA = 'amazon.nova-lite-v1:0';

describe('a gateway that is killed in the middle of a stream', () => {
  it('has on record what it released, and closes the exchange as interrupted when it starts again', async () => {
    const dataDirectory = temporaryDirectory();
    const gateway = await startGatewayProcess({ dataDirectory });
    const response = await fetch(`${gateway.demo.endpoint}/openai/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${gateway.demo.principals.developer?.apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ model: NOVA, stream: true, messages: [{ role: 'user', content: 'sim:stream 200x20ms' }] }),
    });
    const id = response.headers.get('x-sallyport-request-id') ?? '';
    let received = '';
    try {
      for await (const chunk of response.body ?? []) {
        received += Buffer.from(chunk).toString();
        if (received.length > 2_000) await gateway.stop('SIGKILL');
      }
    } catch {
      // The connection broke, as it must.
    }
    const said = [...received.matchAll(/^data: (\{.*\})$/gm)]
      .map(([, json = '']) => JSON.parse(json).choices[0]?.delta?.content ?? '')
      .join('');
    expect(said.length).toBeGreaterThan(10);

    await using again = await startGatewayProcess({ dataDirectory });
    const shown = await runSallyport(['audit', 'show', id, '--json', '--data', again.dataDirectory]);
    const records: { kind: string; status?: string; events?: { kind: string; text?: string }[] }[] = JSON.parse(
      shown.out,
    );
    const released = records
      .flatMap(({ events = [] }) => events)
      .map(({ text = '' }) => text)
      .join('');
    expect(released.startsWith(said)).toBe(true);
    expect(records[0]?.kind).toBe('request');
    expect(records.at(-1)).toMatchObject({ kind: 'response', status: 'interrupted' });
  });
});

describe('a client that goes away', () => {
  it('cancels the model call, and the record says interrupted', async () => {
    await using gateway = await startGatewayProcess();
    const abort = new AbortController();
    const response = await fetch(`${gateway.demo.endpoint}/openai/v1/chat/completions`, {
      method: 'POST',
      signal: abort.signal,
      headers: {
        authorization: `Bearer ${gateway.demo.principals.developer?.apiKey}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        model: NOVA,
        stream: true,
        messages: [{ role: 'user', content: 'sim:stream 1000x20ms' }],
      }),
    });
    const id = response.headers.get('x-sallyport-request-id') ?? '';
    await response.body?.getReader().read();
    abort.abort();
    for (let waited = 0; waited < 5_000 && !gateway.output().includes(id); waited += 50) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(gateway.output()).toMatch(new RegExp(`${id}.*"outcome":"interrupted"|"outcome":"interrupted".*${id}`));
    const shown = await runSallyport(['audit', 'show', id, '--json', '--data', gateway.dataDirectory]);
    expect(JSON.parse(shown.out).at(-1)).toMatchObject({
      kind: 'response',
      status: 'interrupted',
      code: 'clientClosed',
    });
  });
});
