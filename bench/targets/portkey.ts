import { join } from 'node:path';
import { install } from '../../tools/install.ts';
import { installed } from '../installed.ts';
import { answers, freePort, launchNode, readiness } from '../launch.ts';
import type { Target } from './target.ts';

const VERSION = '1.15.2';

/** Newer releases of these, which a plain installation takes, break its streams. */
const PINNED = ['@hono/node-server@1.13.5', 'hono@4.9.7', '@hono/node-ws@1.2.0'];

export const portkey: Target = {
  name: 'portkey',
  about: `\`@portkey-ai/gateway\` ${VERSION} without guardrails: no authentication, inspection or record`,
  async start({ upstream, directory }) {
    const packages = [`@portkey-ai/gateway@${VERSION}`, ...PINNED];
    const flags = ['--prefix', '.', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
    const home = await install(installed, { name: 'portkey', commands: [['npm', 'install', ...flags, ...packages]] });
    const port = await freePort();
    const server = launchNode({
      args: [join(home, 'node_modules/@portkey-ai/gateway/build/start-server.js'), `--port=${port}`, '--headless'],
      logFile: join(directory, 'portkey.log'),
    });
    const origin = `http://127.0.0.1:${port}`;
    await readiness(server, () => answers(origin));
    return {
      endpoints: [
        {
          origin,
          headers: {
            'content-type': 'application/json',
            authorization: 'Bearer none',
            'x-portkey-provider': 'openai',
            'x-portkey-custom-host': `${upstream}/v1`,
          },
        },
      ],
      path: '/v1/chat/completions',
      modelPrefix: '',
      pids: [server.pid],
      eventLoops: [server.eventLoop],
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};
