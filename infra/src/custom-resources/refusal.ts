/** Something that a custom resource does not do. Its message goes to CloudFormation as it is, so it names no secret. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
