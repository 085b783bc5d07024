import type { Problem } from './config-error.ts';
import { findSecrets, isSecretByPlace, secretKind } from './secret-patterns.ts';
import type { YamlDocument } from './yaml-document.ts';

/**
 * Every place where a configuration holds what looks like a secret: in its text, comments included, and in its values
 * as YAML reads them, where an escape could hide one.
 */
export function findLiteralSecrets(text: string, { texts }: Pick<YamlDocument, 'texts'>): readonly Problem[] {
  const inText = findSecrets(text);
  const inValues = texts
    .filter(({ start, end }) => !inText.some(({ offset }) => start <= offset && offset < end))
    .flatMap(({ text: value, keys, start }) => {
      const kind = secretKind(value) ?? (isSecretByPlace(value, keys) ? 'a secret' : undefined);
      return kind === undefined ? [] : [{ kind, offset: start }];
    });
  return [...inText, ...inValues].map(({ kind, offset }) => ({
    offset,
    text: `this looks like ${kind}; name a secret by \`{ env: NAME }\` or \`{ file: PATH }\``,
  }));
}
