export { createCountGuard } from './count-guard.ts';
export { detectStage } from './detect-stage.ts';
export { guardInputStage } from './guard-input-stage.ts';
export { type CreateOutputGuard, createOutputGuards } from './output-guard.ts';
