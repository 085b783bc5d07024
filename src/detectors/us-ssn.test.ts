import { detectorSuite } from './detector.suite.ts';
import { usSsn } from './us-ssn.ts';

detectorSuite(usSsn, {
  finds: [
    "Here's my SSN: ⟦536-90-4399⟧.",
    '⟦536 90 4399⟧',
    'ssn ⟦536904399⟧',
    'Social Security number is: ⟦536904399⟧',
    'SSN=⟦536904399⟧, thanks',
    '⟦536–90–4399⟧',
  ],
  passes: [
    '000-12-3456',
    '666-12-3456',
    '900-12-3456',
    '536-00-4399',
    '536-90-0000',
    '536904399',
    'ssn 000904399',
    'ssn 5369043990',
    'ssn 536904399.5',
    '536-90 4399',
    '1536-90-4399',
    '536-90-43991',
    '3.536-90-4399',
    'ssn of nine digits',
  ],
  hostile: ['536-', '536-90-', 'ssn ', 'social security number ', '5'],
});
