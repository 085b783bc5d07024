import type { FrontDoor } from '../../config/index.ts';
import { joinRooms } from '../joined-rooms.ts';
import { type Closers, closeAll } from '../open-service.ts';
import { createReception, type Reception } from '../reception.ts';
import { createSecretSources } from '../secret-sources.ts';
import { type IamPrincipals, readIamPrincipals } from './iam-principals.ts';
import { type FunctionOpening, openFunction } from './open-function.ts';

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
export async function openInstance(setup: FunctionOpening, door: FrontDoor): Promise<Instance> {
  const closers: Closers = [];
  try {
    const rooms = await openFunction(setup, closers);
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
