/**
 * How much of what a table or a file offers the tests try: samples, or with `TEST_DEPTH=full` as many as are worth an
 * hour.
 */
export function atDepth<Value>({ samples, full }: { readonly samples: Value; readonly full: Value }): Value {
  return process.env['TEST_DEPTH'] === 'full' ? full : samples;
}
