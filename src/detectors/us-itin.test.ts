import { detectorSuite } from './detector.suite.ts';
import { usItin } from './us-itin.ts';

detectorSuite(usItin, {
  finds: [
    '⟦912-70-1234⟧ 01.84.17.61.18',
    '⟦912-70-1234⟧',
    'it is ⟦912 88 1234⟧.',
    'ITIN ⟦912701234⟧',
    'individual taxpayer identification number: ⟦912-50-1234⟧',
    '"itin": "⟦900991234⟧"',
  ],
  passes: [
    '912-49-1234',
    '912-66-1234',
    '912-89-1234',
    '912-93-1234',
    '812-70-1234',
    '912701234',
    '912-70 1234',
    '1912-70-1234',
    '912-70-12345',
    '44-912-70-1234',
    'ITIN {US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER} 912701234',
  ],
  hostile: ['912-', '912-70-', 'ITIN ', 'taxpayer identification ', '9'],
});
