import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../../tools/install.ts';
import { installed } from '../installed.ts';
import { answers, freePort, launch, readiness } from '../launch.ts';
import { models } from '../traffic.ts';
import type { Target } from './target.ts';

const VERSION = '1.106.2';

/** Importing its providers alone takes it tens of seconds on a small machine. */
const START_LIMIT_MS = 180_000;

/** Its own script knows the place that the environment was made in, not where it lies. */
const START = 'from litellm import run_server; run_server()';

/** It does not start without one. */
const KEY = `sk-${randomBytes(32).toString('hex')}`;

export const litellm: Target = {
  name: 'litellm',
  about: `\`litellm[proxy]\` ${VERSION}, one worker, no database: one master key, no inspection or record`,
  async start({ upstream, directory }) {
    const home = await install(installed, {
      name: 'litellm',
      commands: [
        ['python3', '-m', 'venv', '.'],
        ['bin/python', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `litellm[proxy]==${VERSION}`],
      ],
    });
    const port = await freePort();
    const configFile = join(directory, 'litellm.json');
    // JSON is YAML, so that a configuration needs no second notation here.
    writeFileSync(configFile, JSON.stringify(toConfig(upstream)));
    const server = launch({
      command: join(home, 'bin/python'),
      args: ['-c', START, '--config', configFile, '--host', '127.0.0.1', '--port', String(port), '--num_workers', '1'],
      logFile: join(directory, 'litellm.log'),
      directory,
      environment: {
        LITELLM_MASTER_KEY: KEY,
        LITELLM_LOG: 'ERROR',
        LITELLM_LOCAL_MODEL_COST_MAP: 'True',
        PATH: withBin(home),
      },
    });
    const origin = `http://127.0.0.1:${port}`;
    await readiness(server, () => answers(`${origin}/health/liveliness`), START_LIMIT_MS);
    return {
      endpoints: [{ origin, headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` } }],
      path: '/v1/chat/completions',
      modelPrefix: '',
      pids: [server.pid],
      eventLoops: [],
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  },
};

function toConfig(upstream: string): object {
  return {
    model_list: models.map((model) => ({
      model_name: model,
      litellm_params: { model: `openai/${model}`, api_base: `${upstream}/v1`, api_key: 'none' },
    })),
    litellm_settings: { telemetry: false, num_retries: 0, set_verbose: false },
    general_settings: { disable_spend_logs: true },
  };
}

function withBin(home: string): string {
  return `${join(home, 'bin')}:${process.env.PATH ?? ''}`;
}
