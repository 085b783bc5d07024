import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReceiptSigner } from '../audit/index.ts';
import { startGateway } from '../server/index.ts';
import { removeTemporaryDirectories, sallyport, temporaryDirectory } from './terminal.suite.ts';

let data: string;
let answer: Response;
afterAll(removeTemporaryDirectories);

/** A gateway that has answered, and is closed: all of it is in the log. */
beforeAll(async () => {
  data = temporaryDirectory();
  const gateway = await startGateway({
    dataDirectory: data,
    port: 0,
    adminPort: 0,
    logDestination: join(temporaryDirectory(), 'log'),
  });
  const key = Object.values(gateway.demo?.principals ?? {})[0]?.apiKey;
  answer = await fetch(`${gateway.endpoint}/model/amazon.nova-lite-v1:0/converse`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hello' }] }] }),
  });
  await answer.text();
  await gateway.close();
});

async function check(content: string, ...words: readonly string[]) {
  const file = join(temporaryDirectory(), 'receipt');
  writeFileSync(file, content);
  return sallyport('receipt', 'check', file, '--data', data, ...words);
}

const receipt = () => answer.headers.get('x-sallyport-record') ?? '';

describe('sallyport receipt check', () => {
  it('finds the entry that was promised, by the value or by the whole answer', async () => {
    expect(await check(receipt())).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^kept: entry 2, promised 20/),
    });
    const whole = `HTTP/1.1 200 OK\r\nX-Sallyport-Record: ${receipt()}\r\ncontent-length: 2\r\n\r\n{}`;
    expect((await check(whole)).out).toMatch(/^kept: entry 2/);
    const found = JSON.parse((await check(receipt(), '--json')).out);
    expect(found).toMatchObject({ kind: 'kept', index: 2, origin: 'sallyport/demo', maximumMergeDelay: 5_000 });
    const id = answer.headers.get('x-sallyport-request-id') ?? '';
    const [request] = JSON.parse((await sallyport('audit', 'show', id, '--json', '--data', data)).out);
    expect(request.leafHash).toBe(found.leafHash);
  });

  it('takes no receipt that a key outside of the log signed', async () => {
    const other = createReceiptSigner({ origin: 'sallyport/demo', maximumMergeDelay: 5_000 });
    const forged = await other.sign(new Uint8Array(32), Date.now());
    expect(await check(forged)).toMatchObject({ code: 1, out: expect.stringContaining('foreign') });
    const elsewhere = createReceiptSigner({ origin: 'sallyport/other', maximumMergeDelay: 5_000 });
    expect((await check(await elsewhere.sign(new Uint8Array(32), Date.now()))).out).toContain('foreign');
  });

  it('says what is no receipt, and what cannot be read', async () => {
    expect(await check('nonsense')).toMatchObject({ code: 2, error: 'sallyport: this is no receipt' });
    const nowhere = join(data, 'nowhere');
    expect(await sallyport('receipt', 'check', nowhere, '--data', data)).toMatchObject({ code: 2 });
  });
});
