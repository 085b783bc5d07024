import { describe, expect, it } from 'vitest';
import { detectorSuite } from './detector.suite.ts';
import { createStreamScanner, scanText } from './scanner.ts';
import { createWordDetectors } from './word-list.ts';

const TEXTS = [
  'falcon',
  'Project Osprey',
  'C++',
  'Straße',
  'Müller',
  '机密项目',
  'Вокзал',
  'x y z',
  'osprey nest site',
  'x',
];
const words = createWordDetectors(TEXTS.map((text) => ({ text })));
const only = (at: number) => words.filter((_, index) => index === at);
const found = (text: string) =>
  scanText(words, text).map(({ start, end, detector }) => [text.slice(start, end), detector]);

const [falcon, osprey] = words;
if (falcon === undefined || osprey === undefined) throw new Error('two words are listed');

detectorSuite(falcon, {
  finds: [
    '⟦falcon⟧',
    'The ⟦Falcon⟧, the ⟦FALCON⟧ and the falcons’ nest',
    '⟦fal\u200bcon⟧',
    '⟦ｆａｌｃｏｎ⟧',
    '⟦fаlсоn⟧',
    '"⟦falcon⟧"_⟦falcon⟧-⟦falcon⟧',
    '我们的⟦falcon⟧计划',
    '⟦&#102;alcon⟧',
  ],
  passes: ['falcons', 'gyrfalcon', 'falcon9', 'fal con', 'falco', ''],
  hostile: ['f', 'falco', 'falcon', 'falcofalco', 'project ', ' '],
});

detectorSuite(osprey, {
  finds: [
    '⟦project osprey⟧',
    '⟦PROJECT \n\t Osprey⟧ nest',
    `⟦project${' '.repeat(32)}osprey⟧`,
    '⟦project\u00a0osprey⟧',
  ],
  passes: [
    'projectosprey',
    'project ospreys',
    `project${' '.repeat(33)}osprey`,
    'project the osprey',
    'project-osprey',
  ],
  hostile: ['project ', 'project project osprey', ' ', 'x y '],
});

describe('listed words', () => {
  it('are found whatever is in them', () => {
    expect(found('c++ and STRASSE, straße, mueller, muller and MÜLLER')).toEqual([
      ['c++', 'word:2'],
      ['STRASSE', 'word:3'],
      ['straße', 'word:3'],
      ['muller', 'word:4'],
      ['MÜLLER', 'word:4'],
    ]);
    expect(found('这是机密项目的文件')).toEqual([['机密项目', 'word:5']]);
    expect(found('вокзал, Вокзал, ВОКЗАЛ')).toEqual([
      ['вокзал', 'word:6'],
      ['Вокзал', 'word:6'],
      ['ВОКЗАЛ', 'word:6'],
    ]);
  });

  it('are found each where they overlap, and only those that are wanted', () => {
    const [whole] = scanText(words, 'project osprey nest site');
    expect([whole?.detector, whole?.also?.map(({ detector }) => detector)]).toEqual(['word:1', ['word:8']]);
    expect(scanText(only(8), 'project osprey nest site')).toEqual([
      { start: 8, end: 24, type: 'WORD', detector: 'word:8' },
    ]);
    expect(scanText(only(0), 'project osprey')).toEqual([]);
    expect(scanText(only(7), 'x x y x y z')).toEqual([{ start: 6, end: 11, type: 'WORD', detector: 'word:7' }]);
  });

  it('bear a prefix, and may be none', () => {
    expect(createWordDetectors([{ text: 'a' }, { text: ' ' }], 'g:1:').map(({ name }) => name)).toEqual([
      'g:1:word:0',
      'g:1:word:1',
    ]);
    expect(scanText(createWordDetectors([{ text: ' ' }]), ' a ')).toEqual([]);
    expect(createWordDetectors([])).toEqual([]);
  });

  it('hold back no more of a stream than may become one of them', () => {
    const scanner = createStreamScanner(words);
    expect(scanner.push('the project').settled).toBe(4);
    expect(scanner.push('s of the osprey nests ').settled).toBe(33);
  });

  it('are ten thousand as easily as one', () => {
    const syllables = ['ka', 'lo', 'mi', 'ne', 'ru', 'so', 'ta', 've', 'wi', 'zu'];
    const many = Array.from({ length: 10_000 }, (_, at) => ({
      text: `${Array.from(String(at).padStart(4, '0'), (digit) => syllables[Number(digit)]).join('')} under way`,
    }));
    const started = performance.now();
    const detectors = createWordDetectors(many);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(scanText(detectors, 'a KALOMINE  under way').map(({ detector }) => detector)).toEqual(['word:123']);
    expect(scanText(detectors, 'a kalominekalo under way')).toEqual([]);
  });
});
