import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoConfigText } from '../config/index.ts';
import { parsePrincipalId, parseTenantId } from '../core/index.ts';
import { createAccessKey, createApiKey } from '../identity/index.ts';
import { openAdministration } from './administration.ts';
import type { Demo, DemoCredentials } from './first-run.ts';
import { type Gateway, type GatewayOptions, startGateway } from './gateway.ts';

export const NOVA = 'amazon.nova-lite-v1:0';
export const EMBED = 'amazon.titan-embed-text-v2:0';

const directories: string[] = [];

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-server-'));
  directories.push(directory);
  return directory;
}

export function removeTemporaryDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** The demo's configuration in a file, with what is added at its end. */
export function configFile(more = '', directory = temporaryDirectory()): string {
  const file = join(directory, 'sallyport.yaml');
  writeFileSync(file, `${demoConfigText}\n${more}`);
  return file;
}

export interface Started extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly dataDirectory: string;
  /** Credentials of a principal of the demo. */
  readonly keys: (principal?: string) => DemoCredentials;
  /** The log's lines so far, parsed. */
  readonly log: () => readonly Readonly<Record<string, unknown>>[];
  /** Resolves to the first log line that holds all of `fields`. */
  readonly logged: (fields: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>;
}

/** A gateway in this process, on ports the system chooses. */
export async function start(options: GatewayOptions = {}): Promise<Started> {
  const dataDirectory = options.dataDirectory ?? temporaryDirectory();
  const logDestination = join(temporaryDirectory(), 'log');
  const given = { ...options, dataDirectory };
  const gateway = await startGateway({ port: 0, adminPort: 0, logDestination, ...given });
  const principals: Demo['principals'] = gateway.demo?.principals ?? (await createPrincipals(given));
  const log = () =>
    readFileSync(logDestination, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return {
    gateway,
    dataDirectory,
    log,
    keys(principal = 'developer') {
      const keys = principals[principal];
      if (keys === undefined) throw new Error(`no principal ${principal}`);
      return keys;
    },
    async logged(fields) {
      for (let tries = 0; tries < 3_000; tries += 1) {
        const line = log().find((one) => Object.entries(fields).every(([name, value]) => one[name] === value));
        if (line !== undefined) return line;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`no log line with ${JSON.stringify(fields)}: ${JSON.stringify(log().slice(-3))}`);
    },
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

/** What `key create` does, beside a gateway that runs on a configuration of its own. */
async function createPrincipals(options: GatewayOptions) {
  await using administration = await openAdministration({ ...options, absent: 'made' });
  const owner = { tenant: parseTenantId('demo'), principal: parsePrincipalId('developer') };
  const { credential, apiKey } = createApiKey({ ...owner, environment: 'demo' }, administration);
  const access = createAccessKey(owner, administration);
  await administration.credentials.create(credential);
  await administration.credentials.create(access.credential);
  const { accessKeyId, secretAccessKey } = access;
  return { developer: { apiKey, accessKeyId, secretAccessKey } };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object goes as JSON. */
  readonly body?: object | string;
}

/** Sends one request on a connection of its own. */
export function send(endpoint: string, { method, path, headers = {}, body }: Sent): Promise<Answer> {
  const { hostname, port } = new URL(endpoint);
  const bytes = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, agent: false, method: method ?? (body === undefined ? 'GET' : 'POST') };
    const sent = httpRequest({ ...options, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}
