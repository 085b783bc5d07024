import { toProse } from './prose.ts';

/** A kind of text that inspection passes without a finding. */
export interface InspectedText {
  readonly name: string;
  /** About `length` UTF-16 units of it. */
  readonly toText: (length: number) => string;
}

const CODE = `export function createLane(entries: readonly Entry[]): Lane {
  return { entries, resumes: new Array<number>(entries.length).fill(0) };
}
// the token is kept here
const password = process.env.DB_PASSWORD;
if (x <= 12 && y[3] !== 'a') throw new TypeError(\`no \${name}: \${JSON.stringify(value)}\`);
`;

const JSON_TEXT = JSON.stringify({
  id: 'a81bc81b-dead-4e5d-abff-90865d1e13b1',
  created: 1_718_000_000,
  items: [
    { name: 'widget', price: 12.5, tags: ['a', 'b-c'], note: 'the quick brown fox is here' },
    { name: 'gadget', sku: 'GX-4410-92', count: 33, updated: '2024-05-17T10:22:31Z' },
  ],
});

const DIGITS =
  'Order 20240517 of 14 March: 3 x 12.50, 7 x 99.95, total 737.15; ref 4410-9920-13; lot 77 from 10:15 to 11:45. ';
const CHINESE = '今天天气很好，我们一起去公园散步，然后在湖边的咖啡馆里坐了一会儿。孩子们在草地上玩耍。';
const RUSSIAN = 'Сегодня хорошая погода, и мы пошли гулять в парк, а потом посидели в кафе у озера. ';

export const inspectedTexts: readonly InspectedText[] = [
  { name: 'prose', toText: (length) => toProse(1, length) },
  { name: 'code', toText: repeated(CODE) },
  { name: 'json', toText: repeated(JSON_TEXT) },
  { name: 'digits', toText: repeated(DIGITS) },
  { name: 'chinese', toText: repeated(CHINESE) },
  { name: 'russian', toText: repeated(RUSSIAN) },
];

function repeated(piece: string): (length: number) => string {
  return (length) => piece.repeat(Math.ceil(length / piece.length));
}
