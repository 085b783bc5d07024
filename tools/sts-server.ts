import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type LocalServer, serveLocally } from './local-server.ts';

/** An `AssumeRole` as it came. */
export interface StsRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly externalId: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly policy: string | undefined;
  readonly durationSeconds: number;
  /** Of whom it is signed, and for which region. */
  readonly accessKeyId: string;
  readonly region: string;
}

/** What becomes of a request. `lose`: it is served, and its reply is lost. */
export type StsTrouble = { readonly refuse: string; readonly status?: number } | { readonly delayMs: number } | 'lose';

export interface StsServer extends LocalServer {
  /** What came whole, in order. */
  readonly requests: StsRequest[];
  /** The session name that each access key was given out for. */
  readonly sessions: Map<string, string>;
  /** What becomes of the next requests, one each. */
  readonly troubles: StsTrouble[];
  /** Roles that only whoever knows the external id may assume, by ARN. */
  readonly externalIds: Map<string, string>;
  /** How long sessions last from now on, instead of as long as was asked for. */
  lastFor(ms: number | undefined): void;
}

class Refusal extends Error {}

const ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/;
const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const CREDENTIAL =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([a-z0-9-]+)\/sts\/aws4_request, .*Signature=[0-9a-f]{64}$/;
const MAX_POLICY = 2_048;

/**
 * A server that speaks as much of AWS STS as assuming a role takes, in the Query protocol. Signatures are asked for and not
 * verified; names, tags, duration, external id and the length of the policy are held to what the service model says.
 */
export async function startStsServer(): Promise<StsServer> {
  const requests: StsRequest[] = [];
  const sessions = new Map<string, string>();
  const troubles: StsTrouble[] = [];
  const externalIds = new Map<string, string>();
  let lifetimeMs: number | undefined;

  function assume(request: StsRequest): string {
    requests.push(request);
    const expected = externalIds.get(request.roleArn);
    if (expected !== undefined && request.externalId !== expected) throw new Refusal('AccessDenied');
    const key = `ASIA${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`;
    sessions.set(key, request.sessionName);
    const expires = new Date(Date.now() + (lifetimeMs ?? request.durationSeconds * 1_000)).toISOString();
    return (
      `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>` +
      `<AccessKeyId>${key}</AccessKeyId><SecretAccessKey>secret of ${key}</SecretAccessKey>` +
      `<SessionToken>token of ${key}</SessionToken><Expiration>${expires}</Expiration></Credentials></AssumeRoleResult>` +
      `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></AssumeRoleResponse>`
    );
  }

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const trouble = troubles.shift();
    let [status, body] = [200, ''];
    try {
      if (typeof trouble === 'object' && 'delayMs' in trouble) await pause(trouble.delayMs, undefined, { ref: false });
      if (typeof trouble === 'object' && 'refuse' in trouble) {
        status = trouble.status ?? 400;
        throw new Refusal(trouble.refuse);
      }
      body = assume(parse(Buffer.concat(chunks).toString(), incoming.headers.authorization));
    } catch (error) {
      if (status === 200) status = 403;
      const code = error instanceof Refusal ? error.message : 'InternalFailure';
      body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>for ${code}</Message></Error></ErrorResponse>`;
    }
    if (trouble === 'lose') response.destroy();
    else response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });

  return {
    ...(await serveLocally(server)),
    requests,
    sessions,
    troubles,
    externalIds,
    lastFor(ms) {
      lifetimeMs = ms;
    },
  };
}

function parse(body: string, authorization = ''): StsRequest {
  const [, accessKeyId = '', region = ''] = CREDENTIAL.exec(authorization) ?? [];
  if (accessKeyId === '') throw new Refusal('MissingAuthenticationToken');
  const form = new URLSearchParams(body);
  if (form.get('Action') !== 'AssumeRole') throw new Refusal('InvalidAction');
  const request: StsRequest = {
    roleArn: form.get('RoleArn') ?? '',
    sessionName: form.get('RoleSessionName') ?? '',
    externalId: form.get('ExternalId') ?? undefined,
    tags: Object.fromEntries(tagsOf(form)),
    policy: form.get('Policy') ?? undefined,
    durationSeconds: Number(form.get('DurationSeconds')),
    accessKeyId,
    region,
  };
  const { roleArn, sessionName, policy, durationSeconds } = request;
  const isSound =
    ARN.test(roleArn) && SESSION_NAME.test(sessionName) && durationSeconds >= 900 && durationSeconds <= 43_200;
  if (!isSound || (policy?.length ?? 0) > MAX_POLICY) throw new Refusal('ValidationError');
  if (policy !== undefined) JSON.parse(policy);
  return request;
}

function* tagsOf(form: URLSearchParams): Generator<[string, string]> {
  for (let at = 1; form.has(`Tags.member.${at}.Key`); at += 1) {
    yield [form.get(`Tags.member.${at}.Key`) ?? '', form.get(`Tags.member.${at}.Value`) ?? ''];
  }
}
