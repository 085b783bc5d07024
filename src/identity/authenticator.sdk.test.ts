import { BedrockRuntimeClient, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayError, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { createAccessKey } from './access-key.ts';
import { createAuthenticator } from './authenticator.ts';
import { createCountingStore, createSeededKeyRing } from './memory-store.suite.ts';
import { type Received, type Recorder, startRecorder } from './sdk-traffic.suite.ts';

const clock = { now: () => Date.now() };
const keyRing = createSeededKeyRing();
const owner = { tenant: parseTenantId('bank'), principal: parsePrincipalId('teller-app') };
const { credential, accessKeyId, secretAccessKey } = createAccessKey(owner, { keyRing, clock });

function authenticate(received: Received | undefined) {
  if (received === undefined) throw new Error('nothing was received');
  const { head, body } = received;
  const credentials = createCountingStore(credential);
  const authenticator = createAuthenticator({ credentials, keyRing, clock, service: 'bedrock', region: 'us-east-1' });
  return authenticator.begin(head).then((pending) => pending.complete(body));
}

const handlers = { 'HTTP/1.1': { requestHandler: new NodeHttpHandler() }, 'HTTP/2': {} };
const modelId = fc.oneof(
  fc.constantFrom(
    'anthropic.claude-v2:1',
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-lite-v1:0',
    'a%2Fb',
    "it's (not) ~a* model!",
    'ünï/ç∂é',
  ),
  fc.stringMatching(/^[A-Za-z0-9][ -~]{0,40}$/),
);

describe.each(['HTTP/1.1', 'HTTP/2'] as const)('a request the AWS SDK signed, over %s', (version) => {
  let recorder: Recorder;
  let client: BedrockRuntimeClient;
  beforeAll(async () => {
    recorder = await startRecorder(version);
    client = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: recorder.endpoint,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
      ...handlers[version],
    });
  });
  afterAll(() => {
    client.destroy();
    recorder.close();
  });

  it('verifies whatever its model, body and headers, and no more once a byte is changed', async () => {
    const inputs = fc.record({
      modelId,
      body: fc.uint8Array({ maxLength: 300 }),
      guardrailIdentifier: fc.option(fc.stringMatching(/^[a-z0-9]{1,20}$/), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(inputs, fc.nat(), async ({ guardrailIdentifier, ...input }, at) => {
        const options = guardrailIdentifier === undefined ? {} : { guardrailIdentifier, guardrailVersion: '1' };
        await client.send(new InvokeModelCommand({ ...input, ...options, contentType: 'application/json' }));
        const received = recorder.last();
        if (received === undefined) throw new Error('nothing was received');
        expect(await authenticate(received)).toEqual({
          ...owner,
          credentialId: accessKeyId,
          credentialKind: 'sigv4',
        });
        const body = Buffer.from(received.body);
        const index = at % Math.max(body.length, 1);
        const changed = body.length === 0 ? Buffer.from('x') : body.fill((body[index] ?? 0) ^ 1, index, index + 1);
        await expect(authenticate({ ...received, body: changed })).rejects.toMatchObject({ code: 'signatureMismatch' });
      }),
      { numRuns: 40 },
    );
  });

  it('does not verify with another secret, in another region or for another key', async () => {
    const options = { endpoint: recorder.endpoint, maxAttempts: 1, ...handlers[version] };
    const send = async (config: { region: string; credentials: { accessKeyId: string; secretAccessKey: string } }) => {
      const other = new BedrockRuntimeClient({ ...options, ...config });
      await other.send(new InvokeModelCommand({ modelId: 'm', body: '{}' }));
      other.destroy();
      return authenticate(recorder.last()).catch((error) => (error instanceof GatewayError ? error.code : error));
    };
    const region = 'us-east-1';
    const credentials = { accessKeyId, secretAccessKey };
    expect(await send({ region, credentials })).toMatchObject(owner);
    expect(await send({ region, credentials: { accessKeyId, secretAccessKey: 'x'.repeat(40) } })).toBe(
      'signatureMismatch',
    );
    expect(await send({ region: 'eu-west-1', credentials })).toBe('signatureMismatch');
    const stranger = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey };
    expect(await send({ region, credentials: stranger })).toBe('unauthenticated');
  });

  it('does not verify with a session token, which its credential has not', async () => {
    const other = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: recorder.endpoint,
      credentials: { accessKeyId, secretAccessKey, sessionToken: 'token' },
      maxAttempts: 1,
      ...handlers[version],
    });
    await other.send(new InvokeModelCommand({ modelId: 'm', body: '{}' }));
    other.destroy();
    await expect(authenticate(recorder.last())).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

it('the AWS SDK presigned verifies, and no more with another body', async () => {
  const client = new BedrockRuntimeClient({ region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } });
  const signer = await client.config.signer();
  if (!('presign' in signer) || typeof signer.presign !== 'function') throw new Error('the SDK cannot presign');
  const path = '/model/anthropic.claude-v2%3A1/invoke';
  const request = { method: 'POST', protocol: 'http:', hostname: 'gateway:8080', path, query: {}, body: '{"a":1}' };
  const signed = await signer.presign(
    { ...request, headers: { host: 'gateway:8080' } },
    { expiresIn: 60, signingService: 'bedrock' },
  );
  const query = Object.entries<string>(signed.query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const head = {
    method: 'POST',
    path,
    query: query.join('&'),
    headers: [['host', 'gateway:8080'] as const],
    source: '127.0.0.1',
  };
  expect(await authenticate({ head, body: Buffer.from('{"a":1}') })).toMatchObject(owner);
  await expect(authenticate({ head, body: Buffer.from('{"a":2}') })).rejects.toMatchObject({
    code: 'signatureMismatch',
  });
});
