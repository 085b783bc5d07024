export { detectStage } from './detect-stage.ts';
export { guardInputStage } from './guard-input-stage.ts';
export type { Mask } from './held-text.ts';
export { createOutputGuard, type OutputGuardOptions } from './output-guard.ts';
