export { Guardrail, type GuardrailProps } from './guardrail.ts';
export { GuardrailFileError } from './guardrail-file.ts';
export { InvocationLogging, type InvocationLoggingProps } from './invocation-logging.ts';
