import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../config/index.ts';
import { openAdministration } from './administration.ts';
import { configFile, NOVA, removeTemporaryDirectories, send, start, temporaryDirectory } from './gateway.suite.ts';
import { StartError } from './start-error.ts';

const SECRET = 'q7Zr0nT4vXw1yB8cD5eF2gH9iJ6kL3mN-oP_aQsRtUu';
const OTHER = `${SECRET}-another`;
const ROOT = 'keys: { root: { env: SP_TEST_ROOT } }';

afterEach(() => vi.unstubAllEnvs());
afterAll(removeTemporaryDirectories);

async function filesUnder(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('the key ring of a secret', () => {
  it('serves a gateway, its sequencing thread and the commands beside it, and leaves nothing on the disk', async () => {
    vi.stubEnv('SP_TEST_ROOT', SECRET);
    const dataDirectory = temporaryDirectory();
    const given = { configFile: configFile(ROOT), dataDirectory };
    let requestId = '';
    {
      await using started = await start(given);
      const { apiKey } = started.keys();
      const { status, headers } = await send(started.gateway.endpoint, {
        path: `/model/${encodeURIComponent(NOVA)}/converse`,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: { messages: [{ role: 'user', content: [{ text: 'hello' }] }] },
      });
      expect(status).toBe(200);
      requestId = String(headers['x-sallyport-request-id']);
    }
    {
      await using administration = await openAdministration(given);
      const found = await administration.audit.find(requestId as never);
      expect(found.length).toBeGreaterThan(0);
    }
    const files = await filesUnder(dataDirectory);
    expect(files.length).toBeGreaterThan(2);
    expect(existsSync(join(dataDirectory, 'keys/root.key'))).toBe(false);
    for (const file of files) expect((await readFile(file)).includes(SECRET), file).toBe(false);
    vi.stubEnv('SP_TEST_ROOT', OTHER);
    await expect(start(given)).rejects.toThrow(StartError);
  });

  it('is refused beside a key file, whose keys are others', async () => {
    vi.stubEnv('SP_TEST_ROOT', SECRET);
    const dataDirectory = temporaryDirectory();
    await (await start({ configFile: configFile(), dataDirectory })).gateway.close();
    await expect(start({ configFile: configFile(ROOT), dataDirectory })).rejects.toThrow(/is there: .*`keys\.root`/);
  });

  it('is refused where the secret is weak or missing, and is not repeated', async () => {
    vi.stubEnv('SP_TEST_ROOT', 'hunter2');
    const weak = start({ configFile: configFile(ROOT) });
    await expect(weak).rejects.toThrow(
      /the key ring of `keys\.root` cannot be opened: .*at least 43 random characters/,
    );
    await expect(weak).rejects.not.toThrow(/hunter2/);
    vi.stubEnv('SP_TEST_ROOT', undefined);
    await expect(start({ configFile: configFile(ROOT) })).rejects.toThrow(ConfigError);
  });

  it('has no passphrase', async () => {
    const both = configFile('keys: { root: { env: A }, passphrase: { env: B } }');
    await expect(start({ configFile: both })).rejects.toThrow(/`keys\.passphrase`: with `keys\.root`/);
  });
});
