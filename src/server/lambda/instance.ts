import type { FrontDoor } from '../../config/index.ts';
import { joinRooms } from '../joined-rooms.ts';
import { type Closers, closeAll, type Opening, openService, takeDataDirectory } from '../open-service.ts';
import { createReception, type Reception } from '../reception.ts';
import { createSecretSources } from '../secret-sources.ts';
import { createSetupAuthorizer } from '../setup.ts';
import { type IamPrincipals, readIamPrincipals } from './iam-principals.ts';

/** What an instance of the function answers with, from one invocation to the next. */
export interface Instance {
  readonly receive: Reception;
  /** Of a door with an IAM authorizer before it. */
  readonly principals?: IamPrincipals;
  /** To be called at the begin of each invocation: between two of them no timer runs. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Opens state, record and providers. Rejects as `startGateway` does, and then has left nothing open. */
export async function openInstance(setup: Omit<Opening, 'authorizer'>, door: FrontDoor): Promise<Instance> {
  const authorizer = createSetupAuthorizer(setup);
  const closers: Closers = [];
  try {
    await takeDataDirectory(setup, closers);
    // An instance is stopped between invocations: what is shared is taken into the log by a function of its own.
    const sequencer = setup.config.state.kind === 'dynamodb' ? ({ sequencer: 'elsewhere' } as const) : {};
    const rooms = await openService({ ...setup, ...sequencer, authorizer }, closers);
    const principals =
      door.kind === 'rest-iam' ? { principals: await readIamPrincipals(door, createSecretSources(setup.config)) } : {};
    const receive = createReception({ ...joinRooms(rooms), loopbackOnly: false, phase: () => 'serving' });
    return { receive, ...principals, refresh: rooms.refresh, close: () => closeAll(closers) };
  } catch (error) {
    // What kept it from opening is worth more than what then did not close.
    await closeAll(closers).catch(() => undefined);
    throw error;
  }
}
