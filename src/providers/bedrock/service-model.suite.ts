import { hasServiceModel, violations } from '../../../test/vectors/service-model.suite.ts';

export { hasServiceModel };

/**
 * Everything in which the JSON of a body is not of a shape of the service model. Where the model is not at hand nothing
 * is found: the test that says so is skipped.
 */
export function modelFaults(name: string, value: unknown): readonly string[] {
  return hasServiceModel ? violations(name, value) : [];
}
