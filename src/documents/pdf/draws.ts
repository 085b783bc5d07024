import { DocumentRefused } from '../refusal.ts';
import { entriesOf, isKind, nameOf, type PdfObject, type PdfStream, type Resolve } from './objects.ts';
import { latin1 } from './parser.ts';

/** Times that forms are drawn on one page, those within others counted each time. A full map comes to some thousands. */
const MOST_DRAWS = 20_000;
const DRAW = /\/([^\0\s()<>[\]{}/%]+)\s+Do(?![^\0\s()<>[\]{}/%])/g;

interface Drawing {
  readonly content: Uint8Array;
  readonly resources: PdfObject;
}

export interface DrawsOptions {
  readonly resolve: Resolve;
  readonly contentOf: (stream: PdfStream) => Uint8Array;
}

/**
 * Refuses drawings that draw forms that draw forms, until a page of a few hundred bytes takes hours: each is as short as
 * any other, and only their product tells.
 */
export function createDrawsCheck({ resolve, contentOf }: DrawsOptions): (drawing: Drawing) => void {
  const known = new Map<PdfObject, number>();

  const drawsOf = ({ content, resources }: Drawing): number => {
    const objects = entriesOf(resolve(entriesOf(resources).get('XObject')));
    let draws = 0;
    for (const [, name = ''] of objects.size > 0 ? latin1(content).matchAll(DRAW) : []) {
      const form = resolve(objects.get(name));
      if (!isKind(form, 'stream') || nameOf(resolve(form.entries.get('Subtype'))) !== 'Form') continue;
      let within = known.get(form);
      if (within === undefined) {
        // A form that draws itself is left to the library, which does not follow it.
        known.set(form, 0);
        within = drawsOf({ content: contentOf(form), resources: resolve(form.entries.get('Resources') ?? resources) });
        known.set(form, within);
      }
      draws += 1 + within;
      if (draws > MOST_DRAWS) throw new DocumentRefused('expands');
    }
    return draws;
  };
  return (drawing) => void drawsOf(drawing);
}
