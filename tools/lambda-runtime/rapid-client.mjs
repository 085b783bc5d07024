// What AWS's runtime client compiles from C++ at its installation, in JavaScript: the three calls of the Lambda Runtime
// API (2018-06-01) that it leaves to its native part. Everything else, streaming included, is AWS's own code.
import { Agent, request } from 'node:http';

const [host, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** The native part returns once its answer is taken; here the next call waits for that. */
let sent = Promise.resolve();

export async function next() {
  await sent;
  const { body, headers } = await call('GET', 'next');
  return { bodyJson: body, headers };
}

export function done(id, body) {
  sent = call('POST', `${id}/response`, { body });
}

export function error(id, body, xrayCause) {
  const headers = { 'lambda-runtime-function-xray-error-cause': xrayCause };
  sent = call('POST', `${id}/error`, { body, headers });
}

function call(method, path, { body = '', headers = {} } = {}) {
  const options = { host, port, agent, method, path: `/2018-06-01/runtime/invocation/${path}` };
  const content = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sending = request({ ...options, headers: { ...content, ...headers } }, async (response) => {
      resolve({ body: Buffer.concat(await Array.fromAsync(response)).toString('utf8'), headers: response.headers });
    });
    sending.on('error', reject).end(body);
  });
}
