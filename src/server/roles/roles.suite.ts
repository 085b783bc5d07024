import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { type SecretsServer, startSecretsServer } from '../../../tools/secrets-server.ts';
import { type StsServer, startStsServer } from '../../../tools/sts-server.ts';
import { demoConfigText } from '../../config/index.ts';
import { createSimulatorEndpoint, type ReceivedRequest, type SimulatorEndpoint } from '../../providers/index.ts';
import { configFile, removeTemporaryDirectories } from '../gateway.suite.ts';

// Servers of STS, secrets and Bedrock, for the tests of the file that imports this.

export const TENANTS = ['demo', 'acme', 'globex'];
export const roleOf = (tenant: string) => `arn:aws:iam::111122223333:role/${tenant}`;

export let sts: StsServer;
let secrets: SecretsServer;
let bedrock: SimulatorEndpoint;
export const received: ReceivedRequest[] = [];

beforeAll(async () => {
  [sts, secrets] = await Promise.all([startStsServer(), startSecretsServer()]);
  bedrock = await createSimulatorEndpoint({ onRequest: (request) => received.push(request) });
  for (const tenant of TENANTS) secrets.parameters.set(`/tenants/${tenant}/role`, roleOf(tenant));
  secrets.parameters.set('/pool/role', roleOf('pool'));
  secrets.secrets.set('roles', '{"externalId":"x-42"}');
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDGATEWAY');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => {
  vi.unstubAllEnvs();
  received.length = 0;
  sts.requests.length = 0;
  sts.troubles.length = 0;
  sts.lastFor(undefined);
});
afterAll(async () => {
  removeTemporaryDirectories();
  await Promise.all([sts.close(), secrets.close(), bedrock.close()]);
});

export interface Given {
  readonly roles?: string;
  /** Of each tenant; undefined: its own parameter. */
  readonly tenant?: (name: string) => string;
  readonly models?: string;
}

/** The demo's configuration with its models on Bedrock, and two tenants more. */
export function configText({
  roles = '',
  tenant = (name) => `role: { ssm: /tenants/${name}/role }, `,
  models = '',
}: Given = {}) {
  const urls = `secretsManager: "${secrets.url}", ssm: "${secrets.url}", sts: "${sts.url}"`;
  const provider = `{ name: bedrock, kind: bedrock, region: us-east-1, endpoint: "${bedrock.endpoint}", maxAttempts: 1, roles: { ${roles} } }`;
  const tenants = TENANTS.map(
    (name) => `  - { name: ${name}, ${tenant(name)}principals: [{ name: developer, roles: [developer] }] }`,
  );
  return demoConfigText
    .replace('  - { name: simulator, kind: simulator }', `  - { name: simulator, kind: simulator }\n  - ${provider}`)
    .replace(/(\{ id: "amazon\.nova-lite-v1:0", provider: )simulator/, `$1bedrock${models}`)
    .replace(/^tenants:[\s\S]*?\n\n/m, `tenants:\n${tenants.join('\n')}\naws: { endpoints: { ${urls} } }\n\n`);
}

export function fileWith(text: string): string {
  const file = configFile();
  writeFileSync(file, text);
  return file;
}

/** Whose session each received call was signed under, beside whose it said it was. */
export function signers(): readonly (readonly [said: string | undefined, session: string | undefined])[] {
  return received.map(({ headers, body }) => {
    const [, said] = /I am ([a-z]+)/.exec(Buffer.from(body).toString()) ?? [];
    const [, key = ''] = /Credential=([^/]+)\//.exec(headers.authorization ?? '') ?? [];
    expect(headers['x-amz-security-token']).toBe(`token of ${key}`);
    return [said, sts.sessions.get(key)];
  });
}
