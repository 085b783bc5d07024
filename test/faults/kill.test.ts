import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCampaign, verificationFaults } from '../../bench/kill/campaign.ts';
import { createHouse } from '../../bench/kill/house.ts';
import { runRollback } from '../../bench/kill/rollback.ts';
import { runSecondSequencer } from '../../bench/kill/second-sequencer.ts';
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
    const reading = ['--full', '--reason', 'what left before the kill'];
    const shown = await runSallyport(['audit', 'show', id, ...reading, '--json', '--data', again.dataDirectory]);
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
    for (let waited = 0; waited < 60_000 && !gateway.output().includes(id); waited += 50) {
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

describe('a gateway that is killed again and again', () => {
  it('has all that clients got on record, whole and once, and a log that verifies', async () => {
    const house = await createHouse(temporaryDirectory());
    const { kills, whole, partial, staged, entries, faults } = await runCampaign({ house, kills: 30, checkEvery: 30 });
    expect(faults).toEqual([]);
    expect(kills).toEqual({ load: 15, long: 3, batch: 6, start: 3, drain: 3 });
    // Fewer would say that nobody was served, or nobody interrupted.
    expect(whole).toBeGreaterThan(100);
    expect(partial).toBeGreaterThan(20);
    expect(staged).toBeGreaterThan(0);
    expect(entries).toBeGreaterThan(1_000);

    // What the check is good for: a record that is taken away is missed.
    const segments = join(house.dataDirectory, 'audit', 'log', 'segments');
    const files = readdirSync(segments, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const [file] = files;
    if (file === undefined) throw new Error('expected a segment');
    rmSync(join(file.parentPath, file.name));
    expect(verificationFaults(await house.verify())).toContainEqual(expect.stringContaining('its record is missing'));
  });
});

describe('two sequencers at once on one journal', () => {
  it('make one log, whichever of them is killed', async () => {
    const house = await createHouse(temporaryDirectory());
    const { added, entries, answers, checkpoints, faults } = await runSecondSequencer(house, 3);
    expect(faults).toEqual([]);
    // Both had a part in it.
    expect(added).toBeGreaterThan(0);
    expect(entries).toBeGreaterThan(added);
    expect(answers).toBeGreaterThan(50);
    expect(checkpoints).toBeGreaterThan(2);
  });
});

describe('an older copy of the data, put back', () => {
  it('is told by a checkpoint that a file sink has kept, shorter or grown beyond it', async () => {
    const house = await createHouse(temporaryDirectory());
    const { entries, whileShorter, onceOutgrown, faults } = await runRollback(house, 300);
    expect(faults).toEqual([]);
    expect(entries.copied).toBeLessThan(entries.lost);
    expect(entries.goneOn).toBeGreaterThan(entries.lost);
    expect(whileShorter).toEqual([expect.stringContaining('the log was cut')]);
    expect(onceOutgrown).toContainEqual(expect.stringContaining('has another log of the first'));
  });
});
