import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoConfigText } from '../../src/config/index.ts';
import { type Authenticator, parsePrincipalId, parseTenantId, type RequestHead } from '../../src/core/index.ts';
import { createApiKey, createAuthenticator } from '../../src/identity/index.ts';
import { type Administration, openAdministration } from '../../src/server/index.ts';
import { temporaryDirectory } from '../gateway/process.ts';

const ROUNDS = 400;
const owner = { tenant: parseTenantId('demo'), principal: parsePrincipalId('developer'), environment: 'demo' };

let administration: Administration;
let authenticator: Authenticator;
let apiKey = '';
beforeAll(async () => {
  const dataDirectory = temporaryDirectory();
  const configFile = join(dataDirectory, 'sallyport.yaml');
  writeFileSync(configFile, demoConfigText);
  administration = await openAdministration({ dataDirectory, configFile, absent: 'made' });
  const created = createApiKey(owner, administration);
  apiKey = created.apiKey;
  await administration.credentials.create(created.credential);
  authenticator = createAuthenticator({ ...administration, service: 'bedrock', region: 'us-east-1' });
});
afterAll(() => administration[Symbol.asyncDispose]());

/** Milliseconds until a key is refused, from a source that has not failed before: one that has is slowed. */
async function timeOf(key: string, source: string): Promise<number> {
  const headers = [['authorization', `Bearer ${key}`]] as const;
  const head: RequestHead = { method: 'GET', path: '/openai/v1/models', query: '', headers, source };
  const before = performance.now();
  await expect(authenticator.begin(head)).rejects.toMatchObject({ code: 'unauthenticated' });
  return performance.now() - before;
}

const median = (times: readonly number[]) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

/** Another letter in the place of the one at `at`. */
function withChanged(text: string, at: number): string {
  const place = at < 0 ? text.length + at : at;
  return `${text.slice(0, place)}${text[place] === 'a' ? 'b' : 'a'}${text.slice(place + 1)}`;
}

describe('the time a refusal takes', () => {
  // How much work is done is counted beside the code; this is for what a count does not see. The bounds are wide: the
  // machine is shared, and an early return would be off by far more.
  it('does not tell whether an id exists, nor how much of a secret is right', async () => {
    const secretAt = apiKey.lastIndexOf('_') + 1;
    const kinds = {
      unknownId: withChanged(apiKey, secretAt - 2),
      wrongFromTheFirst: withChanged(apiKey, secretAt),
      wrongAtTheLast: withChanged(apiKey, -1),
    };
    const times: Record<keyof typeof kinds, number[]> = { unknownId: [], wrongFromTheFirst: [], wrongAtTheLast: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of ['unknownId', 'wrongFromTheFirst', 'wrongAtTheLast'] as const) {
        times[name].push(await timeOf(kinds[name], `${name}-${round}`));
      }
    }
    const [first = 0, second = 0, third = 0] = Object.values(times).map(median);
    expect(Math.max(first, second, third) / Math.min(first, second, third)).toBeLessThan(2);
  });
});
