export { createLocalKeyRing } from './local-key-ring.ts';
export { acquireLock, type Lock } from './lock.ts';
export { openState, type State, type StateOptions } from './open-state.ts';
