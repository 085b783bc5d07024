import { expect, it } from 'vitest';
import { DocumentRefused } from './refusal.ts';
import { visitXml } from './xml.ts';

/** What a visitor comes by, written as one line. */
function walk(xml: string | Uint8Array): string {
  const seen: string[] = [];
  visitXml(typeof xml === 'string' ? Buffer.from(xml) : xml, {
    open: (name, attributes) =>
      seen.push(`<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}=${value}`)}>`),
    text: (text) => seen.push(text),
    close: (name) => seen.push(`</${name}>`),
    aside: (text) => seen.push(`{${text}}`),
  });
  return seen.join('');
}

it.each([
  ['<a/>', '<a></a>'],
  ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<a b="1" c=\'2\' >x</a >\n', '<a b=1, c=2>x</a>'],
  ['<w:a w:b = "1"><w:c/></w:a>', '<a w:b=1><c></c></a>'],
  ['<a>1 &lt;&#65;&#x42;&amp;amp;&quot;&apos;&gt;</a>', `<a>1 <AB&amp;"'></a>`],
  ['<a b="&#10;x\ty"/>', '<a b= x y></a>'],
  ['<a><![CDATA[<b>&amp;]]></a>', '<a><b>&amp;</a>'],
  ['<!--one--><a><!--two-->x<?p i?></a><!--three-->', '{one}<a>{two}x{p i}</a>{three}'],
  ['\ufeff<a>ü</a>', '<a>ü</a>'],
  ['<a>>]]</a>', '<a>>]]</a>'],
])('walks through %s', (xml, expected) => {
  expect(walk(xml)).toBe(expected);
});

it('reads UTF-16 with a mark of its byte order', () => {
  const bytes = Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><a>ü</a>', 'utf16le');
  expect(walk(bytes)).toBe('<a>ü</a>');
  expect(walk(Buffer.from(bytes).swap16())).toBe('<a>ü</a>');
});

it.each([
  '',
  'x',
  '<a>',
  '</a>',
  '<a></b>',
  '<a/><b/>',
  '<a/>x',
  'x<a/>',
  '<a><b></a></b>',
  '<a b="1" b="2"/>',
  '<a b=1/>',
  '<a b/>',
  '<a b="<"/>',
  '<a b="1"c="2"/>',
  '<a',
  '< a/>',
  '<a>&nbsp;</a>',
  '<a>&constructor;</a>',
  '<a>& b</a>',
  '<a>&lt</a>',
  '<a>&#0;</a>',
  '<a>&#xd800;</a>',
  '<a>&#x110000;</a>',
  '<a>&#;</a>',
  '<a>\u0001</a>',
  '<a><!-- </a>',
  '<a><![CDATA[ </a>',
  '<![CDATA[x]]><a/>',
  '<!DOCTYPE a><a/>',
  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  '<a><!ELEMENT b></a>',
])('refuses %j', (xml) => {
  expect(() => walk(xml)).toThrow(DocumentRefused);
});

it('refuses bytes that are not in the encoding, and depth without end', () => {
  expect(() => walk(Buffer.from([0x3c, 0x61, 0x3e, 0xff]))).toThrow(DocumentRefused);
  expect(() => walk('<a>'.repeat(300) + '</a>'.repeat(300))).toThrow('expands');
});

it('takes a declaration of another encoding for text that comes too early', () => {
  expect(() => walk('<?xml version="1.0" encoding="UTF-7"?><a/>')).toThrow(DocumentRefused);
  expect(() => walk('<?xml version="1.1"?><a/>')).toThrow(DocumentRefused);
});

it('takes time linear in the document', () => {
  const long = `<a ${'b '.repeat(200_000)}`;
  const start = performance.now();
  expect(() => walk(long)).toThrow(DocumentRefused);
  expect(() => walk(`<a>${'&'.repeat(200_000)}`)).toThrow(DocumentRefused);
  walk(`<a>${'&amp;'.repeat(200_000)}${' '.repeat(400_000)}</a>`);
  expect(performance.now() - start).toBeLessThan(15_000);
});
