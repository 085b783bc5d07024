/** Names of the documents of one request, made fit for Bedrock in the order they are asked for. */
export interface DocumentNames {
  next(name: string | undefined): string;
}

/** Longest name of a `DocumentBlock`, less room for a number behind it. */
const MAX_NAME = 190;

/**
 * Names hold letters, digits, hyphens, parentheses, square brackets and single spaces, and no two in a request are the
 * same (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html). What is not of that alphabet
 * becomes a hyphen; a name that stands already gets a number.
 */
export function createDocumentNames(): DocumentNames {
  const used = new Set<string>();
  return {
    next(name = '') {
      const fit = name
        .replace(/\s+/g, ' ')
        .replace(/[^a-zA-Z0-9 ()[\]-]+/g, '-')
        .slice(0, MAX_NAME)
        .trim();
      const base = /[a-zA-Z0-9]/.test(fit) ? fit : 'document';
      let unique = base;
      for (let count = 2; used.has(unique); count += 1) unique = `${base} (${count})`;
      used.add(unique);
      return unique;
    },
  };
}
