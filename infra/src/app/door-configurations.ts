import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderConfig, writeRenderedConfig } from './rendered-config.ts';

/** The configuration of the function behind the API for callers who sign, beside that of the other. */
export const IAM_CONFIGURATION = 'sallyport-iam.yaml';

interface Doors {
  /** Where both go, with the policy files that they name. */
  readonly directory: string;
  readonly hasIam: boolean;
}

/** Writes a configuration as the functions behind REST APIs read it. Throws as {@link renderConfig}. */
export function renderDoors(path: string, { directory, hasIam }: Doors): void {
  writeRenderedConfig({ path, door: 'rest' }, directory);
  if (!hasIam) return;
  const [configuration] = renderConfig({ path, door: 'rest-iam' });
  writeFileSync(join(directory, IAM_CONFIGURATION), configuration?.text ?? '');
}
