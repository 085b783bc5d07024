// The least a proxy can do: fastify takes the body whole, an undici pool hands it on, the answer is piped back.
import { fastify } from 'fastify';
import { Pool } from 'undici';

const [, , upstream = ''] = process.argv;
const pool = new Pool(upstream, { connections: 256, pipelining: 1 });
const app = fastify({ logger: false, bodyLimit: 1_048_576 });

app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post<{ readonly Body: Buffer }>('/v1/chat/completions', async (request, reply) => {
  const { statusCode, headers, body } = await pool.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    body: request.body,
  });
  reply.code(statusCode);
  for (const name of ['content-type', 'content-length']) {
    const value = headers[name];
    if (value !== undefined) reply.header(name, value);
  }
  return reply.send(body);
});

process.stdout.write(`listening on ${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.once('SIGTERM', () => process.exit(0));
