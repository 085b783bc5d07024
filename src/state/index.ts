export { createLocalKeyRing } from './local-key-ring.ts';
export { createSecretKeyRing } from './secret-key-ring.ts';
export { acquireLock, type Lock } from './lock.ts';
export { openState } from './open-state.ts';
export type { State } from './state.ts';
