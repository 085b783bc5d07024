import { Tokenizer } from 'htmlparser2';

/** Elements that stand in the line of the text around them. A tag of any other ends the line. */
const INLINE = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rb rp rt ruby s samp small ' +
    'span strike strong sub sup time tt u var wbr'
  ).split(' '),
);
const CELLS = new Set(['td', 'th']);
const NOT_SHOWN = new Set(['script', 'style', 'template', 'noscript', 'title', 'head']);
/** Attributes that only address or style elements; their values are kept where they are longer than a word. */
const MARKS = new Set(['class', 'id', 'rel', 'type', 'lang', 'dir', 'align', 'valign', 'width', 'height', 'border']);
const MARK = /^[A-Za-z0-9%_ -]{0,24}$/;
/** What could be part of a number or a key. */
const TELLING = /(?:[0-9].*){4}|(?:[A-Z].*){2}/;

/**
 * The texts of an HTML document: first what a reader sees, with tags taken out and character references decoded, so that a
 * value is whole that markup divides; then one by one what hides: comments, declarations, scripts, styles and attributes.
 *
 * Takes time linear in the document. What styles hide counts as seen.
 */
export function htmlTexts(html: string): readonly string[] {
  const hidden = new Set<string>();
  let seen = '';
  let hiding = '';
  let raw: string | undefined;
  let name = '';
  let attribute = '';
  let value = '';

  const keep = (text: string) => {
    const trimmed = text.trim();
    if (trimmed !== '') hidden.add(trimmed);
  };
  const addText = (text: string) => {
    if (raw === undefined) seen += text;
    else hiding += text;
  };
  const startTag = () => {
    if (!INLINE.has(name)) addText(CELLS.has(name) ? '\t' : '\n');
    if (NOT_SHOWN.has(name) && name !== 'head') raw ??= name;
  };
  const endHiding = () => {
    keep(hiding);
    hiding = '';
    raw = undefined;
  };

  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: true },
    {
      ontext: (start, end) => addText(html.slice(start, end)),
      ontextentity: (code) => addText(String.fromCodePoint(code)),
      onopentagname(start, end) {
        name = html.slice(start, end).toLowerCase();
      },
      onopentagend: startTag,
      onselfclosingtag: startTag,
      onclosetag(start, end) {
        const closed = html.slice(start, end).toLowerCase();
        if (closed === raw) endHiding();
        else if (!INLINE.has(closed)) addText('\n');
      },
      onattribname(start, end) {
        attribute = html.slice(start, end).toLowerCase();
        value = '';
        if (!/^[a-z:-]{1,24}$/.test(attribute)) keep(attribute);
      },
      onattribdata(start, end) {
        value += html.slice(start, end);
      },
      onattribentity(code) {
        value += String.fromCodePoint(code);
      },
      onattribend() {
        if (!MARKS.has(attribute) || !MARK.test(value) || TELLING.test(value)) keep(value);
      },
      oncomment: (start, end, offset) => keep(html.slice(start, end - offset)),
      oncdata: (start, end, offset) => addText(html.slice(start, end - offset)),
      ondeclaration: (start, end) => keep(html.slice(start, end)),
      onprocessinginstruction: (start, end) => keep(html.slice(start, end)),
      onend: endHiding,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  const lines = seen.split('\n').map((line) => line.trim());
  const shown = lines.filter((line) => line !== '').join('\n');
  return shown === '' ? [...hidden] : [shown, ...hidden];
}
