import { loadFunctionSetup } from './function-setup.ts';
import { createStepHandlers, type StepHandler } from './step-handlers.ts';

const handlers = createStepHandlers(await loadFunctionSetup());

/** The handlers that AWS Lambda calls, each a function of its own. */
export const sanitise: StepHandler = handlers.sanitise;
export const guard: StepHandler = handlers.guard;
export const record: StepHandler = handlers.record;
export const invoke: StepHandler = handlers.invoke;
export const scan: StepHandler = handlers.scan;
