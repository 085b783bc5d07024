import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseCheckpoint, toCheckpoint } from '../log/checkpoint.ts';
import { createMemoryObjects, signer } from '../log/log-fixture.suite.ts';
import { appendToFrontier, leafHash, rootOf, verifyConsistency } from '../log/merkle.ts';
import { signNote, toSignatureLine, toVerifierKey, type VerifierKey, verifyNote } from '../log/signed-note.ts';
import { tilesOf } from '../log/tile.ts';
import { createWitness } from './witness-store.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const leaves = Array.from({ length: 300 }, (_, at) => Buffer.from(`leaf ${at}`));
const rootAt = (size: number) =>
  rootOf(appendToFrontier({ size: 0, frontier: [] }, leaves.slice(0, size).map(leafHash)).frontier);
const noteAt = (size: number, root = rootAt(size)) =>
  signNote(toCheckpoint({ origin: signer.name, size, root }), [signer]);

const pair = generateKeyPairSync('ed25519');
const publicKey = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
const key = toVerifierKey('witness.example', publicKey, 'cosignature');

function cosign(text: string, privateKey: KeyObject, { name, id }: VerifierKey): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(1_764_000_000n);
  const signature = sign(null, Buffer.from(`cosignature/v1\ntime 1764000000\n${text}`), privateKey);
  return toSignatureLine({ name, id, bytes: Buffer.concat([time, signature]) });
}

/** A witness as C2SP tlog-witness has it, that has seen the log at a size. */
async function serve({
  seen = 0,
  answer,
}: {
  seen?: number;
  answer?: (note: string) => { status: number; body: string };
} = {}) {
  let last = { size: seen, root: rootAt(seen) };
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push(`${request.method} ${request.url} ${body.split('\n')[0]}`);
    const [head = '', ...rest] = body.split('\n\n');
    const note = rest.join('\n\n');
    const { text } = verifyNote(note, [toVerifierKey(signer.name, signer.publicKey)]);
    const next = parseCheckpoint(text);
    const [old = '', ...hashes] = head.split('\n');
    if (answer !== undefined) {
      const { status, body: said } = answer(text);
      return response.writeHead(status).end(said);
    }
    if (old !== `old ${last.size}`)
      return response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(`${last.size}\n`);
    const proof = hashes.map((hash) => Buffer.from(hash, 'base64'));
    const claim = { oldSize: last.size, newSize: next.size, oldRoot: last.root, newRoot: next.root, proof };
    if (last.size > 0 && !verifyConsistency(claim)) return response.writeHead(422).end();
    last = next;
    return response.writeHead(200).end(cosign(text, pair.privateKey, key));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const objects = createMemoryObjects();
  for (const { path, bytes } of tilesOf({ oldSize: 0, leaves, partials: new Map() })) objects.objects.set(path, bytes);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log/`;
  return { asked, witness: createWitness({ url, key, readTile: (path) => objects.read(path) }) };
}

describe('a witness', () => {
  it('cosigns a log that grows, each time from what it saw last', async () => {
    const { asked, witness } = await serve();
    for (const size of [3, 256, 300]) {
      const line = await witness.cosign(await noteAt(size), size);
      const { signatures } = verifyNote(`${await noteAt(size)}${line}`, [key]);
      expect(signatures).toEqual([{ key, time: 1_764_000_000 }]);
    }
    expect(asked).toEqual(['old 0', 'old 3', 'old 256'].map((old) => `POST /log/add-checkpoint ${old}`));
    expect(witness.name).toBe('witness.example');
  });

  it('is told from where it goes on by the witness itself', async () => {
    const { asked, witness } = await serve({ seen: 40 });
    await witness.cosign(await noteAt(300), 300);
    expect(asked.map((one) => one.split(' ').at(-1))).toEqual(['0', '40']);
    // Of what it has seen already it signs the same again.
    const again = await serve({ seen: 300 });
    await again.witness.cosign(await noteAt(300), 300);
  });

  it('does not cosign another log', async () => {
    const { witness } = await serve({ seen: 40 });
    await expect(witness.cosign(await noteAt(300, new Uint8Array(32)), 300)).rejects.toThrow('answered 422');
  });

  it.each<[string, (text: string) => { status: number; body: string }, string]>([
    ['refuses', () => ({ status: 403, body: '' }), 'answered 403'],
    ['says nonsense of what it saw', () => ({ status: 409, body: 'x' }), 'does not say what it saw last'],
    [
      'signs as somebody else',
      (text) => ({ status: 200, body: cosign(text, pair.privateKey, toVerifierKey('x', publicKey)) }),
      'no known key',
    ],
    [
      'signs something else',
      () => ({ status: 200, body: cosign('other', pair.privateKey, key) }),
      'a signature on the note is wrong',
    ],
    ['signs nothing', () => ({ status: 200, body: '' }), 'not a signed note'],
    ['never ends', () => ({ status: 200, body: 'x'.repeat(100_000) }), 'does not come to an end'],
  ])('that %s gives nothing', async (_, answer, message) => {
    const { witness } = await serve({ answer });
    await expect(witness.cosign(await noteAt(3), 3)).rejects.toThrow(message);
  });
});
