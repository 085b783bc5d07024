import { createServer, type IncomingMessage } from 'node:http';
import { type LocalServer, serveLocally } from './local-server.ts';

interface EnforcedGuardrail {
  readonly configId: string;
  readonly guardrailArn: string;
  readonly guardrailVersion: string;
  readonly selectiveContentGuarding?: unknown;
}

interface Job {
  readonly jobId: string;
  readonly name: string;
  jobStatus: string;
  readonly definition: unknown;
}

/** What the account has of what the server plays itself. */
export interface AccountState {
  /** Account that governs GuardDuty here. */
  administrator: string | undefined;
  macie: 'ENABLED' | 'PAUSED' | undefined;
  enforcedGuardrails: EnforcedGuardrail[];
  dataRetention: string;
  isDiscovering: boolean;
  macieExport: unknown;
  jobs: Job[];
  standards: string[];
}

export interface AccountServer extends LocalServer {
  readonly state: AccountState;
  /** Calls that changed something, as `METHOD /path`, those passed on among them. */
  readonly changes: string[];
  /** Answers every call of this method and path with AWS's name of an error; undefined ends it. */
  refuse(call: string | undefined, error?: string): void;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of several services, read as each of them is.
type Body = any;
type Route = readonly [call: RegExp, perform: (body: Body, path: string) => object];

/** An answer with AWS's name of an error. */
class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Settings that an account has once, on the wire: those of Bedrock, Macie, GuardDuty and Security Hub that moto has not, or gives in a
 * form that the SDK does not read. Everything else it passes on to moto, with the signature as it is, for that says which service is meant.
 */
export async function startAccountServer(moto: string): Promise<AccountServer> {
  const state: AccountState = {
    ...{
      administrator: undefined,
      macie: undefined,
      enforcedGuardrails: [],
      dataRetention: 'none',
      isDiscovering: false,
      macieExport: undefined,
    },
    ...{ jobs: [], standards: [] },
  };
  const changes: string[] = [];
  let refused: { readonly call: string; readonly error: string } | undefined;
  const routes = createRoutes(state);

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const path = decodeURIComponent((incoming.url ?? '').split('?')[0] ?? '');
    const call = `${incoming.method} ${path}`;
    if (incoming.method !== 'GET' && path !== '/jobs/list' && path !== '/standards/get' && path !== '/')
      changes.push(call);
    if (refused?.call === call) {
      response.writeHead(403, { 'content-type': 'application/json', 'x-amzn-errortype': refused.error }).end('{}');
      return;
    }
    const route = routes.find(([pattern]) => pattern.test(call));
    if (route === undefined) {
      const passed = await passOn(moto, incoming, bytes);
      const content = Buffer.from(await passed.arrayBuffer());
      response.writeHead(passed.status, Object.fromEntries(passed.headers)).end(content);
      return;
    }
    const { status, headers, body } = answer(route, bytes, path);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });

  const local = await serveLocally(server);
  return {
    ...local,
    state,
    changes,
    refuse(call, error = 'AccessDeniedException') {
      refused = call === undefined ? undefined : { call, error };
    },
  };
}

