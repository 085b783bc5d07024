import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type LaunchedNode, launchNode, readiness } from '../launch.ts';
import { models } from '../traffic.ts';
import type { RunningTarget, Target, TargetContext } from './target.ts';

const main = resolve(import.meta.dirname, '../../src/cli/main.ts');
/** Where a gateway takes chat completions. */
export const chatPath = '/openai/v1/chat/completions';

const createdKey = z.object({ apiKey: z.string() });

/** Who may do what: the permission an installation gives, and one that looks at what a prompt holds. */
const POLICIES = `
@id("applications-use-models-of-the-bench")
permit (principal in Sallyport::Tenant::"bench", action, resource)
when { principal.roles.contains("application") && resource has family && resource.family == "bench" };

@id("no-social-security-numbers")
forbid (principal, action, resource)
when { context has remaining && context.remaining.contains("US_SOCIAL_SECURITY_NUMBER") };
`;

export const sallyport: Target = {
  name: 'sallyport',
  about:
    'every control on: API key, Cedar before and after inspection, all detectors on prompt and answer, and an ' +
    'encrypted journal, synced to disk before the model is called and before the answer leaves',
  start: (context) => startSallyport(context, 1),
};

/** Starts so many gateways, each with a data directory and an API key of its own store. */
export async function startSallyport(context: TargetContext, processes: number): Promise<RunningTarget> {
  const started: Gateway[] = [];
  const close = async () => void (await Promise.all(started.map(({ server }) => server[Symbol.asyncDispose]())));
  try {
    const home = join(context.directory, `sallyport-${processes}`);
    for (let number = 0; number < processes; number += 1) {
      started.push(await startGateway(join(home, String(number)), context.upstream));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    endpoints: started.map(({ origin, headers }) => ({ origin, headers })),
    path: chatPath,
    modelPrefix: '',
    pids: started.map(({ server }) => server.pid),
    eventLoops: started.map(({ server }) => server.eventLoop),
    [Symbol.asyncDispose]: close,
  };
}

/** One gateway process and how to call it. */
export interface Gateway {
  readonly server: LaunchedNode;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Starts a gateway with its configuration, log and data in `home`; on the data that is there, if there is some. */
export async function startGateway(home: string, upstream: string): Promise<Gateway> {
  mkdirSync(home, { recursive: true });
  const configFile = join(home, 'sallyport.yaml');
  // JSON is YAML.
  writeFileSync(configFile, JSON.stringify(toConfig(upstream)));
  const setup = ['--config', configFile, '--data', join(home, 'data')];
  const apiKey = createKey(setup);
  const server = launchNode({
    args: [main, 'start', ...setup, '--port', '0', '--admin-port', '0'],
    logFile: join(home, 'sallyport.log'),
  });
  const origin = await readiness(server, () => {
    const line = server
      .log()
      .split('\n')
      .find((text) => text.includes('"event":"started"'));
    return line === undefined ? undefined : z.object({ endpoint: z.string() }).parse(JSON.parse(line)).endpoint;
  });
  return { server, origin, headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` } };
}

function createKey(setup: readonly string[]): string {
  const args = [main, 'key', 'create', '--tenant', 'bench', '--principal', 'load', '--json', ...setup];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`no API key could be made:\n${stderr}`);
  return createdKey.parse(JSON.parse(stdout)).apiKey;
}

function toConfig(upstream: string): object {
  return {
    version: 1,
    environment: 'bench',
    region: 'us-east-1',
    providers: [{ name: 'upstream', kind: 'openai-compatible', baseUrl: `${upstream}/v1` }],
    models: models.map((id) => ({ id, provider: 'upstream', family: 'bench' })),
    tenants: [{ name: 'bench', principals: [{ name: 'load', roles: ['application'] }] }],
    policies: [{ name: 'bench.cedar', cedar: POLICIES }],
  };
}
