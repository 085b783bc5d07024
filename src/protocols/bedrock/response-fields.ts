/** Where Claude's own answer has its stop sequence, whole and streamed. The AI SDK asks for it with every call. */
export const responseFieldPaths = ['/stop_sequence', '/delta/stop_sequence'] as const;

export type ResponseFieldPath = (typeof responseFieldPaths)[number];

/**
 * The member `additionalModelResponseFields` of an answer, with what was asked for, as JSON text with a comma before it;
 * empty where nothing was.
 */
export function responseFieldsText(paths: readonly ResponseFieldPath[], stopSequence: string | undefined): string {
  if (paths.length === 0) return '';
  const value = stopSequence ?? null;
  const fields = {
    ...(paths.includes('/stop_sequence') ? { stop_sequence: value } : {}),
    ...(paths.includes('/delta/stop_sequence') ? { delta: { stop_sequence: value } } : {}),
  };
  return `,"additionalModelResponseFields":${JSON.stringify(fields)}`;
}
