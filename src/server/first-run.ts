import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Clock, type CredentialStore, type KeyRing, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { createAccessKey, createApiKey } from '../identity/index.ts';
import { type DataDirectory, replaceFile } from './data-directory.ts';

const demoCredentials = z.object({ apiKey: z.string(), accessKeyId: z.string(), secretAccessKey: z.string() });
const demoFile = z.object({ tenant: z.string(), principals: z.record(z.string(), demoCredentials) });

export type DemoCredentials = z.infer<typeof demoCredentials>;

/** What `demo.json` holds: all that is needed to call the demo. */
export interface Demo {
  readonly endpoint: string;
  readonly adminEndpoint: string;
  readonly region: string;
  readonly tenant: string;
  readonly models: readonly string[];
  /** Absent where the configuration has none. */
  readonly guardrail?: { readonly id: string; readonly version: string };
  readonly principals: Readonly<Record<string, DemoCredentials>>;
}

export interface DemoOptions {
  readonly credentials: CredentialStore;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  readonly environment: string;
}

/** One credential of each kind for every principal; those of an earlier start are kept while the store knows them. */
export async function prepareDemoCredentials(
  directory: DataDirectory,
  subject: { readonly tenant: string; readonly principals: readonly string[] },
  options: DemoOptions,
): Promise<Demo['principals']> {
  const earlier = await readDemoPrincipals(directory);
  const known = new Set(
    (await options.credentials.list()).filter((one) => one.revokedAt === undefined).map(({ id }) => id),
  );
  const result: Record<string, DemoCredentials> = {};
  for (const principal of subject.principals) {
    const kept = earlier[principal];
    const isKnown = kept !== undefined && known.has(kept.accessKeyId) && known.has(kept.apiKey.split('_')[2] ?? '');
    result[principal] = isKnown ? kept : await createCredentials({ tenant: subject.tenant, principal }, options);
  }
  return result;
}

async function createCredentials(
  subject: { readonly tenant: string; readonly principal: string },
  { credentials, keyRing, clock, environment }: DemoOptions,
): Promise<DemoCredentials> {
  const owner = { tenant: parseTenantId(subject.tenant), principal: parsePrincipalId(subject.principal) };
  const key = createApiKey({ ...owner, environment }, { keyRing, clock });
  const access = createAccessKey(owner, { keyRing, clock });
  await credentials.create(key.credential);
  await credentials.create(access.credential);
  return { apiKey: key.apiKey, accessKeyId: access.accessKeyId, secretAccessKey: access.secretAccessKey };
}

async function readDemoPrincipals({
  demoFile: file,
}: DataDirectory): Promise<Readonly<Record<string, DemoCredentials>>> {
  try {
    return demoFile.parse(JSON.parse(await readFile(file, 'utf8'))).principals;
  } catch {
    // Absent or damaged: new credentials are made, and the file is written anew.
    return {};
  }
}

export async function writeDemo({ demoFile: file }: DataDirectory, demo: Demo): Promise<void> {
  await replaceFile(file, `${JSON.stringify(demo, null, 2)}\n`, 0o600);
}
