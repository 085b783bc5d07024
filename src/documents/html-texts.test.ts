import { describe, expect, it } from 'vitest';
import { htmlTexts } from './html-texts.ts';

describe('what a reader of an HTML document sees', () => {
  it.each([
    ['<p>4111<b></b>1111<!-- x -->1111<wbr>1111</p>', '4111111111111111'],
    ['&#52;111&#x31;111 &amp; &eacute;&nbsp;x', '41111111 & é\u00a0x'],
    ['<h1>a</h1><p>b<br>c</p>d', 'a\nb\nc\nd'],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>', 'a\nb\nc'],
    ['<span style="display:none">hidden</span> shown', 'hidden shown'],
    ['<textarea>a&lt;b</textarea>', 'a<b'],
    ['<svg><![CDATA[c]]><text>t</text></svg>', 'c\nt'],
    ['a < b', 'a < b'],
    ['plain', 'plain'],
  ])('%s', (html, shown) => {
    expect(htmlTexts(html)[0]).toBe(shown);
  });
});

describe('what hides in an HTML document', () => {
  it.each([
    ['<!-- in a comment -->', 'in a comment'],
    ['<!--> in an odd comment', 'in an odd comment'],
    ['<? in an instruction ?>', '? in an instruction ?'],
    ['<!doctype in a declaration>', 'doctype in a declaration'],
    ['<script>in(a, "script")</script>', 'in(a, "script")'],
    ['<style>.in-a { style: sheet }</style>', '.in-a { style: sheet }'],
    ['<title>in the &lt;title&gt;</title>', 'in the <title>'],
    ['<template><p>in a template</p></template>', 'in a template'],
    ['<img alt="in &quot;an&quot; attribute">', 'in "an" attribute'],
    ["<meta content='in another'>", 'in another'],
    ['<a href=https://a.test/?q=1>x</a>', 'https://a.test/?q=1'],
    ['<p id="4111111111111111">', '4111111111111111'],
    ['<noscript><div>1</div><div>4111111111111111</div></noscript>', '1\n\n4111111111111111'],
    ['<p id="4111 1111 1111 1111">', '4111 1111 1111 1111'],
    ['<p lang="536-22-1234">', '536-22-1234'],
    ['<p class="AKIAexample">', 'AKIAexample'],
    ['<p 4111111111111111>', '4111111111111111'],
    ['<input value="in a field"/>', 'in a field'],
    ['<script>without end', 'without end'],
  ])('is given apart: %s', (html, hidden) => {
    expect(htmlTexts(html)).toContain(hidden);
  });

  it('is nothing where there is nothing', () => {
    expect(htmlTexts('<p class="a b" id="c">shown</p>')).toEqual(['shown']);
    expect(htmlTexts('')).toEqual([]);
  });
});

it('takes time linear in the document', () => {
  const start = performance.now();
  for (const part of ['<div>', '</div>', '<a b', '<!--', '&', ' ', '<p a="', '<script>', '<![CDATA['])
    htmlTexts(part.repeat(200_000));
  expect(performance.now() - start).toBeLessThan(60_000);
});
