import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../../tools/install.ts';
import { installed } from '../installed.ts';
import { answers, freePort, launch, readiness } from '../launch.ts';
import type { Target } from './target.ts';

const MODULE = 'github.com/maximhq/bifrost/transports/bifrost-http';
const VERSION = 'v1.6.0';

export const bifrost: Target = {
  name: 'bifrost',
  about: `\`${MODULE}\`: content logging off, no authentication, inspection or record`,
  async start({ upstream, directory }) {
    const home = await install(installed, {
      name: 'bifrost',
      commands: [['go', 'install', `${MODULE}@${VERSION}`]],
      environment: (directory) => ({ GOBIN: directory }),
    });
    const appDirectory = join(directory, 'bifrost');
    mkdirSync(appDirectory);
    writeFileSync(join(appDirectory, 'config.json'), JSON.stringify(toConfig(upstream)));
    const port = await freePort();
    const server = launch({
      command: join(home, 'bifrost-http'),
      args: ['-host', '127.0.0.1', '-port', String(port), '-app-dir', appDirectory, '-log-level', 'error'],
      logFile: join(directory, 'bifrost.log'),
    });
    const origin = `http://127.0.0.1:${port}`;
    await readiness(server, () => answers(`${origin}/health`));
    return {
      endpoints: [{ origin, headers: { 'content-type': 'application/json' } }],
      path: '/v1/chat/completions',
      modelPrefix: 'openai/',
      pids: [server.pid],
      eventLoops: [],
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};

function toConfig(upstream: string): object {
  return {
    client: { enable_logging: false, disable_content_logging: true, drop_excess_requests: false },
    providers: {
      openai: {
        keys: [{ name: 'none', value: 'none', models: ['*'], weight: 1 }],
        network_config: { base_url: upstream, max_retries: 0 },
        concurrency_and_buffer_size: { concurrency: 256, buffer_size: 1_024 },
      },
    },
    config_store: { enabled: false },
    logs_store: { enabled: false },
  };
}
