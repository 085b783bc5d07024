import { createSimulatorEndpoint } from '../../src/providers/index.ts';
import type { Demo } from '../../src/server/index.ts';
import { type GatewayProcess, runSallyport, startGatewayProcess } from '../gateway/process.ts';

/** A gateway before a model whose side of the wire the test sees. */
export interface ObservedGateway extends AsyncDisposable {
  readonly gateway: GatewayProcess;
  /** Where it listens, and the credentials of its one principal, `developer`. */
  readonly demo: Demo;
  /** The bodies of every request that reached the model so far. */
  received(): string;
}

const models = [
  'amazon.nova-lite-v1:0',
  'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'amazon.titan-text-express-v1',
  'amazon.titan-embed-text-v2:0',
];

/**
 * Served by the simulator inside the gateway, which nobody observes: before a model that throttles, the gateway's own
 * second attempt would only take time.
 */
export const THROTTLING = 'anthropic.claude-3-haiku-20240307-v1:0';

/** A guardrail that its one principal may name, and one that it may not. What both find is told to it in steps only. */
const guardrail = (id: string) => `
  - id: ${id}
    version: 1
    policy:
      name: ${id}
      wordPolicyConfig: { wordsConfig: [{ text: Project Nightingale }] }
      contentPolicyConfig:
        filtersConfig: [{ type: VIOLENCE, inputStrength: MEDIUM, outputStrength: MEDIUM }]
      sensitiveInformationPolicyConfig:
        piiEntitiesConfig: [{ type: EMAIL, action: ANONYMIZE }]
      blockedInputMessaging: Sorry, not that.
      blockedOutputsMessaging: Sorry, not this.
`;

const configOf = (endpoint: string) => `
version: 1
environment: test
region: us-east-1
providers:
  - { name: simulator, kind: simulator }
  - name: bedrock
    kind: bedrock
    region: us-east-1
    endpoint: ${endpoint}
    credentials: { accessKeyId: { env: UPSTREAM_ID }, secretAccessKey: { env: UPSTREAM_SECRET } }
models:
  - { id: "${THROTTLING}", provider: simulator }
${models.map((id) => `  - { id: "${id}", provider: bedrock }`).join('\n')}
tenants:
  - name: bank
    principals: [{ name: developer, roles: [developer] }]
guardrails:${guardrail('open')}${guardrail('closed')}
policies:
  - name: main.cedar
    cedar: |
      permit (principal, action, resource) when { principal.roles.contains("developer") };
      forbid (principal, action == Sallyport::Action::"ReadExactAssessment", resource);
      forbid (principal, action, resource == Sallyport::Model::"guardrail/closed");
`;

/** Starts a gateway, and the simulator as an endpoint of Amazon Bedrock behind it, which remembers what it was sent. */
export async function startObservedGateway(): Promise<ObservedGateway> {
  let bodies = '';
  const upstream = await createSimulatorEndpoint({
    onRequest: ({ body }) => {
      bodies += `${Buffer.from(body)}\n`;
    },
  });
  const environment = { UPSTREAM_ID: 'AKIAUPSTREAMEXAMPLE1', UPSTREAM_SECRET: 'upstream-secret-of-the-test' };
  const gateway = await startGatewayProcess({ config: configOf(upstream.endpoint), environment });
  const developer = { ...(await createKey(gateway, 'api-key')), ...(await createKey(gateway, 'sigv4')) };
  return {
    gateway,
    demo: { ...gateway.demo, tenant: 'bank', models: [THROTTLING, ...models], principals: { developer } },
    received: () => bodies,
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await upstream.close();
    },
  };
}

async function createKey({ configFile, dataDirectory }: GatewayProcess, kind: 'api-key' | 'sigv4') {
  const setup = ['--config', configFile, '--data', dataDirectory];
  const owner = ['--tenant', 'bank', '--principal', 'developer'];
  const { code, out, error } = await runSallyport(['key', 'create', ...owner, '--kind', kind, '--json', ...setup]);
  if (code !== 0) throw new Error(`no key could be made:\n${error}`);
  return JSON.parse(out);
}
