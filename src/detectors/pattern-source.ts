/**
 * A pattern as a tree, of the part of regular expressions whose length is bounded: units, classes, groups, looks to
 * both sides and counted repetition. It matches what `RegExp` says.
 */
export type PatternNode =
  | { readonly kind: 'unit'; readonly source: string }
  | { readonly kind: 'group'; readonly isCaptured: boolean; readonly options: readonly Sequence[] }
  | { readonly kind: 'ahead'; readonly isNegated: boolean; readonly options: readonly Sequence[] }
  | { readonly kind: 'behind'; readonly source: string }
  | {
      readonly kind: 'repeat';
      readonly node: PatternNode;
      readonly least: number;
      readonly most: number;
      readonly isLazy: boolean;
    };

export type Sequence = readonly PatternNode[];

const CLASS = /\[\^?(?:\\.|[^\]\\])*\]/y;
const UNIT = /\\u[0-9A-Fa-f]{4}|\\[^1-9bBkpPcxu]|[^\\()[\]{}|?*+^$]/y;
const GROUP = /\((?:\?(:|=|!|<=|<!))?/y;
const COUNT = /(?:\{([0-9]+)(?:,([0-9]+))?\}|\?)(\??)/y;

/**
 * Reads the source of a pattern. Throws on what has no bound or would not mean the same in a piece of the pattern:
 * `*`, `+`, anchors, `\b`, and references to groups.
 */
export function parsePattern(source: string): readonly Sequence[] {
  let at = 0;

  function take(token: RegExp): RegExpExecArray | undefined {
    token.lastIndex = at;
    const match = token.exec(source);
    if (match === null) return undefined;
    at += match[0].length;
    return match;
  }

  function readOptions(): readonly Sequence[] {
    const options = [readSequence()];
    while (source.charAt(at) === '|') {
      at += 1;
      options.push(readSequence());
    }
    return options;
  }

  function readSequence(): Sequence {
    const nodes: PatternNode[] = [];
    for (let node = readNode(); node !== undefined; node = readNode()) nodes.push(node);
    return nodes;
  }

  function readNode(): PatternNode | undefined {
    const node = readAtom();
    const count = node === undefined ? undefined : take(COUNT);
    if (node === undefined || count === undefined) return node;
    const [whole, least, most = least, lazy] = count;
    const range = whole.startsWith('?') ? { least: 0, most: 1 } : { least: Number(least), most: Number(most) };
    return { kind: 'repeat', node, ...range, isLazy: lazy === '?' };
  }

  function readAtom(): PatternNode | undefined {
    const unit = take(CLASS) ?? take(UNIT);
    if (unit !== undefined) return { kind: 'unit', source: unit[0] };
    const start = at;
    const group = take(GROUP);
    if (group === undefined) return undefined;
    const options = readOptions();
    if (source.charAt(at) !== ')') throw new SyntaxError(`no bounded pattern: \`${source}\` at ${at}`);
    at += 1;
    return toGroup(group[1], options, source.slice(start, at));
  }

  const options = readOptions();
  if (at < source.length) throw new SyntaxError(`no bounded pattern: \`${source}\` at ${at}`);
  return options;
}

function toGroup(sign: string | undefined, options: readonly Sequence[], source: string): PatternNode {
  if (sign === '=' || sign === '!') return { kind: 'ahead', isNegated: sign === '!', options };
  if (sign === '<=' || sign === '<!') return { kind: 'behind', source };
  return { kind: 'group', isCaptured: sign === undefined, options };
}

/** How a pattern is written: as it was read, but for what `write` writes otherwise. */
export function writeOptions(options: readonly Sequence[], write: (node: PatternNode) => string = writeNode): string {
  return options.map((sequence) => sequence.map(write).join('')).join('|');
}

/** The source of a node in which every capturing group has become another kind. */
export function writeNode(node: PatternNode): string {
  return writeWith(node, writeNode, (unit) => unit);
}

/** The source in which a letter stands for its capital too, and its groups capture as they did. */
export function inAnyCase(source: string): string {
  const write = (node: PatternNode): string => {
    if (node.kind === 'group' && node.isCaptured) return `(${writeOptions(node.options, write)})`;
    return writeWith(node, write, toAnyCase);
  };
  return writeOptions(parsePattern(source), write);
}

function writeWith(node: PatternNode, write: (node: PatternNode) => string, unit: (source: string) => string): string {
  switch (node.kind) {
    case 'unit':
      return unit(node.source);
    case 'behind':
      return node.source;
    case 'group':
      return `(?:${writeOptions(node.options, write)})`;
    case 'ahead':
      return `(?${node.isNegated ? '!' : '='}${writeOptions(node.options, write)})`;
    case 'repeat':
      return `${write(node.node)}{${node.least},${node.most}}${node.isLazy ? '?' : ''}`;
    default:
      return node satisfies never;
  }
}

function toAnyCase(unit: string): string {
  if (/^[a-z]$/i.test(unit)) return `[${unit.toLowerCase()}${unit.toUpperCase()}]`;
  const letters = /^\[([a-z]+)\]$/.exec(unit)?.[1];
  return letters === undefined ? unit : `[${letters}${letters.toUpperCase()}]`;
}
