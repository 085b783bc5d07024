import type { DynamoDBTableOptions } from '../aws/index.ts';
import type { Config } from '../config/index.ts';
import type { KeyRing } from '../core/index.ts';
import { openDynamoDBState, openState, type State } from '../state/index.ts';
import type { DataDirectory } from './data-directory.ts';
import { opening } from './start-error.ts';

/** Where the state is, as plain data that goes to any thread. */
export type StateSource =
  | { readonly kind: 'file'; readonly file: string }
  | ({ readonly kind: 'dynamodb' } & DynamoDBTableOptions);

interface SetupPlace {
  readonly config: Pick<Config, 'state' | 'fips'>;
  readonly directory: Pick<DataDirectory, 'stateFile'>;
}

/** Where a configuration has the state. */
export function toStateSource({ config, directory }: SetupPlace): StateSource {
  const { state, fips } = config;
  if (state.kind === 'file') return { kind: 'file', file: directory.stateFile };
  const { region, table, endpoint } = state;
  return { kind: 'dynamodb', region, table, fips, ...(endpoint === undefined ? {} : { endpoint }) };
}

/** Opens the state. Rejects with a `StartError` where it cannot be. */
export function openStateSource(source: StateSource, keyRing: KeyRing): Promise<State> {
  if (source.kind === 'file') return opening('the state', () => openState({ file: source.file, keyRing }));
  const { kind: _, ...table } = source;
  return opening('the state', () => openDynamoDBState(table));
}

/** Opens the state that a configuration names: that of the data directory, or that in DynamoDB. */
export function openSetupState({ keyRing, ...setup }: SetupPlace & { readonly keyRing: KeyRing }): Promise<State> {
  return openStateSource(toStateSource(setup), keyRing);
}
