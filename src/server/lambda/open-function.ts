import { type Closers, type Opening, type OpenService, openService, takeDataDirectory } from '../open-service.ts';
import { createSetupAuthorizer } from '../setup.ts';

/** What a function is opened on. */
export type FunctionOpening = Omit<Opening, 'authorizer' | 'sequencer'>;

/** Opens what answering takes, for an instance of a function. What closes it goes on `closers`, as `openService` has it. */
export async function openFunction(setup: FunctionOpening, closers: Closers): Promise<OpenService> {
  const authorizer = createSetupAuthorizer(setup);
  await takeDataDirectory(setup, closers);
  // An instance is stopped between invocations: what is shared is taken into the log by a function of its own.
  const sequencer = setup.config.state.kind === 'dynamodb' ? ({ sequencer: 'elsewhere' } as const) : {};
  return openService({ ...setup, ...sequencer, authorizer }, closers);
}
