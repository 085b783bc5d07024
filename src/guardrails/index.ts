export { detectStage } from './detect-stage.ts';
export { guardInputStage } from './guard-input-stage.ts';
export { createOutputGuard } from './output-guard.ts';
