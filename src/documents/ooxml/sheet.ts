import { type Attributes, attributeOf, visitXml } from '../xml.ts';
import { showNumber } from './number-format.ts';
import { createTexts, type TextsOptions } from './texts.ts';
import type { Workbook } from './xlsx.ts';

/** Attributes of rows and cells that are numbers or one of a few words; read as text where they are longer than that. */
const CELL_ATTRIBUTES = new Set(['r', 's', 't', 'cm', 'vm', 'ph', 'spans', 'ht', 'customHeight', 'customFormat']);
const LONGEST_CELL_ATTRIBUTE = 12;

interface Cell {
  type: string;
  style: number;
  value: string;
  formula: string;
}

/** A sheet as text: a row a line, cells set off by tabs, what its formulas say behind their values. */
export function readSheet(xml: Uint8Array, workbook: Workbook, options: TextsOptions): string {
  const { budget, hidden } = options;
  const rows: string[] = [];
  const texts = createTexts(options);
  let row: string[] = [];
  let cell: Cell | undefined;
  let element = '';
  const inline = createTexts(options);

  const endCell = (ended: Cell) => {
    const shown = [inline.take(), showCell(ended, workbook)].filter((text) => text !== '').join(' ');
    const whole = ended.formula === '' ? shown : `${shown} =${ended.formula}`.trimStart();
    budget.write(whole.length + 1);
    row.push(whole);
  };

  visitXml(xml, {
    open(name, attributes) {
      element = name;
      if (name === 'c' && cell === undefined) {
        cell = {
          type: attributeOf(attributes, 't') ?? 'n',
          style: Number(attributeOf(attributes, 's') ?? 0),
          value: '',
          formula: '',
        };
        keepOddAttributes(attributes);
      } else if (name === 'row') keepOddAttributes(attributes);
      else if (cell === undefined || name === 'f') texts.visitor.open(name, attributes);
      else if (name !== 'v') inline.visitor.open(name, attributes);
    },
    text(text) {
      if (cell === undefined) texts.visitor.text(text);
      else if (element === 'v') cell.value += text;
      else if (element === 'f') cell.formula += text;
      else inline.visitor.text(text);
    },
    close(name) {
      element = '';
      if (name === 'c' && cell !== undefined) {
        endCell(cell);
        cell = undefined;
      } else if (name === 'row') {
        rows.push(row.join('\t'));
        row = [];
      } else if (cell === undefined || name === 'f') texts.visitor.close(name);
      else if (name !== 'v') inline.visitor.close(name);
    },
    aside: (text) => texts.visitor.aside(text),
  });

  function keepOddAttributes(attributes: Attributes) {
    for (const key in attributes) {
      const value = attributes[key] ?? '';
      if (!CELL_ATTRIBUTES.has(key) || value.length > LONGEST_CELL_ATTRIBUTE) hidden.addValue(value);
    }
  }
  return [...rows, texts.take()].join('\n').trim();
}

function showCell({ type, style, value }: Cell, { strings, used, formats, date1904 }: Workbook): string {
  if (type === 's') {
    used.add(Number(value));
    return strings[Number(value)] ?? value;
  }
  if (type !== 'n') return value;
  return showNumber(value, formats[style] ?? { kind: 'plain' }, date1904);
}
