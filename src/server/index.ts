export { type Administration, openAdministration } from './administration.ts';
export { type BodyExport, type BodyReading, ReadingRefusedError } from './body-reading.ts';
export type { Demo } from './first-run.ts';
export { type Gateway, startGateway } from './gateway.ts';
export { openKeyRing } from './key-ring.ts';
export { toRecordPlace } from './record-place.ts';
export { guardrailParts, knownDetectors } from './guarding/guardrail-parts.ts';
export { checkSetup, createSetupAuthorizer, loadSetup, type Setup, type SetupOptions } from './setup.ts';
export { StartError } from './start-error.ts';
