export { maskStage } from './mask-stage.ts';
export { maskText } from './mask-text.ts';
