import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type LaunchedNode, launchNode, readiness } from '../launch.ts';
import { buildRelease } from '../release.ts';
import { models } from '../traffic.ts';
import type { RunningTarget, Target, TargetContext } from './target.ts';

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

export const unrecorded: Target = {
  name: 'unrecorded',
  about: 'the same with a journal that keeps nothing, which no configuration allows: beside it, what the record costs',
  async start(context) {
    const program = join(import.meta.dirname, 'unrecorded-server.ts');
    return toRunning([await startProgram({ home: join(context.directory, 'unrecorded'), ...context, program })]);
  },
};

/** Collects sooner and keeps fewer arenas: less memory, at the price of collecting more often. */
const SMALL = {
  flags: ['--max-semi-space-size=8', '--heap-growing-percent=30'],
  environment: { MALLOC_ARENA_MAX: '2' },
} as const;

export const small: Target = {
  name: 'small',
  about: `the same with \`MALLOC_ARENA_MAX=2 node ${SMALL.flags.join(' ')}\`, for less memory`,
  start: async (context) =>
    toRunning([await startProgram({ home: join(context.directory, 'small'), ...context, ...SMALL })]),
};

/** Starts so many gateways, each with a data directory and an API key of its own store. */
export async function startSallyport(context: TargetContext, processes: number): Promise<RunningTarget> {
  const started: Gateway[] = [];
  try {
    const home = join(context.directory, `sallyport-${processes}`);
    for (let number = 0; number < processes; number += 1) {
      started.push(await startGateway(join(home, String(number)), context.upstream));
    }
  } catch (error) {
    await close(started);
    throw error;
  }
  return toRunning(started);
}

async function close(gateways: readonly Gateway[]): Promise<void> {
  await Promise.all(gateways.map(({ server }) => server[Symbol.asyncDispose]()));
}

function toRunning(started: readonly Gateway[]): RunningTarget {
  return {
    endpoints: started.map(({ origin, headers }) => ({ origin, headers })),
    path: chatPath,
    modelPrefix: '',
    pids: started.map(({ server }) => server.pid),
    eventLoops: started.map(({ server }) => server.eventLoop),
    [Symbol.asyncDispose]: () => close(started),
  };
}

/** One gateway process and how to call it. */
export interface Gateway {
  readonly server: LaunchedNode;
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Starts a gateway with its configuration, log and data in `home`; on the data that is there, if there is some. */
export function startGateway(home: string, upstream: string): Promise<Gateway> {
  return startProgram({ home, upstream });
}

interface Start {
  readonly home: string;
  readonly upstream: string;
  /** In the place of the gateway's own. */
  readonly program?: string;
  /** More flags for Node, and more of its environment. */
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts the gateway of the release, or a program that takes the release, a configuration and a data directory. */
async function startProgram({ home, upstream, program, flags = [], environment = {} }: Start): Promise<Gateway> {
  const release = buildRelease();
  const main = join(release, 'cli/main.js');
  mkdirSync(home, { recursive: true });
  const [configFile, data] = [join(home, 'sallyport.yaml'), join(home, 'data')];
  // JSON is YAML.
  writeFileSync(configFile, JSON.stringify(toConfig(upstream)));
  const setup = ['--config', configFile, '--data', data];
  const apiKey = createKey([main, 'key', 'create', ...setup]);
  const start = [main, 'start', ...setup, '--port', '0', '--admin-port', '0'];
  const server = launchNode({
    args: [...flags, ...(program === undefined ? start : [program, release, configFile, data])],
    logFile: join(home, 'sallyport.log'),
    environment,
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

function createKey(command: readonly string[]): string {
  const args = [...command, '--tenant', 'bench', '--principal', 'load', '--json'];
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
