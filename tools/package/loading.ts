import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { demoConfigText } from '../../src/config/index.ts';

/** The runtime gives these to a handler before it loads it. */
export const RUNTIME_GLOBALS = `globalThis.awslambda = {
  streamifyResponse: (handler) => handler,
  HttpResponseStream: { from: (stream) => stream },
};`;

/** A configuration as a function has it: nothing is on a local disk. Nothing is called while it is only loaded. */
export const FUNCTION_CONFIG = `${demoConfigText}
state: { kind: dynamodb, region: us-east-1, table: state, journalTable: journal }
audit: { store: { kind: s3, bucket: acme-log, region: us-east-1 } }
keys: { root: { env: SALLYPORT_ROOT_KEY } }
frontDoor: { kind: rest }
workflow:
  bucket: acme-workflow
  region: us-east-1
  stateMachines:
    - { arn: "arn:aws:states:us-east-1:111122223333:stateMachine:demo", tenant: demo, principal: developer }
`;

/**
 * Loads each handler from an unpacked bundle, in a process of its own with nothing else to find packages in. Rejects
 * with what the first that cannot be loaded says.
 */
export async function loadHandlers(directory: string, handlers: readonly string[]): Promise<void> {
  for (let parent = dirname(directory); parent !== dirname(parent); parent = dirname(parent)) {
    // What is missing from the bundle would be found there.
    if (existsSync(join(parent, 'node_modules'))) throw new Error(`there is a node_modules in ${parent}`);
  }
  const configFile = `${directory}.yaml`;
  writeFileSync(configFile, FUNCTION_CONFIG);
  const environment = {
    NODE_ENV: 'production',
    LAMBDA_TASK_ROOT: directory,
    SALLYPORT_CONFIG: configFile,
    SALLYPORT_ROOT_KEY: Buffer.alloc(32).toString('base64url'),
  };
  for (const handler of handlers) {
    const [, module = '', name = ''] = /^(.*)\.(\w+)$/.exec(handler) ?? [];
    const code = `${RUNTIME_GLOBALS}
      const module = await import(${JSON.stringify(join(directory, `${module}.js`))});
      if (typeof module[${JSON.stringify(name)}] !== 'function') throw new Error('no such export');
      process.exit(0);`;
    try {
      await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code], {
        cwd: directory,
        env: environment,
      });
    } catch (cause) {
      throw new Error(`the handler \`${handler}\` cannot be loaded from the bundle`, { cause });
    }
  }
  rmSync(configFile);
}
