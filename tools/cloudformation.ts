import { once } from 'node:events';
import { createServer } from 'node:http';
import { type LocalServer, serveLocally } from './local-server.ts';

/** What a custom resource has told. */
export interface ToldAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

type Handler = (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<void>;
type Properties = Readonly<Record<string, unknown>>;

/** A stack with one custom resource. Each call resolves with the answers to all events that it sent, in order. */
export interface StackOfOne {
  create(properties: Properties): Promise<readonly ToldAnswer[]>;
  update(properties: Properties): Promise<readonly ToldAnswer[]>;
  remove(): Promise<readonly ToldAnswer[]>;
  /** Sends the last event once more, as Lambda does after a handler was cut off. */
  repeat(): Promise<ToldAnswer>;
}

export interface CloudFormation extends LocalServer {
  /** Answers the next answers with 500. */
  refuseAnswers(count: number): void;
  createStack(handler: Handler, remainingMs?: number): StackOfOne;
}

/**
 * CloudFormation as a custom resource sees it: events, the place that takes answers, and what follows a failure. One
 * that could not be created is removed; one that could not be updated is updated back; an answer to an update with
 * another physical id has the old one removed. A number or a boolean comes as text.
 */
export async function startCloudFormation(): Promise<CloudFormation> {
  const answers = new Map<string, ToldAnswer>();
  let refused = 0;
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const isRefused = incoming.method !== 'PUT' || incoming.headers['content-type'] || refused > 0;
    if (refused > 0) refused -= 1;
    if (!isRefused) answers.set(incoming.url ?? '', JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(isRefused ? 500 : 200).end();
    await once(response, 'close');
  });
  const local = await serveLocally(server);
  let sent = 0;

  function createStack(handler: Handler, remainingMs = 60_000): StackOfOne {
    let properties: Properties = {};
    let physicalId: string | undefined;
    let last: Properties = {};

    async function send(kind: 'Create' | 'Update' | 'Delete', more: Properties): Promise<ToldAnswer> {
      last = {
        ...{ RequestType: kind, StackId: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/s/1' },
        ...{ LogicalResourceId: 'Resource', ResourceType: 'Custom::Resource', RequestId: `request-${sent}` },
        ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
        ...more,
      };
      return sendAgain();
    }

    async function sendAgain(): Promise<ToldAnswer> {
      sent += 1;
      const path = `/answers/${sent}`;
      await handler({ ...last, ResponseURL: `${local.url}${path}` }, { getRemainingTimeInMillis: () => remainingMs });
      const answer = answers.get(path);
      if (answer === undefined) throw new Error('the handler has not answered');
      return answer;
    }

    async function change(to: Properties): Promise<ToldAnswer> {
      const answer = await send('Update', { ResourceProperties: toTexts(to), OldResourceProperties: properties });
      if (answer.Status === 'SUCCESS') properties = toTexts(to);
      return answer;
    }

    const removing = () => send('Delete', { ResourceProperties: properties });
    return {
      async create(wanted) {
        properties = toTexts(wanted);
        const made = await send('Create', { ResourceProperties: properties });
        physicalId = made.PhysicalResourceId;
        return made.Status === 'SUCCESS' ? [made] : [made, await removing()];
      },
      async update(wanted) {
        const [before, old] = [physicalId, properties];
        const changed = await change(wanted);
        if (changed.Status === 'FAILED') return [changed, await change(old)];
        physicalId = changed.PhysicalResourceId;
        if (physicalId === before) return [changed];
        return [changed, await send('Delete', { PhysicalResourceId: before, ResourceProperties: old })];
      },
      remove: async () => [await removing()],
      repeat: sendAgain,
    };
  }

  return {
    ...local,
    refuseAnswers(count) {
      refused = count;
    },
    createStack,
  };
}

function toTexts(value: Properties): Properties;
function toTexts(value: unknown): unknown;
function toTexts(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(toTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, toTexts(each)]));
}