function answer(route: Route, bytes: Buffer, path: string) {
  try {
    const body = bytes.length === 0 ? {} : JSON.parse(bytes.toString());
    return { status: 200, headers: {}, body: route[1](body, path) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { status: 403, headers: { 'x-amzn-errortype': error.code }, body: { message: error.message } };
  }
}

function createRoutes(state: AccountState): readonly Route[] {
  let made = 0;
  const nextId = (kind: string) => {
    made += 1;
    return `${kind}-${made}`;
  };
  return [
    [
      /^GET \/detector\/[^/]+\/administrator$/,
      () => (state.administrator === undefined ? {} : { administrator: { accountId: state.administrator } }),
    ],
    [
      /^GET \/macie$/,
      () => {
        if (state.macie === undefined) throw new Refused('AccessDeniedException', 'Macie is not enabled');
        return { status: state.macie };
      },
    ],
    [
      /^(?:POST|PATCH) \/macie$/,
      ({ status }) => {
        state.macie = status;
        return {};
      },
    ],
    [
      /^DELETE \/macie$/,
      () => {
        state.macie = undefined;
        return {};
      },
    ],
    [/^GET \/enforcedGuardrailsConfiguration$/, () => ({ guardrailsConfig: state.enforcedGuardrails })],
    [
      /^PUT \/enforcedGuardrailsConfiguration$/,
      ({ configId, guardrailInferenceConfig: config }) => {
        const id = configId ?? nextId('config');
        const { guardrailIdentifier: guardrailArn, guardrailVersion, selectiveContentGuarding } = config;
        const others = state.enforcedGuardrails.filter((each) => each.configId !== id);
        const guarding = { guardrailArn, guardrailVersion, selectiveContentGuarding };
        state.enforcedGuardrails = [...others, { configId: id, ...guarding }];
        return { configId: id };
      },
    ],
    [
      /^DELETE \/enforcedGuardrailsConfiguration\//,
      (_, path) => {
        const id = path.split('/').at(-1);
        state.enforcedGuardrails = state.enforcedGuardrails.filter(({ configId }) => configId !== id);
        return {};
      },
    ],
    [/^GET \/data-retention$/, () => ({ mode: state.dataRetention })],
    [/^GET \/automated-discovery\/configuration$/, () => ({ status: state.isDiscovering ? 'ENABLED' : 'DISABLED' })],
    [
      /^PUT \/automated-discovery\/configuration$/,
      ({ status }) => {
        state.isDiscovering = status === 'ENABLED';
        return {};
      },
    ],
    [/^GET \/classification-export-configuration$/, () => ({ configuration: state.macieExport ?? {} })],
    [
      /^PUT \/classification-export-configuration$/,
      ({ configuration }) => {
        state.macieExport = configuration;
        return { configuration };
      },
    ],
    [
      /^POST \/jobs$/,
      (definition) => {
        const job = { jobId: nextId('job'), name: definition.name, jobStatus: 'RUNNING', definition };
        state.jobs.push(job);
        return { jobId: job.jobId };
      },
    ],
    [
      /^POST \/jobs\/list$/,
      ({ filterCriteria }) => {
        const [prefix] = filterCriteria.includes[0].values;
        return { items: state.jobs.filter(({ name }) => name.startsWith(prefix)) };
      },
    ],
    [
      /^PATCH \/jobs\//,
      ({ jobStatus }, path) => {
        const job = state.jobs.find(({ jobId }) => jobId === path.split('/').at(-1));
        if (job !== undefined) job.jobStatus = jobStatus;
        return {};
      },
    ],
    [
      /^POST \/standards\/get$/,
      () => ({
        StandardsSubscriptions: state.standards.map((StandardsArn) => ({
          ...{ StandardsArn, StandardsSubscriptionArn: `${StandardsArn}#subscription`, StandardsStatus: 'READY' },
        })),
      }),
    ],
    [
      /^POST \/standards\/register$/,
      ({ StandardsSubscriptionRequests: requests }) => {
        state.standards.push(...requests.map(({ StandardsArn }: { StandardsArn: string }) => StandardsArn));
        return {};
      },
    ],
    [
      /^POST \/standards\/deregister$/,
      ({ StandardsSubscriptionArns: arns }) => {
        state.standards = state.standards.filter((arn) => !arns.includes(`${arn}#subscription`));
        return {};
      },
    ],
  ];
}

async function passOn(moto: string, incoming: IncomingMessage, bytes: Buffer): Promise<Response> {
  const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers;
  return fetch(`${moto}${incoming.url}`, {
    method: incoming.method ?? 'GET',
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    ...(bytes.length === 0 ? {} : { body: new Uint8Array(bytes) }),
  });
}
