import { join } from 'node:path';
import { launchNode, readiness } from '../launch.ts';
import type { Target } from './target.ts';

/** What any gateway on this stack pays for at least. */
export const floor: Target = {
  name: 'floor',
  about: 'a bare fastify + undici proxy: no authentication, inspection or record',
  async start({ upstream, directory }) {
    const server = launchNode({
      args: [join(import.meta.dirname, 'floor-server.ts'), upstream],
      logFile: join(directory, 'floor.log'),
    });
    const origin = await readiness(server, () => /listening on (\S+)/.exec(server.log())?.[1]);
    return {
      endpoints: [{ origin, headers: { 'content-type': 'application/json' } }],
      path: '/v1/chat/completions',
      modelPrefix: '',
      pids: [server.pid],
      eventLoops: [server.eventLoop],
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};
