import type { Target } from './target.ts';

/** The upstream itself. Its CPU time is that of the upstream; every other target's is its own alone. */
export const direct: Target = {
  name: 'direct',
  about: 'the upstream itself: a raw `node:http` server',
  async start({ upstream, upstreamPid }) {
    return {
      endpoints: [{ origin: upstream, headers: { 'content-type': 'application/json' } }],
      path: '/v1/chat/completions',
      modelPrefix: '',
      pids: [upstreamPid],
      eventLoops: [],
      async [Symbol.asyncDispose]() {},
    };
  },
};
