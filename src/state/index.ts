export { openDynamoDBState } from './dynamodb/open-dynamodb-state.ts';
export { type TableDefinition, stateTable } from './dynamodb/state-table.ts';
export { checkDynamoDBTable, createDynamoDBTable } from './dynamodb/table-set-up.ts';
export { createLocalKeyRing } from './local-key-ring.ts';
export { acquireLock, type Lock } from './lock.ts';
export { openState } from './open-state.ts';
export type { State } from './state.ts';
