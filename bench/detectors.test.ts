import { expect, it } from 'vitest';
import { createStreamScanner, detectors } from '../src/detectors/index.ts';
import { toReport } from './detectors.ts';
import { inspectedTexts } from './inspected-texts.data.ts';

it.each(inspectedTexts)('measures $name in which there is nothing to find', ({ toText }) => {
  const text = toText(2_048);
  expect(text.length).toBeGreaterThanOrEqual(2_048);
  expect(createStreamScanner(Object.values(detectors)).end(text).spans).toEqual([]);
});

it('says how much more a unit costs in a long text', () => {
  const report = toReport([{ text: 'prose', microsPerKib: [4, 5, 10] }], [{ step: 'begin', micros: 0.5 }]);
  expect(report).toContain('| prose |   4.0 |    5.0 |    10.0 |    2.50 |');
  expect(report).toContain('| begin             |   0.50 |');
});
