import { connect, type Socket } from 'node:net';
import { BedrockRuntimeClient, ConverseCommand, ThrottlingException } from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfigText } from '../../src/config/index.ts';
import { type GatewayProcess, runSallyport, startGatewayProcess } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const limits = 'limits: { maxBodyBytes: 1000000, maxUnverifiedBytesPerSource: 2000000, maxUnverifiedBytes: 8000000 }';

let gateway: GatewayProcess;
let apiKey = '';
let credentials = { accessKeyId: '', secretAccessKey: '' };
const sockets: Socket[] = [];
beforeAll(async () => {
  gateway = await startGatewayProcess({ config: `${demoConfigText}\n${limits}\n` });
  const create = async (kind: string) => {
    const places = ['-c', gateway.configFile, '-d', gateway.dataDirectory];
    const owner = ['-t', 'demo', '-p', 'developer', '-k', kind];
    return JSON.parse((await runSallyport(['key', 'create', ...owner, '--json', ...places])).out);
  };
  apiKey = (await create('api-key')).apiKey;
  credentials = await create('sigv4');
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await gateway.stop();
});

/** A head that only the whole body can show to be forged: the key id is a real one, the signature is not. */
function forgedHead(keyId: string): string {
  const timestamp = `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  const scope = `${keyId}/${timestamp.slice(0, 8)}/us-east-1/bedrock/aws4_request`;
  const signature = `Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  return [
    `POST /model/${NOVA}/converse HTTP/1.1`,
    'host: localhost',
    `x-amz-date: ${timestamp}`,
    `authorization: AWS4-HMAC-SHA256 ${signature}`,
    'content-length: 1000000',
    '\r\n',
  ].join('\r\n');
}

function sendForged(keyId: string): () => string {
  const { hostname, port } = new URL(gateway.demo.endpoint);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  socket.on('error', () => undefined);
  socket.write(forgedHead(keyId));
  socket.write(Buffer.alloc(900_000, 0x20));
  sockets.push(socket);
  return () => answer;
}

const client = (maxAttempts: number) =>
  new BedrockRuntimeClient({ endpoint: gateway.demo.endpoint, region: 'us-east-1', credentials, maxAttempts });
const converse = () =>
  new ConverseCommand({ modelId: NOVA, messages: [{ role: 'user', content: [{ text: 'word '.repeat(60_000) }] }] });

describe('bodies under forged signatures', () => {
  it('are not even read where the key id is none of this gateway', async () => {
    const answer = sendForged('SPAKAAAAAAAAAAAAAAAA');
    await expect.poll(answer).toMatch(/^HTTP\/1\.1 403 [\s\S]*UnrecognizedClientException/i);
  });

  it('are kept to a bound for their source, beside which known callers are served', async () => {
    const answers = Array.from({ length: 10 }, () => sendForged(credentials.accessKeyId));
    await expect.poll(() => answers.filter((answer) => answer().startsWith('HTTP/1.1 429')).length).toBeGreaterThan(6);
    await expect(client(1).send(converse())).rejects.toThrow(ThrottlingException);
    const keyed = await raw(gateway.demo.endpoint, {
      path: `/model/${NOVA}/converse`,
      headers: { authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(converse().input),
    });
    expect(keyed.status).not.toBe(429);

    const retried = client(3).send(converse());
    for (const socket of sockets.splice(0)) socket.destroy();
    expect((await retried).stopReason).toBe('end_turn');
  });
});
