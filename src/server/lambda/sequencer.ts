import { loadFunctionSetup } from './function-setup.ts';
import { createSequencerHandler, type SequencerHandler } from './sequencer-handler.ts';

/** What AWS Lambda calls. */
export const handler: SequencerHandler = createSequencerHandler(await loadFunctionSetup());
